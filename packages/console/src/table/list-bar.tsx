import { ActionIcon, Button, Checkbox, Kbd, NativeSelect, Popover, Stack, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconColumns3, IconDownload, IconSearch, IconX } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { tellRefusal } from '../shell/tell.tsx'
import { useKeys } from '../shell/use-keys.ts'
import { texts } from '../texts/index.ts'
import type { Column, ColumnChoice } from './columns.ts'
import type { ListNavigation } from './list-search.ts'
import styles from './table.module.css'

/** Above a list: its filter, what else narrows it, how many there are, its columns and its export. */
export function ListBar<Row>(props: {
  readonly what: string
  /** None where the list is too short to be filtered. */
  readonly navigation?: ListNavigation
  readonly narrowing?: ReactNode
  /** What its rows' states are filtered by; active or deactivated where nothing is said, null where they have none. */
  readonly states?: readonly (readonly [value: string, label: string])[] | null
  readonly amount?: string | undefined
  readonly columns: readonly Column<Row>[]
  readonly choice: ColumnChoice<Row>
  readonly onExport: (progress: (done: number, total: number) => void) => Promise<void>
}) {
  return (
    <search className={styles.bar} aria-label={texts.table.filterPlaceholder(props.what)}>
      {props.navigation && <FilterInput what={props.what} navigation={props.navigation} />}
      {props.navigation && props.states !== null && (
        <StateFilter navigation={props.navigation} states={props.states ?? tenantStateFilter} />
      )}
      {props.narrowing}
      <span className={styles.grow} />
      <span className={styles.amount} aria-live="polite">
        {props.amount}
      </span>
      <ColumnChooser columns={props.columns} choice={props.choice} />
      <ExportButton onExport={props.onExport} />
    </search>
  )
}

/** Asks the server while one types, once the typing pauses. */
const typingPauseMs = 180

function FilterInput({ what, navigation }: { what: string; navigation: ListNavigation }) {
  const input = useRef<HTMLInputElement>(null)
  const asked = navigation.asked.search ?? ''
  const [typed, setTyped] = useState(asked)
  const ask = useDebouncedCallback(
    (search: string) => navigation.change({ search: search || undefined }),
    typingPauseMs,
  )
  // Back, forward and links change the address from outside.
  useEffect(() => {
    if (document.activeElement !== input.current) setTyped(asked)
  }, [asked])
  useKeys({
    '/': (event) => {
      event.preventDefault()
      input.current?.select()
    },
  })
  const type = (text: string) => {
    setTyped(text)
    ask(text)
  }
  return (
    <TextInput
      ref={input}
      type="search"
      className={styles.filter}
      aria-label={texts.table.filterPlaceholder(what)}
      placeholder={texts.table.filterPlaceholder(what)}
      leftSection={<IconSearch size={14} />}
      rightSection={typed === '' && <Kbd size="xs">/</Kbd>}
      value={typed}
      maxLength={200}
      onChange={(event) => type(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        if (typed === '') event.currentTarget.blur()
        else type('')
      }}
    />
  )
}

const tenantStateFilter = [
  ['', `${texts.table.state}: ${texts.table.all}`],
  ['active', texts.common.active],
  ['deactivated', texts.common.deactivated],
] as const

function StateFilter(props: {
  navigation: ListNavigation
  states: readonly (readonly [value: string, label: string])[]
}) {
  const { navigation, states } = props
  return (
    <NativeSelect
      aria-label={texts.table.state}
      value={navigation.asked.state ?? ''}
      data={states.map(([value, label]) => ({ value, label }))}
      onChange={(event) => navigation.change({ state: event.currentTarget.value || undefined })}
    />
  )
}

function ColumnChooser<Row>({
  columns,
  choice,
}: {
  columns: readonly Column<Row>[]
  choice: ColumnChoice<Row>
}) {
  return (
    <Popover position="bottom-end" trapFocus>
      <Popover.Target>
        <ActionIcon
          variant="default"
          size={30}
          aria-label={texts.table.chooseColumns}
          data-hint={texts.table.chooseColumns}
        >
          <IconColumns3 size={16} stroke={1.75} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={texts.table.chooseColumns}>
        <Stack gap={8}>
          {columns
            .filter((column) => !column.fixed)
            .map((column) => (
              <Checkbox
                key={column.key}
                label={column.title}
                checked={choice.isShown(column.key)}
                onChange={() => choice.toggle(column.key)}
              />
            ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

function ExportButton(props: {
  readonly onExport: (progress: (done: number, total: number) => void) => Promise<void>
}) {
  const [progress, setProgress] = useState<string | null>(null)
  const run = async () => {
    try {
      await props.onExport((done, total) => setProgress(texts.table.exporting(done, total)))
    } catch (failure) {
      tellRefusal(failure)
    }
    setProgress(null)
  }
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={14} />}
      data-hint={texts.table.exportHint}
      disabled={progress !== null}
      onClick={() => void run()}
    >
      {progress ?? texts.table.exportCsv}
    </Button>
  )
}

/** In place of the bar while rows are selected: what can be done with all of them. */
export function SelectionBar(props: {
  readonly amount: number
  readonly onClear: () => void
  readonly children: ReactNode
}) {
  return (
    <div className={styles.bar} role="toolbar" aria-label={texts.table.selected(props.amount)}>
      <strong>{texts.table.selected(props.amount)}</strong>
      {props.children}
      <Button variant="subtle" color="gray" leftSection={<IconX size={14} />} onClick={props.onClear}>
        {texts.table.clearSelection}
      </Button>
    </div>
  )
}
