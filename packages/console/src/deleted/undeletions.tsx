import { type Undeletion, undeletionSteps } from '@granary/contract'
import { Alert, CloseButton, Progress } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { call } from '../api/call.ts'
import { formatCount, formatDuration, formatExactTime } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'
import { useFormatBytes } from '../units/unit-system.ts'
import { readDeletedAgain } from './deleted-queries.ts'
import styles from './undeletions.module.css'

const shownUndeletions = 20
/** One that has ended stays so long, or until it is closed. */
const endedShownMs = 10 * 60_000
const pollMs = 1000
const restingPollMs = 15_000

const undeletionsQuery = (clientId: string | undefined) =>
  queryOptions({
    queryKey: ['deleted', 'undeletions', clientId],
    queryFn: ({ signal }) =>
      call('listUndeletions', { query: { limit: shownUndeletions, client: clientId } }, signal),
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ finishedAt }) => finishedAt === null) ? pollMs : restingPollMs,
  })

/** What is on its way back, or came back a moment ago: how far it is, and how it ended. Read from the server, so it is there after a reload as well. */
export function Undeletions({ clientId }: { clientId?: string }) {
  const list = useQuery(undeletionsQuery(clientId))
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const shown = (list.data?.items ?? []).filter(
    ({ id, finishedAt }) =>
      finishedAt === null || (finishedAt > Date.now() - endedShownMs && !closed.has(id)),
  )
  const running = shown.filter(({ finishedAt }) => finishedAt === null).length
  useEffect(() => {
    // When one ends, lists show what came back.
    if (running > 0) return () => readDeletedAgain()
    return undefined
  }, [running])
  if (shown.length === 0) return null
  return (
    <section aria-label={texts.deleted.undeletions} className={styles.list}>
      {shown.map((undeletion) => (
        <Row
          key={undeletion.id}
          undeletion={undeletion}
          onClose={() => setClosed(new Set([...closed, undeletion.id]))}
        />
      ))}
    </section>
  )
}

function Row({ undeletion, onClose }: { undeletion: Undeletion; onClose: () => void }) {
  const { name, step, moment, finishedAt, trouble, askedBy } = undeletion
  const { done, total } = progressOf(undeletion)
  const left = useTimeLeft(step, done, total)
  const formatBytes = useFormatBytes()
  const title =
    moment === null
      ? texts.deleted.bringingBack(name)
      : texts.deleted.puttingBack(name, formatExactTime(moment))
  return (
    <article className={styles.row} aria-label={title}>
      <div className={styles.head}>
        <strong dir="auto">{title}</strong>
        {finishedAt === null ? (
          <span className={styles.note}>
            {texts.deleted.step(undeletionSteps.indexOf(step) + 1, texts.deleted.steps[step])}
          </span>
        ) : (
          <CloseButton size="sm" aria-label={texts.common.close} onClick={onClose} />
        )}
      </div>
      {finishedAt === null ? (
        <>
          <Progress
            value={total === 0 ? 100 : (done / total) * 100}
            animated={step === 'moving'}
            aria-label={texts.deleted.steps[step]}
          />
          <div className={styles.note} role="status">
            {step === 'moving'
              ? texts.deleted.readable
              : texts.deleted.progress(formatCount(done), formatCount(total))}
            {left !== null && ` · ${texts.deleted.timeLeft(formatDuration(left))}`}
            {` · ${texts.deleted.askedBy(askedBy)}`}
          </div>
          {trouble !== null && (
            <Alert color="red" role="alert">
              {texts.deleted.trouble} {trouble}
            </Alert>
          )}
        </>
      ) : (
        <div className={step === 'damaged' ? styles.damaged : styles.note} role="status">
          {outcomeOf(undeletion, formatBytes)}
        </div>
      )}
    </article>
  )
}

function progressOf({ step, objects, restoredObjects, removedObjects, verifiedObjects }: Undeletion): {
  done: number
  total: number
} {
  if (step === 'removing') return { done: removedObjects, total: removedObjects + objects }
  if (step === 'verifying')
    return { done: verifiedObjects, total: Math.max(restoredObjects, verifiedObjects) }
  if (step === 'restoring') return { done: restoredObjects, total: objects }
  return { done: objects, total: objects }
}

function outcomeOf(
  { step, restoredObjects, restoredBytes, damagedObjects, removedObjects }: Undeletion,
  formatBytes: (bytes: number) => string,
) {
  const back = texts.deleted.cameBack(formatCount(restoredObjects), formatBytes(restoredBytes))
  const out = removedObjects > 0 ? ` ${texts.deleted.wentOut(formatCount(removedObjects))}` : ''
  const how =
    step === 'damaged' ? texts.deleted.damagedSince(formatCount(damagedObjects)) : texts.deleted.verified
  return `${back}${out} ${how}`
}

/** By how quick the step was since it was first seen; null while that says nothing yet. */
function useTimeLeft(step: string, done: number, total: number): number | null {
  const [first, setFirst] = useState({ step, done, at: Date.now() })
  if (first.step !== step) setFirst({ step, done, at: Date.now() })
  const tookMs = Date.now() - first.at
  const moved = done - first.done
  if (first.step !== step || moved <= 0 || tookMs < 2000 || done >= total) return null
  return ((total - done) * tookMs) / moved
}
