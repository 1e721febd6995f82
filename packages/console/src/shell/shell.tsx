import { ActionIcon, Drawer, Kbd, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconLayoutSidebarLeftExpand } from '@tabler/icons-react'
import { Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { ActingAsBanner } from '../access/acting-as-banner.tsx'
import { followLiveUpdates } from '../api/live-updates.ts'
import { useBrand } from '../branding/brand.ts'
import { texts } from '../texts/index.ts'
import { FindAnything } from './find-anything.tsx'
import styles from './shell.module.css'
import { TopBar } from './top-bar.tsx'
import { Resizer } from './tree/resizer.tsx'
import { Tree } from './tree/tree.tsx'
import { useTreeName } from './tree/tree-name.ts'
import { useTreeState } from './tree/tree-state.ts'
import { useKeys } from './use-keys.ts'

/** What stands around every screen: the bar above, the tree on the left. */
export function Shell() {
  const [tree, setTree] = useTreeState()
  const { productName } = useBrand()
  const [drawer, drawerIs] = useDisclosure(false)
  const treeName = useTreeName()
  const [shortcuts, shortcutsAre] = useDisclosure(false)
  const [connected, setConnected] = useState(true)
  const pathname = useRouterState({ select: (state) => state.location.pathname })
  useEffect(() => followLiveUpdates(setConnected), [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawer closes whenever the screen changes
  useEffect(() => drawerIs.close(), [pathname])
  useKeys({ '?': shortcutsAre.open })
  const fold = (folded: boolean) => setTree((before) => ({ ...before, folded }))

  return (
    <div className={styles.shell}>
      <a href="#content" className={styles.skip}>
        {texts.shell.skipToContent}
      </a>
      <ActingAsBanner />
      <TopBar onMenu={drawerIs.open} onShortcuts={shortcutsAre.open} />
      <div className={styles.body}>
        {tree.folded ? (
          <div className={styles.folded}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={30}
              aria-label={texts.shell.treeUnfold}
              data-hint={texts.shell.treeUnfold}
              onClick={() => fold(false)}
            >
              <IconLayoutSidebarLeftExpand size={17} stroke={1.6} />
            </ActionIcon>
          </div>
        ) : (
          <aside className={styles.side} style={{ width: tree.width }} aria-label={treeName}>
            <Tree onFold={() => fold(true)} />
            <Resizer width={tree.width} onWidth={(width) => setTree((before) => ({ ...before, width }))} />
          </aside>
        )}
        <main id="content" className={styles.main} tabIndex={-1}>
          {!connected && (
            <div className={styles.interrupted} role="status">
              {texts.shell.disconnected}
            </div>
          )}
          <Outlet />
        </main>
      </div>
      <Drawer
        opened={drawer}
        onClose={drawerIs.close}
        size={300}
        padding={0}
        title={
          <span className={styles.drawerTitle} dir="auto">
            {productName}
          </span>
        }
      >
        <Tree />
      </Drawer>
      <Shortcuts opened={shortcuts} onClose={shortcutsAre.close} />
      <FindAnything />
    </div>
  )
}

function Shortcuts({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title={texts.shell.shortcuts} size="sm">
      <dl className={styles.shortcuts}>
        {texts.shortcuts.map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
