import { ActionIcon, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconLayoutSidebarLeftCollapse, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useSession } from '../../access/session.ts'
import { texts } from '../../texts/index.ts'
import { CustomerNode, ResellerNode, ServerNode, type Standing } from './branches.tsx'
import { FoundNodes } from './found-nodes.tsx'
import styles from './tree.module.css'
import { moveInTree } from './tree-keys.ts'
import { useTreeName } from './tree-name.ts'
import { useTreeState } from './tree-state.ts'
import { useReveal } from './use-reveal.ts'

/** Server, resellers, customers, clients: as much of it as is open, or what matches the filter. */
export function Tree({ onFold }: { onFold?: () => void }) {
  const [state, setState] = useTreeState()
  const [typed, setTyped] = useState('')
  const [filter] = useDebouncedValue(typed.trim(), 180)
  const open = new Set(state.open)
  const revealed = useReveal((ids) =>
    setState((before) => ({ ...before, open: [...new Set([...before.open, ...ids])] })),
  )
  const standing: Standing = {
    ...revealed,
    isOpen: (id) => open.has(id),
    toggle: (id) =>
      setState((before) => ({
        ...before,
        open: before.open.includes(id) ? before.open.filter((each) => each !== id) : [...before.open, id],
      })),
  }
  return (
    <nav className={styles.tree} aria-label={useTreeName()} data-own-keys onKeyDown={moveInTree}>
      <div className={styles.filter}>
        <TextInput
          type="search"
          aria-label={texts.shell.treeFilter}
          placeholder={texts.shell.treeFilter}
          leftSection={<IconSearch size={14} />}
          value={typed}
          maxLength={200}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setTyped('')
          }}
        />
        {onFold && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size={30}
            aria-label={texts.shell.treeFold}
            data-hint={texts.shell.treeFold}
            onClick={onFold}
          >
            <IconLayoutSidebarLeftCollapse size={17} stroke={1.6} />
          </ActionIcon>
        )}
      </div>
      <div className={styles.nodes}>
        {filter === '' ? <Root standing={standing} /> : <FoundNodes filter={filter} here={revealed.here} />}
      </div>
    </nav>
  )
}

/** Nobody sees above their place: the tree begins there. */
function Root({ standing }: { standing: Standing }) {
  const { level, place } = useSession()
  const id = place.id ?? ''
  return (
    <ul>
      {level === 'server' && <ServerNode standing={standing} />}
      {level === 'reseller' && (
        <ResellerNode reseller={{ id, name: place.name }} depth={0} standing={standing} />
      )}
      {level === 'customer' && (
        <CustomerNode customer={{ id, name: place.name }} depth={0} standing={standing} />
      )}
    </ul>
  )
}
