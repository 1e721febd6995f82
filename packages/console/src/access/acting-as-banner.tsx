import { Button } from '@mantine/core'
import { IconEye, IconUserEdit } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { addresses } from '../shell/addresses.ts'
import { tellRefusal } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'
import styles from './acting-as.module.css'
import { sessionQuery, useSession } from './session.ts'

/** Says on every screen that one is not looking with one's own eyes, and leads back. */
export function ActingAsBanner() {
  const { behind, user, place } = useSession()
  const router = useRouter()
  const [running, setRunning] = useState(false)
  if (!behind) return null
  const stop = async () => {
    setRunning(true)
    try {
      const session = await call('stopActingAs', {})
      cache.clear()
      cache.setQueryData(sessionQuery.queryKey, session)
      router.history.push(addresses.users)
    } catch (failure) {
      tellRefusal(failure)
    }
    setRunning(false)
  }
  const Icon = behind.mode === 'look' ? IconEye : IconUserEdit
  return (
    <section className={styles.banner} aria-label={texts.actingAs.banner}>
      <Icon size={16} stroke={1.75} aria-hidden />
      <span dir="auto">
        {(behind.mode === 'look' ? texts.actingAs.looking : texts.actingAs.acting)(user.name, place.name)}
      </span>
      <Button size="compact-xs" variant="default" loading={running} onClick={() => void stop()}>
        {texts.actingAs.stop}
      </Button>
    </section>
  )
}
