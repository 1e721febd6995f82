import type { RouteAnswer } from '@granary/contract'
import { Button, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { topicName } from '../alerts/topic-name.ts'
import { call } from '../api/call.ts'
import { addresses } from '../shell/addresses.ts'
import { Go } from '../shell/go.tsx'
import { RefusalAlert } from '../shell/refusal-alert.tsx'
import { texts } from '../texts/index.ts'
import styles from './access.module.css'
import { Gate } from './gate.tsx'

/** Where the link in an alert or a summary leads. It asks first: programs that scan mails follow every link. */
export function UnsubscribeScreen() {
  const { token = '' } = useSearch({ strict: false }) as { token?: string }
  const link = useQuery({
    queryKey: ['unsubscribe', token],
    queryFn: ({ signal }) => call('readUnsubscription', { body: { token } }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const [done, setDone] = useState<RouteAnswer<'unsubscribe'> | null>(null)
  if (link.isPending || link.isError) {
    return (
      <Gate title={texts.mails.unsubscribe}>
        {link.isPending && <Loader size="sm" color="gray" aria-label={texts.table.loading} />}
        {link.isError && <RefusalAlert refusal={link.error} />}
      </Gate>
    )
  }
  const { email, topics } = link.data
  const title = done ? texts.mails.unsubscribed : texts.mails.unsubscribe
  return (
    <Gate key={title} title={title} text={texts.mails.unsubscribeText(email)}>
      <ul>
        {topics.map((topic) => (
          <li key={topic}>{topicName(topic)}</li>
        ))}
      </ul>
      {done ? (
        <Go href={addresses.account} className={styles.below}>
          {texts.mails.chooseAll}
        </Go>
      ) : (
        <Unsubscribe token={token} onDone={setDone} />
      )}
    </Gate>
  )
}

function Unsubscribe(props: { token: string; onDone: (done: RouteAnswer<'unsubscribe'>) => void }) {
  const [running, setRunning] = useState(false)
  const [refusal, setRefusal] = useState<unknown>(null)
  const unsubscribe = async () => {
    setRunning(true)
    setRefusal(null)
    try {
      props.onDone(await call('unsubscribe', { body: { token: props.token } }))
    } catch (failure) {
      setRefusal(failure)
      setRunning(false)
    }
  }
  return (
    <>
      <RefusalAlert refusal={refusal} />
      <Button size="sm" loading={running} onClick={() => void unsubscribe()}>
        {texts.mails.unsubscribe}
      </Button>
    </>
  )
}
