import { type Level, levels } from '@granary/contract'
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { apiKeyListQuery } from './access/api-key-queries.ts'
import { sessionQuery } from './access/session.ts'
import { accountQuery } from './account/account-queries.ts'
import { followLanguage } from './account/own-language.ts'
import { alertListQuery } from './alerts/alert-queries.ts'
import { alertsAsked, readAlertSearch } from './alerts/alert-search.ts'
import { cache } from './api/cache.ts'
import { auditListQuery } from './audit/audit-queries.ts'
import { auditAsked, readAuditSearch } from './audit/audit-search.ts'
import { brandQuery, brandSettingsQuery } from './branding/brand-queries.ts'
import { clientListQuery, clientQuery } from './clients/client-queries.ts'
import { customerListQuery, customerQuery } from './customers/customer-queries.ts'
import { damageListQuery } from './damage/damage-queries.ts'
import { damageAsked, readDamageSearch } from './damage/damage-search.ts'
import { deletedListQuery } from './deleted/deleted-queries.ts'
import { deletedAsked, readDeletedSearch } from './deleted/deleted-search.ts'
import { licenceAccountQuery } from './licences/licence-queries.ts'
import { readLicenceSearch } from './licences/licence-search.ts'
import { resellerListQuery, resellerQuery } from './resellers/reseller-queries.ts'
import {
  alertSettingsQuery,
  mailSettingsQuery,
  oidcSettingsQuery,
  retentionQuery,
  settingsQuery,
} from './settings/settings-queries.ts'
import { addresses, safeReturn } from './shell/addresses.ts'
import { Crashed, NotFound } from './shell/dead-ends.tsx'
import { Shell } from './shell/shell.tsx'
import { readSpaceSearch } from './space/space-search.ts'
import {
  apiKeysAsked,
  clientsAsked,
  customersAsked,
  resellersAsked,
  usersAsked,
  waitingAsked,
} from './table/asked.ts'
import { readListSearch } from './table/list-search.ts'
import { userListQuery, userQuery } from './users/user-queries.ts'
import { waitingListQuery } from './waiting-room/waiting-queries.ts'

/** Every screen, its address, and what is read for it while the pointer still rests on a link to it. */

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: Crashed })

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

/** Pages before signing in come up under the brand of their host name, and never under another for a moment. */
const readBrand = () => cache.prefetchQuery(brandQuery)

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (raw): { from?: string; ended?: string } => ({
    from: text(raw.from),
    ended: text(raw.ended),
  }),
  beforeLoad: async ({ search }) => {
    if (await cache.ensureQueryData(sessionQuery)) throw redirect({ href: safeReturn(search.from) })
    await readBrand()
  },
  component: lazyRouteComponent(() => import('./access/sign-in-screen.tsx'), 'SignInScreen'),
})

const setUp = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  beforeLoad: readBrand,
  validateSearch: (raw): { token?: string } => ({ token: text(raw.token) }),
  component: lazyRouteComponent(() => import('./access/set-up-screen.tsx'), 'SetUpScreen'),
})

const oidcReturn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/oidc',
  beforeLoad: readBrand,
  component: lazyRouteComponent(() => import('./access/oidc-return-screen.tsx'), 'OidcReturnScreen'),
})
const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: '/forgot-password',
  beforeLoad: readBrand,
  component: lazyRouteComponent(() => import('./access/forgot-password-screen.tsx'), 'ForgotPasswordScreen'),
})
/** Where mails lead that let somebody choose a password. */
const passwordLink = <Path extends string>(path: Path) =>
  createRoute({
    getParentRoute: () => root,
    path,
    beforeLoad: readBrand,
    validateSearch: (raw: Record<string, unknown>): { token?: string } => ({ token: text(raw.token) }),
    component: lazyRouteComponent(() => import('./access/password-link-screen.tsx'), 'PasswordLinkScreen'),
  })
/** Where alerts and summaries lead whoever wants no more of them. */
const unsubscribe = createRoute({
  getParentRoute: () => root,
  path: '/unsubscribe',
  beforeLoad: readBrand,
  validateSearch: (raw): { token?: string } => ({ token: text(raw.token) }),
  component: lazyRouteComponent(() => import('./access/unsubscribe-screen.tsx'), 'UnsubscribeScreen'),
})
const welcome = passwordLink('/welcome')
const newPassword = passwordLink('/new-password')

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ location }) => {
    const session = await cache.ensureQueryData(sessionQuery)
    if (session) {
      // Nothing is shown in one language to be loaded anew in another.
      if (followLanguage(session)) await new Promise(() => undefined)
      return
    }
    throw redirect({ href: `/sign-in?from=${encodeURIComponent(location.pathname + location.searchStr)}` })
  },
})

const start = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: async () => {
    const session = await cache.ensureQueryData(sessionQuery)
    const { level, place } = session ?? {}
    if (level === 'customer' && place?.id) throw redirect({ href: addresses.clientsOf(place.id) })
    throw redirect({ href: addresses.customers })
  },
})

/** Screens of resellers are there only while somebody manages them. */
const withResellers = async () => {
  const session = await cache.ensureQueryData(sessionQuery)
  if (session && !session.server.resellerManagement) throw notFound()
}

const resellers = createRoute({
  getParentRoute: () => shell,
  path: '/resellers',
  beforeLoad: withResellers,
  validateSearch: readListSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void cache.prefetchQuery(resellerListQuery(resellersAsked(deps))),
  component: lazyRouteComponent(() => import('./resellers/resellers-screen.tsx'), 'ResellersScreen'),
})
const addReseller = createRoute({
  getParentRoute: () => shell,
  path: '/resellers/new',
  beforeLoad: withResellers,
  component: lazyRouteComponent(() => import('./resellers/reseller-form.tsx'), 'AddResellerScreen'),
})
const readReseller = ({ params }: { params: { resellerId: string } }) =>
  void cache.prefetchQuery(resellerQuery(params.resellerId))
const editReseller = createRoute({
  getParentRoute: () => shell,
  path: '/resellers/$resellerId/edit',
  beforeLoad: withResellers,
  loader: readReseller,
  component: lazyRouteComponent(() => import('./resellers/reseller-form.tsx'), 'EditResellerScreen'),
})
const resellerBrand = createRoute({
  getParentRoute: () => shell,
  path: '/resellers/$resellerId/branding',
  beforeLoad: withResellers,
  loader: ({ params }) => {
    readReseller({ params })
    void cache.prefetchQuery(brandSettingsQuery(params.resellerId))
  },
  component: lazyRouteComponent(() => import('./branding/brand-screens.tsx'), 'ResellerBrandScreen'),
})
const deleteReseller = createRoute({
  getParentRoute: () => shell,
  path: '/resellers/$resellerId/delete',
  beforeLoad: withResellers,
  loader: readReseller,
  component: lazyRouteComponent(() => import('./deletion/delete-screens.tsx'), 'DeleteResellerScreen'),
})
const customersOfReseller = createRoute({
  getParentRoute: () => shell,
  path: '/resellers/$resellerId/customers',
  beforeLoad: withResellers,
  validateSearch: readListSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ params, deps }) => {
    readReseller({ params })
    void cache.prefetchQuery(customerListQuery(customersAsked(deps, params.resellerId)))
  },
  component: lazyRouteComponent(
    () => import('./customers/customers-screen.tsx'),
    'CustomersOfResellerScreen',
  ),
})

const customers = createRoute({
  getParentRoute: () => shell,
  path: '/customers',
  validateSearch: readListSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void cache.prefetchQuery(customerListQuery(customersAsked(deps, undefined))),
  component: lazyRouteComponent(() => import('./customers/customers-screen.tsx'), 'CustomersScreen'),
})
const addCustomer = createRoute({
  getParentRoute: () => shell,
  path: '/customers/new',
  validateSearch: (raw): { reseller?: string } => ({ reseller: text(raw.reseller) }),
  component: lazyRouteComponent(() => import('./customers/customer-form.tsx'), 'AddCustomerScreen'),
})
const readCustomer = ({ params }: { params: { customerId: string } }) =>
  void cache.prefetchQuery(customerQuery(params.customerId))
const editCustomer = createRoute({
  getParentRoute: () => shell,
  path: '/customers/$customerId/edit',
  loader: readCustomer,
  component: lazyRouteComponent(() => import('./customers/customer-form.tsx'), 'EditCustomerScreen'),
})
const deleteCustomer = createRoute({
  getParentRoute: () => shell,
  path: '/customers/$customerId/delete',
  loader: readCustomer,
  component: lazyRouteComponent(() => import('./deletion/delete-screens.tsx'), 'DeleteCustomerScreen'),
})

const clients = createRoute({
  getParentRoute: () => shell,
  path: '/customers/$customerId/clients',
  validateSearch: readListSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ params, deps }) => {
    readCustomer({ params })
    void cache.prefetchQuery(clientListQuery(params.customerId, clientsAsked(deps)))
  },
  component: lazyRouteComponent(() => import('./clients/clients-screen.tsx'), 'ClientsScreen'),
})
const addClient = createRoute({
  getParentRoute: () => shell,
  path: '/customers/$customerId/clients/new',
  loader: readCustomer,
  component: lazyRouteComponent(() => import('./clients/client-form.tsx'), 'AddClientScreen'),
})
const readClient = ({ params }: { params: { clientId: string } }) =>
  void cache.prefetchQuery(clientQuery(params.clientId))
const client = createRoute({
  getParentRoute: () => shell,
  path: '/clients/$clientId',
  validateSearch: readListSearch,
  loader: readClient,
  component: lazyRouteComponent(() => import('./clients/client-screen.tsx'), 'ClientScreen'),
})
const editClient = createRoute({
  getParentRoute: () => shell,
  path: '/clients/$clientId/edit',
  loader: readClient,
  component: lazyRouteComponent(() => import('./clients/client-form.tsx'), 'EditClientScreen'),
})
const deleteClient = createRoute({
  getParentRoute: () => shell,
  path: '/clients/$clientId/delete',
  loader: readClient,
  component: lazyRouteComponent(() => import('./deletion/delete-screens.tsx'), 'DeleteClientScreen'),
})

const waitingRoom = createRoute({
  getParentRoute: () => shell,
  path: '/waiting-room',
  validateSearch: readListSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void cache.prefetchQuery(waitingListQuery(waitingAsked(deps, undefined))),
  component: lazyRouteComponent(() => import('./waiting-room/waiting-room-screen.tsx'), 'WaitingRoomScreen'),
})
const waitingRoomOfCustomer = createRoute({
  getParentRoute: () => shell,
  path: '/customers/$customerId/waiting-room',
  validateSearch: readListSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ params, deps }) => {
    readCustomer({ params })
    void cache.prefetchQuery(waitingListQuery(waitingAsked(deps, params.customerId)))
  },
  component: lazyRouteComponent(
    () => import('./waiting-room/waiting-room-screen.tsx'),
    'WaitingRoomOfCustomerScreen',
  ),
})

const users = createRoute({
  getParentRoute: () => shell,
  path: '/users',
  validateSearch: readListSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void cache.prefetchQuery(userListQuery(usersAsked(deps, undefined))),
  component: lazyRouteComponent(() => import('./users/users-screen.tsx'), 'UsersScreen'),
})
const usersOfReseller = createRoute({
  getParentRoute: () => shell,
  path: '/resellers/$resellerId/users',
  beforeLoad: withResellers,
  validateSearch: readListSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ params, deps }) => {
    readReseller({ params })
    void cache.prefetchQuery(userListQuery(usersAsked(deps, params.resellerId)))
  },
  component: lazyRouteComponent(() => import('./users/users-screen.tsx'), 'UsersOfResellerScreen'),
})
const usersOfCustomer = createRoute({
  getParentRoute: () => shell,
  path: '/customers/$customerId/users',
  validateSearch: readListSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ params, deps }) => {
    readCustomer({ params })
    void cache.prefetchQuery(userListQuery(usersAsked(deps, params.customerId)))
  },
  component: lazyRouteComponent(() => import('./users/users-screen.tsx'), 'UsersOfCustomerScreen'),
})
const inviteUser = createRoute({
  getParentRoute: () => shell,
  path: '/users/new',
  validateSearch: (raw): { level?: Level; place?: string } => ({
    level: levels.find((level) => level === raw.level),
    place: text(raw.place),
  }),
  component: lazyRouteComponent(() => import('./users/user-form.tsx'), 'InviteUserScreen'),
})
const editUser = createRoute({
  getParentRoute: () => shell,
  path: '/users/$userId/edit',
  loader: ({ params }) => void cache.prefetchQuery(userQuery(params.userId)),
  component: lazyRouteComponent(() => import('./users/user-form.tsx'), 'EditUserScreen'),
})

const account = createRoute({
  getParentRoute: () => shell,
  path: '/account',
  loader: () => void cache.prefetchQuery(accountQuery),
  component: lazyRouteComponent(() => import('./account/account-screen.tsx'), 'AccountScreen'),
})
const signInSettings = createRoute({
  getParentRoute: () => shell,
  path: '/settings/sign-in',
  loader: () => void cache.prefetchQuery(oidcSettingsQuery),
  component: lazyRouteComponent(
    () => import('./settings/sign-in-settings-screen.tsx'),
    'SignInSettingsScreen',
  ),
})
const deleted = createRoute({
  getParentRoute: () => shell,
  path: '/deleted',
  validateSearch: readDeletedSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void cache.prefetchQuery(deletedListQuery(deletedAsked(deps))),
  component: lazyRouteComponent(() => import('./deleted/deleted-screen.tsx'), 'DeletedScreen'),
})
const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit-log',
  validateSearch: readAuditSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void cache.prefetchQuery(auditListQuery(auditAsked(deps))),
  component: lazyRouteComponent(() => import('./audit/audit-screen.tsx'), 'AuditScreen'),
})
const damage = createRoute({
  getParentRoute: () => shell,
  path: '/damage',
  validateSearch: readDamageSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void cache.prefetchQuery(damageListQuery(damageAsked(deps))),
  component: lazyRouteComponent(() => import('./damage/damage-screen.tsx'), 'DamageScreen'),
})
const alerts = createRoute({
  getParentRoute: () => shell,
  path: '/alerts',
  validateSearch: readAlertSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void cache.prefetchQuery(alertListQuery(alertsAsked(deps))),
  component: lazyRouteComponent(() => import('./alerts/alerts-screen.tsx'), 'AlertsScreen'),
})
const alertSettings = createRoute({
  getParentRoute: () => shell,
  path: '/settings/alerts',
  loader: () => void cache.prefetchQuery(alertSettingsQuery),
  component: lazyRouteComponent(() => import('./settings/alert-settings-screen.tsx'), 'AlertSettingsScreen'),
})
const retention = createRoute({
  getParentRoute: () => shell,
  path: '/settings/logs',
  loader: () => void cache.prefetchQuery(retentionQuery),
  component: lazyRouteComponent(() => import('./settings/retention-screen.tsx'), 'RetentionScreen'),
})
const serverBrand = createRoute({
  getParentRoute: () => shell,
  path: '/settings/branding',
  loader: () => void cache.prefetchQuery(brandSettingsQuery(undefined)),
  component: lazyRouteComponent(() => import('./branding/brand-screens.tsx'), 'ServerBrandScreen'),
})
const mailSettings = createRoute({
  getParentRoute: () => shell,
  path: '/settings/mail',
  loader: () => void cache.prefetchQuery(mailSettingsQuery),
  component: lazyRouteComponent(() => import('./settings/mail-settings-screen.tsx'), 'MailSettingsScreen'),
})
const licences = createRoute({
  getParentRoute: () => shell,
  path: '/licences',
  validateSearch: readLicenceSearch,
  loaderDeps: ({ search: { reseller, customer } }) => ({
    ...(reseller && { reseller }),
    ...(customer && { customer }),
  }),
  loader: ({ deps }) => void cache.prefetchQuery(licenceAccountQuery(deps)),
  component: lazyRouteComponent(() => import('./licences/licence-screen.tsx'), 'LicenceScreen'),
})
const space = createRoute({
  getParentRoute: () => shell,
  path: '/space',
  validateSearch: readSpaceSearch,
  component: lazyRouteComponent(() => import('./space/space-screen.tsx'), 'SpaceScreen'),
})
const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  loader: () => void cache.prefetchQuery(settingsQuery),
  component: lazyRouteComponent(() => import('./settings/settings-screen.tsx'), 'SettingsScreen'),
})

const apiKeys = createRoute({
  getParentRoute: () => shell,
  path: '/api-keys',
  validateSearch: readListSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void cache.prefetchQuery(apiKeyListQuery(apiKeysAsked(deps))),
  component: lazyRouteComponent(() => import('./access/api-keys-screen.tsx'), 'ApiKeysScreen'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    setUp,
    oidcReturn,
    forgotPassword,
    welcome,
    newPassword,
    unsubscribe,
    shell.addChildren([
      start,
      resellers,
      addReseller,
      editReseller,
      resellerBrand,
      deleteReseller,
      customersOfReseller,
      customers,
      addCustomer,
      editCustomer,
      deleteCustomer,
      clients,
      addClient,
      client,
      editClient,
      deleteClient,
      waitingRoom,
      waitingRoomOfCustomer,
      licences,
      space,
      settings,
      apiKeys,
      users,
      usersOfReseller,
      usersOfCustomer,
      inviteUser,
      editUser,
      serverBrand,
      mailSettings,
      signInSettings,
      account,
      audit,
      alerts,
      damage,
      alertSettings,
      retention,
      deleted,
    ]),
  ]),
  defaultPreload: 'intent',
  // What is chosen, asked or typed on the screen of one customer is nothing to that of another.
  defaultRemountDeps: ({ params }) => params,
  // What is fresh is the cache's to say.
  defaultPreloadStaleTime: 0,
  defaultErrorComponent: Crashed,
  // Values stay the texts they are in the address: a name made of digits is no number.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const kept = Object.entries(search).filter(([, value]) => value !== undefined)
    const query = new URLSearchParams(kept.map(([key, value]) => [key, String(value)])).toString()
    return query === '' ? '' : `?${query}`
  },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
