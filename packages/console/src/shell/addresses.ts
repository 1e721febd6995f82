/** Where each screen is. */
export const addresses = {
  customers: '/customers',
  resellers: '/resellers',
  apiKeys: '/api-keys',
  users: '/users',
  usersOfReseller: (id: string) => `/resellers/${id}/users`,
  usersOfCustomer: (id: string) => `/customers/${id}/users`,
  inviteUser: (at?: { readonly level: string; readonly id: string }) =>
    at ? `/users/new?level=${at.level}&place=${encodeURIComponent(at.id)}` : '/users/new',
  editUser: (id: string) => `/users/${id}/edit`,
  mailSettings: '/settings/mail',
  signInSettings: '/settings/sign-in',
  account: '/account',
  alerts: '/alerts',
  damage: (asked: { client?: string } = {}) =>
    asked.client === undefined ? '/damage' : `/damage?client=${encodeURIComponent(asked.client)}`,
  alertSettings: '/settings/alerts',
  retention: '/settings/logs',
  serverBrand: '/settings/branding',
  resellerBrand: (id: string) => `/resellers/${id}/branding`,
  audit: '/audit-log',
  waitingRoom: '/waiting-room',
  licences: (asked: { tab?: string; reseller?: string; customer?: string } = {}) => {
    const query = new URLSearchParams(asked).toString()
    return query === '' ? '/licences' : `/licences?${query}`
  },
  deleted: (asked: { reseller?: string; customer?: string; client?: string } = {}) => {
    const query = new URLSearchParams(asked).toString()
    return query === '' ? '/deleted' : `/deleted?${query}`
  },
  settings: '/settings',
  space: '/space',
  waitingRoomOf: (customerId: string) => `/customers/${customerId}/waiting-room`,
  addReseller: '/resellers/new',
  editReseller: (id: string) => `/resellers/${id}/edit`,
  deleteReseller: (id: string) => `/resellers/${id}/delete`,
  customersOf: (resellerId: string) => `/resellers/${resellerId}/customers`,
  addCustomer: (resellerId?: string) =>
    resellerId ? `/customers/new?reseller=${encodeURIComponent(resellerId)}` : '/customers/new',
  editCustomer: (id: string) => `/customers/${id}/edit`,
  deleteCustomer: (id: string) => `/customers/${id}/delete`,
  clientsOf: (customerId: string) => `/customers/${customerId}/clients`,
  addClient: (customerId: string) => `/customers/${customerId}/clients/new`,
  client: (id: string) => `/clients/${id}`,
  editClient: (id: string) => `/clients/${id}/edit`,
  deleteClient: (id: string) => `/clients/${id}/delete`,
} as const

/** Keeps a way back inside this console: anything that is not a path here becomes the start page. */
export function safeReturn(from: unknown): string {
  if (typeof from !== 'string' || !from.startsWith('/')) return '/'
  const target = new URL(from, window.location.origin)
  if (target.origin !== window.location.origin || target.pathname.startsWith('//')) return '/'
  return target.pathname + target.search
}
