import type { RouteName } from '@granary/contract'
import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight } from '@mantine/spotlight'
import {
  IconBuildingStore,
  IconDeviceDesktop,
  IconKey,
  IconList,
  IconPalette,
  IconPlus,
  IconSearch,
  IconSettings,
  IconUser,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { managesResellers, useSession, whyNotPermitted } from '../access/session.ts'
import { foundClientsQuery } from '../clients/client-queries.ts'
import { customerListQuery } from '../customers/customer-queries.ts'
import { resellerListQuery } from '../resellers/reseller-queries.ts'
import { texts } from '../texts/index.ts'
import { addresses } from './addresses.ts'

interface Found {
  readonly key: string
  readonly label: string
  readonly description?: string
  readonly icon: ReactNode
  readonly href: string
}

const icon = { size: 16, stroke: 1.6 } as const

/** The parts of Settings besides the first, with the route that each reads. */
const settingsPages: readonly (readonly [route: RouteName, name: string, href: string])[] = [
  ['readServerBrand', texts.branding.title, addresses.serverBrand],
  ['readMailSettings', texts.settings.mail, addresses.mailSettings],
  ['readOidcSettings', texts.settings.signIn, addresses.signInSettings],
  ['readAlertSettings', texts.alerts.title, addresses.alertSettings],
  ['readRetention', texts.retention.tab, addresses.retention],
]

/** ⌘K: finds a reseller, a customer, a client, a page or an action from anywhere. */
export function FindAnything() {
  const router = useRouter()
  const [query, setQuery] = useState('')
  const [search] = useDebouncedValue(query.trim(), 150)
  const { groups, isAsking } = useFound(search)
  // What was typed since has not been asked yet.
  const isPending = isAsking || search !== query.trim()
  const placeholder = useSession().server.resellerManagement
    ? texts.find.placeholder
    : texts.find.placeholderOfCustomers
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut={['mod + K']}
      tagsToIgnore={[]}
      scrollable
      maxHeight={440}
      overlayProps={{ blur: 0, backgroundOpacity: 0.4 }}
      attributes={{ content: { 'aria-label': texts.shell.searchHint } }}
    >
      <Spotlight.Search
        placeholder={placeholder}
        aria-label={placeholder}
        leftSection={<IconSearch size={17} stroke={1.6} />}
      />
      <Spotlight.ActionsList>
        {groups.map(
          ([title, found]) =>
            found.length > 0 && (
              <Spotlight.ActionsGroup key={title} label={title}>
                {found.map(({ key, href, ...shown }) => (
                  <Spotlight.Action
                    key={key}
                    label={shown.label}
                    description={shown.description}
                    leftSection={shown.icon}
                    onClick={() => router.history.push(href)}
                  />
                ))}
              </Spotlight.ActionsGroup>
            ),
        )}
        {groups.every(([, found]) => found.length === 0) && (
          <Spotlight.Empty role="status">
            {isPending ? texts.find.looking : texts.find.nothing}
          </Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}

interface FoundGroups {
  readonly groups: readonly (readonly [title: string, found: readonly Found[]])[]
  /** Whether an answer is still to come. */
  readonly isAsking: boolean
}

function useFound(search: string): FoundGroups {
  const session = useSession()
  const isAsked = search !== ''
  const resellers = useQuery({
    ...resellerListQuery({ search, limit: 6 }),
    enabled: isAsked && managesResellers(session),
  })
  const customers = useQuery({ ...customerListQuery({ search, limit: 6 }), enabled: isAsked })
  const clients = useQuery({ ...foundClientsQuery(search, 6), enabled: isAsked })
  const pages = usePages().filter((page) => page.label.toLowerCase().includes(search.toLowerCase()))
  if (!isAsked) return { groups: [[texts.find.pages, pages]], isAsking: false }
  const groups: FoundGroups['groups'] = [
    [
      texts.find.resellers,
      (resellers.data?.items ?? []).map((reseller) => ({
        key: reseller.id,
        label: reseller.name,
        icon: <IconBuildingStore {...icon} />,
        href: addresses.customersOf(reseller.id),
      })),
    ],
    [
      texts.find.customers,
      (customers.data?.items ?? []).map((customer) => ({
        key: customer.id,
        label: customer.name,
        ...(session.server.resellerManagement && { description: texts.find.of(customer.reseller.name) }),
        icon: <IconUser {...icon} />,
        href: addresses.clientsOf(customer.id),
      })),
    ],
    [
      texts.find.clients,
      (clients.data?.items ?? []).map((client) => ({
        key: client.id,
        label: client.clientId,
        description: texts.find.of(client.customer.name),
        icon: <IconDeviceDesktop {...icon} />,
        href: addresses.client(client.id),
      })),
    ],
    [texts.find.pages, pages],
  ]
  return { groups, isAsking: [resellers, customers, clients].some((asked) => asked.isLoading) }
}

function usePages(): Found[] {
  const session = useSession()
  const list = <IconList {...icon} />
  const add = <IconPlus {...icon} />
  const pages: Found[] = [
    { key: 'customers', label: texts.customers.title, icon: list, href: addresses.customers },
  ]
  pages.push({ key: 'waitingRoom', label: texts.waitingRoom.title, icon: list, href: addresses.waitingRoom })
  pages.push({ key: 'space', label: texts.space.title, icon: list, href: addresses.space })
  pages.push({ key: 'licences', label: texts.licences.title, icon: list, href: addresses.licences() })
  if (!whyNotPermitted(session, 'readSettings')) {
    pages.push({ key: 'settings', label: texts.settings.title, icon: list, href: addresses.settings })
  }
  if (managesResellers(session)) {
    pages.push({ key: 'resellers', label: texts.resellers.title, icon: list, href: addresses.resellers })
  }
  if (!whyNotPermitted(session, 'createCustomer')) {
    pages.push({ key: 'addCustomer', label: texts.customers.add, icon: add, href: addresses.addCustomer() })
  }
  if (!whyNotPermitted(session, 'createReseller')) {
    pages.push({ key: 'addReseller', label: texts.resellers.add, icon: add, href: addresses.addReseller })
  }
  pages.push({ key: 'damage', label: texts.damage.title, icon: list, href: addresses.damage() })
  pages.push({ key: 'alerts', label: texts.alerts.title, icon: list, href: addresses.alerts })
  if (!whyNotPermitted(session, 'listAuditEntries')) {
    pages.push({ key: 'audit', label: texts.audit.title, icon: list, href: addresses.audit })
  }
  if (!whyNotPermitted(session, 'listUsers')) {
    pages.push({ key: 'users', label: texts.users.title, icon: list, href: addresses.users })
  }
  pages.push({ key: 'deleted', label: texts.deleted.title, icon: list, href: addresses.deleted() })
  pages.push({ key: 'account', label: texts.account.title, icon: list, href: addresses.account })
  for (const [route, name, href] of settingsPages) {
    if (whyNotPermitted(session, route)) continue
    const label = `${texts.settings.title}: ${name}`
    pages.push({ key: href, label, icon: <IconSettings {...icon} />, href })
  }
  if (session.level === 'reseller' && !whyNotPermitted(session, 'editResellerBrand')) {
    const href = addresses.resellerBrand(session.place.id ?? '')
    pages.push({ key: 'brand', label: texts.branding.title, icon: <IconPalette {...icon} />, href })
  }
  if (!whyNotPermitted(session, 'listApiKeys')) {
    pages.push({
      key: 'apiKeys',
      label: texts.apiKeys.title,
      icon: <IconKey {...icon} />,
      href: addresses.apiKeys,
    })
  }
  return pages
}
