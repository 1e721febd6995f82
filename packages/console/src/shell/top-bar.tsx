import { type Language, languages, type UnitSystem, unitSystems } from '@granary/contract'
import { ActionIcon, Button, Kbd, Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { spotlight } from '@mantine/spotlight'
import {
  IconBell,
  IconBuildingStore,
  IconCheck,
  IconChevronDown,
  IconDeviceDesktop,
  IconDoorEnter,
  IconHistory,
  IconKey,
  IconKeyboard,
  IconLanguage,
  IconLicense,
  IconLogout,
  IconMenu2,
  IconMoon,
  IconPalette,
  IconPlus,
  IconRuler2,
  IconSearch,
  IconServer2,
  IconSettings,
  IconShieldCheck,
  IconSun,
  IconTrash,
  IconUserCircle,
  IconUserShield,
  IconUsers,
} from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { managesResellers, useSession, whyNotPermitted } from '../access/session.ts'
import { signOut } from '../access/sign-out.ts'
import { chooseLanguage } from '../account/own-language.ts'
import { BrandMark } from '../branding/brand-mark.tsx'
import { language, texts } from '../texts/index.ts'
import { chooseUnitSystem, useUnitSystem } from '../units/unit-system.ts'
import { WaitingLink } from '../waiting-room/waiting-link.tsx'
import { addresses } from './addresses.ts'
import { Go } from './go.tsx'
import styles from './shell.module.css'

const icon = { size: 16, stroke: 1.6 } as const
/** Where the tree is a drawer, too: see shell.module.css. */
const narrow = '(max-width: 56em)'
const isMac = navigator.platform.startsWith('Mac')

export function TopBar(props: { onMenu: () => void; onShortcuts: () => void }) {
  const session = useSession()
  const isNarrow = useMediaQuery(narrow, undefined, { getInitialValueInEffect: false })
  const mayReadSettings = whyNotPermitted(session, 'readSettings') === null
  return (
    <header className={styles.bar}>
      <ActionIcon
        className={styles.menuButton}
        variant="subtle"
        color="gray"
        size={32}
        aria-label={texts.shell.treeUnfold}
        onClick={props.onMenu}
      >
        <IconMenu2 size={18} />
      </ActionIcon>
      <Go href="/" className={styles.brand}>
        <BrandMark size={22} withName />
      </Go>
      <AdminMenu hasSettings={isNarrow && mayReadSettings} />
      {!isNarrow && mayReadSettings && (
        <Button
          component={Go}
          href={addresses.settings}
          variant="subtle"
          color="gray"
          className={styles.barButton}
        >
          {texts.settings.title}
        </Button>
      )}
      <WaitingLink className={styles.barButton} isShort={isNarrow} />
      <span className={styles.grow} />
      <UnstyledButton
        className={styles.search}
        onClick={() => spotlight.open()}
        aria-keyshortcuts="Control+K Meta+K"
      >
        <IconSearch size={14} />
        <span>{texts.shell.search}</span>
        <Kbd size="xs">{isMac ? '⌘K' : 'Ctrl K'}</Kbd>
      </UnstyledButton>
      <ColourMenu />
      <AccountMenu onShortcuts={props.onShortcuts} />
    </header>
  )
}

/** @param props.hasSettings where the bar has no room for them */
function AdminMenu({ hasSettings }: { hasSettings: boolean }) {
  const session = useSession()
  return (
    <Menu position="bottom-start" width={280}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          rightSection={<IconChevronDown size={13} />}
          className={styles.barButton}
        >
          {session.level === 'server' ? texts.common.serverAdmin : texts.common.administration}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {session.level === 'server' && (
          <Menu.Label>
            {managesResellers(session) ? texts.common.resellerManagement : texts.common.administration}
          </Menu.Label>
        )}
        {managesResellers(session) && (
          <Menu.Item component={Go} href={addresses.resellers} leftSection={<IconBuildingStore {...icon} />}>
            {texts.resellers.title}
          </Menu.Item>
        )}
        <Menu.Item component={Go} href={addresses.customers} leftSection={<IconUsers {...icon} />}>
          {texts.customers.title}
        </Menu.Item>
        <Menu.Item component={Go} href={addresses.waitingRoom} leftSection={<IconDoorEnter {...icon} />}>
          {texts.waitingRoom.title}
        </Menu.Item>
        <Menu.Item component={Go} href={addresses.space} leftSection={<IconServer2 {...icon} />}>
          {texts.space.title}
        </Menu.Item>
        <Menu.Item component={Go} href={addresses.licences()} leftSection={<IconLicense {...icon} />}>
          {texts.licences.title}
        </Menu.Item>
        <Menu.Item component={Go} href={addresses.deleted()} leftSection={<IconTrash {...icon} />}>
          {texts.deleted.title}
        </Menu.Item>
        <Menu.Item component={Go} href={addresses.damage()} leftSection={<IconShieldCheck {...icon} />}>
          {texts.damage.title}
        </Menu.Item>
        <Menu.Item component={Go} href={addresses.alerts} leftSection={<IconBell {...icon} />}>
          {texts.alerts.title}
        </Menu.Item>
        {!whyNotPermitted(session, 'createReseller') && (
          <Menu.Item component={Go} href={addresses.addReseller} leftSection={<IconPlus {...icon} />}>
            {texts.resellers.add}
          </Menu.Item>
        )}
        {!whyNotPermitted(session, 'createCustomer') && (
          <Menu.Item component={Go} href={addresses.addCustomer()} leftSection={<IconPlus {...icon} />}>
            {texts.customers.add}
          </Menu.Item>
        )}
        {session.level === 'reseller' && !whyNotPermitted(session, 'editResellerBrand') && (
          <Menu.Item
            component={Go}
            href={addresses.resellerBrand(session.place.id ?? '')}
            leftSection={<IconPalette {...icon} />}
          >
            {texts.branding.title}
          </Menu.Item>
        )}
        {!whyNotPermitted(session, 'listApiKeys') && (
          <>
            <Menu.Divider />
            <Menu.Item component={Go} href={addresses.users} leftSection={<IconUserShield {...icon} />}>
              {texts.users.title}
            </Menu.Item>
            <Menu.Item component={Go} href={addresses.audit} leftSection={<IconHistory {...icon} />}>
              {texts.audit.title}
            </Menu.Item>
            <Menu.Item component={Go} href={addresses.apiKeys} leftSection={<IconKey {...icon} />}>
              {texts.shell.apiKeys}
            </Menu.Item>
          </>
        )}
        {hasSettings && (
          <Menu.Item component={Go} href={addresses.settings} leftSection={<IconSettings {...icon} />}>
            {texts.settings.title}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

function ColourMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const choices = [
    ['light', texts.shell.light, IconSun],
    ['dark', texts.shell.dark, IconMoon],
    ['auto', texts.shell.auto, IconDeviceDesktop],
  ] as const
  const Current = choices.find(([scheme]) => scheme === colorScheme)?.[2] ?? IconDeviceDesktop
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={32}
          aria-label={texts.shell.colours}
          data-hint={texts.shell.colours}
        >
          <Current {...icon} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map(([scheme, label, Icon]) => (
          <Menu.Item
            key={scheme}
            aria-current={scheme === colorScheme || undefined}
            leftSection={<Icon {...icon} />}
            onClick={() => setColorScheme(scheme)}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function AccountMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const session = useSession()
  const { user, server, place, behind, brand } = session
  const units = useUnitSystem()
  const router = useRouter()
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          className={styles.barButton}
          aria-label={texts.shell.account(user.name)}
          rightSection={<IconChevronDown className={styles.wide} size={13} />}
        >
          <span className={`${styles.userName} ${styles.wide}`}>{user.name}</span>
          <IconUserCircle className={styles.small} size={18} stroke={1.6} aria-hidden />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <div className={styles.identity}>{user.email ?? user.name}</div>
          <div className={styles.identity}>{place.name}</div>
        </Menu.Label>
        <Menu.Divider />
        {!behind && (
          <Menu.Item component={Go} href={addresses.account} leftSection={<IconUserCircle {...icon} />}>
            {texts.account.title}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconKeyboard {...icon} />} onClick={onShortcuts}>
          {texts.shell.shortcuts}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{texts.shell.language}</Menu.Label>
        {(Object.keys(languages) as Language[]).map((each) => (
          <Menu.Item
            key={each}
            aria-current={each === language || undefined}
            lang={each}
            leftSection={each === language ? <IconCheck {...icon} /> : <IconLanguage {...icon} />}
            onClick={() => void chooseLanguage(each, session)}
          >
            {languages[each]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{texts.shell.units}</Menu.Label>
        {(Object.keys(unitSystems) as UnitSystem[]).map((each) => (
          <Menu.Item
            key={each}
            aria-current={each === units || undefined}
            leftSection={each === units ? <IconCheck {...icon} /> : <IconRuler2 {...icon} />}
            onClick={() => chooseUnitSystem(each)}
          >
            {texts.shell.unitSystems[each]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout {...icon} />} onClick={() => void signOut(router)}>
          {texts.shell.signOut}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{texts.shell.version(brand.productName, server.version)}</Menu.Label>
      </Menu.Dropdown>
    </Menu>
  )
}
