import type { AuditEntry, AuditVerdict, List } from '@granary/contract'
import { Alert, Button, NativeSelect } from '@mantine/core'
import { IconFileCode, IconHistory, IconShieldCheck, IconShieldX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useSession, whyNotPermitted } from '../access/session.ts'
import { call } from '../api/call.ts'
import { usePathTo } from '../shell/path.ts'
import { Screen } from '../shell/screen.tsx'
import { Empty, Trouble } from '../shell/states.tsx'
import { tellRefusal } from '../shell/tell.tsx'
import { useColumnChoice } from '../table/columns.ts'
import { download, exportList } from '../table/export-list.ts'
import { ListBar } from '../table/list-bar.tsx'
import { NoRows } from '../table/list-places.tsx'
import { useListSearch } from '../table/list-search.ts'
import { Pager } from '../table/pager.tsx'
import { RecordTable } from '../table/record-table.tsx'
import { language, said, texts } from '../texts/index.ts'
import { auditColumns } from './audit-columns.tsx'
import { auditListQuery } from './audit-queries.ts'
import { type AuditSearch, auditAsked, periods } from './audit-search.ts'
import { eventTexts } from './event-texts.ts'

/** Every change, who made it and from where. */
export function AuditScreen() {
  const session = useSession()
  const [verdict, setVerdict] = useState<AuditVerdict | null>(null)
  const [running, setRunning] = useState(false)
  const verify = async () => {
    setRunning(true)
    try {
      setVerdict(await call('verifyAuditLog', {}))
    } catch (failure) {
      tellRefusal(failure)
    }
    setRunning(false)
  }
  return (
    <Screen
      shape="list"
      path={usePathTo(undefined).slice(0, 1)}
      title={texts.audit.title}
      actions={
        !whyNotPermitted(session, 'verifyAuditLog') && (
          <Button
            variant="default"
            leftSection={<IconShieldCheck size={14} />}
            loading={running}
            onClick={() => void verify()}
          >
            {texts.audit.verify}
          </Button>
        )
      }
    >
      {verdict && <Verdict verdict={verdict} onClose={() => setVerdict(null)} />}
      <Entries />
    </Screen>
  )
}

function Verdict({ verdict, onClose }: { verdict: AuditVerdict; onClose: () => void }) {
  const { intact, entries, prunedEntries, brokenAt, reason } = verdict
  return (
    <Alert
      color={intact ? 'accent' : 'red'}
      role={intact ? 'status' : 'alert'}
      icon={intact ? <IconShieldCheck size={18} /> : <IconShieldX size={18} />}
      title={intact ? texts.audit.intact(entries) : texts.audit.broken(brokenAt)}
      withCloseButton
      closeButtonLabel={texts.common.close}
      onClose={onClose}
    >
      {intact ? texts.audit.intactText : reason && said(reason)}
      {intact && prunedEntries > 0 && <p>{texts.audit.pruned(prunedEntries)}</p>}
    </Alert>
  )
}

function Entries() {
  const navigation = useListSearch()
  const search = useSearch({ strict: false }) as AuditSearch
  const query = auditAsked(search)
  const list = useQuery(auditListQuery(query))
  const columns = auditColumns()
  const choice = useColumnChoice('audit', columns)
  const read = (page: { cursor?: string; limit: number }) =>
    call('listAuditEntries', { query: { ...query, cursor: undefined, ...page } })
  if (list.isLoadingError) return <Trouble failure={list.error} onRetry={() => void list.refetch()} />
  return (
    <>
      <ListBar
        what={texts.audit.what}
        navigation={navigation}
        states={null}
        narrowing={
          <>
            <Narrowing />
            <ExportLines read={read} />
          </>
        }
        amount={list.data && texts.audit.amount(list.data.total)}
        columns={columns}
        choice={choice}
        onExport={(onProgress) => exportList({ fileName: 'audit-log.csv', columns, read, onProgress })}
      />
      <RecordTable
        label={texts.audit.title}
        columns={choice.shown}
        rows={list.data?.items}
        sort={search.sort ?? '-at'}
        onSort={(sort) => navigation.change({ sort })}
        nameOf={(row) => `${row.event} ${row.target.name}`}
        empty={
          <NoRows navigation={navigation}>
            <Empty icon={IconHistory} title={texts.audit.emptyTitle} text={texts.audit.emptyText} />
          </NoRows>
        }
        pager={<Pager navigation={navigation} list={list} />}
      />
    </>
  )
}

const subjects = Object.entries(eventTexts[language].subjects).toSorted(([, a], [, b]) => a.localeCompare(b))

function Narrowing() {
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as AuditSearch
  const narrow = (change: Partial<AuditSearch>) =>
    void navigate({ to: '.', search: { ...search, cursor: undefined, page: undefined, ...change } as never })
  return (
    <>
      <NativeSelect
        aria-label={texts.audit.event}
        value={search.event ?? ''}
        data={[
          { value: '', label: texts.audit.allEvents },
          ...subjects.map(([subject, label]) => ({ value: `${subject}.`, label })),
        ]}
        onChange={(event) =>
          narrow({ event: event.currentTarget.value || undefined } as Partial<AuditSearch>)
        }
      />
      <NativeSelect
        aria-label={texts.audit.period}
        value={search.period ?? ''}
        data={[
          { value: '', label: texts.audit.allTimes },
          ...(Object.keys(periods) as (keyof typeof periods)[]).map((period) => ({
            value: period,
            label: texts.audit.periods[period],
          })),
        ]}
        onChange={(event) =>
          narrow({ period: event.currentTarget.value || undefined } as Partial<AuditSearch>)
        }
      />
    </>
  )
}

/** The whole of it, one entry a line, for programs that look for something. */
function ExportLines(props: {
  readonly read: (page: { cursor?: string; limit: number }) => Promise<List<AuditEntry>>
}) {
  const [running, setRunning] = useState(false)
  const save = async () => {
    setRunning(true)
    try {
      const lines: string[] = []
      let cursor: string | undefined
      do {
        const page: List<AuditEntry> = await props.read({ limit: 500, ...(cursor && { cursor }) })
        lines.push(...page.items.map((entry) => `${JSON.stringify(entry)}\n`))
        cursor = page.nextCursor ?? undefined
      } while (cursor)
      download('audit-log.jsonl', new Blob(lines, { type: 'application/jsonl' }))
    } catch (failure) {
      tellRefusal(failure)
    }
    setRunning(false)
  }
  return (
    <Button
      variant="default"
      leftSection={<IconFileCode size={14} />}
      loading={running}
      onClick={() => void save()}
    >
      {texts.audit.exportLines}
    </Button>
  )
}
