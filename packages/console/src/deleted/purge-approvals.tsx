import type { Deletion } from '@granary/contract'
import { Button } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSession, whyNotPermitted } from '../access/session.ts'
import { call } from '../api/call.ts'
import { Moment } from '../shell/moment.tsx'
import { once } from '../shell/once.ts'
import { tell, tellRefusal } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'
import { Size } from '../units/size.tsx'
import { readDeletedAgain } from './deleted-queries.ts'
import { Purge } from './purge.tsx'
import styles from './undeletions.module.css'

const shownPurges = 50

const waitingQuery = queryOptions({
  queryKey: ['deleted', 'purges waiting'],
  queryFn: ({ signal }) =>
    call('listDeletions', { query: { purge: 'waiting', limit: shownPurges, sort: 'askedAt' } }, signal),
})

/** What somebody asked to remove for good, and a second person has to agree to. */
export function PurgeApprovals() {
  const mayNot = whyNotPermitted(useSession(), 'purgeDeletion')
  const waiting = useQuery({ ...waitingQuery, enabled: mayNot === null })
  const [agreeing, setAgreeing] = useState<Deletion | null>(null)
  const [refusing, setRefusing] = useState<string | null>(null)
  const refuse = async ({ id, name }: Deletion) => {
    setRefusing(id)
    try {
      await call('refusePurge', { params: { id } })
      tell(texts.deleted.purgeRefused(name))
    } catch (failure) {
      tellRefusal(failure)
    }
    readDeletedAgain()
    setRefusing(null)
  }
  if (!waiting.data || waiting.data.total === 0) return null
  return (
    <section
      className={`${styles.row} ${styles.waiting}`}
      aria-label={texts.deleted.purgesWaiting(waiting.data.total)}
    >
      <strong>{texts.deleted.purgesWaiting(waiting.data.total)}</strong>
      <ul className={styles.versions}>
        {waiting.data.items.map((deletion) => (
          <li key={deletion.id}>
            <span>
              <strong dir="auto">{deletion.name}</strong>, <Size bytes={deletion.bytes} />:{' '}
              {deletion.purge && texts.deleted.purgeAskedBy(deletion.purge.askedBy, deletion.purge.reason)}{' '}
              {deletion.purge && <Moment at={deletion.purge.askedAt} />}
            </span>
            <Button variant="default" size="compact-xs" onClick={() => setAgreeing(deletion)}>
              {texts.deleted.agree}
            </Button>
            <Button
              variant="default"
              size="compact-xs"
              loading={refusing === deletion.id}
              onClick={once(() => void refuse(deletion))}
            >
              {texts.deleted.refuse}
            </Button>
          </li>
        ))}
      </ul>
      <Purge deletion={agreeing} onClose={() => setAgreeing(null)} />
    </section>
  )
}
