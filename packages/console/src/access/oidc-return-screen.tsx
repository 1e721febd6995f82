import { Loader } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { useBrand } from '../branding/brand.ts'
import { safeReturn } from '../shell/addresses.ts'
import { Go } from '../shell/go.tsx'
import { RefusalAlert } from '../shell/refusal-alert.tsx'
import { texts } from '../texts/index.ts'
import styles from './access.module.css'
import { Gate } from './gate.tsx'
import { takeReturn } from './oidc-return.ts'
import { sessionQuery } from './session.ts'

/** Where the identity provider leads back to. */
export function OidcReturnScreen() {
  const router = useRouter()
  const { productName } = useBrand()
  const [refusal, setRefusal] = useState<unknown>(null)
  const isSent = useRef(false)
  useEffect(() => {
    // Good for one call only, and effects run twice while developing.
    if (isSent.current) return
    isSent.current = true
    call('signInByOidc', { body: { query: window.location.search.slice(1) } }).then((session) => {
      cache.setQueryData(sessionQuery.queryKey, session)
      router.history.replace(safeReturn(takeReturn()))
    }, setRefusal)
  }, [router])
  return (
    <Gate title={texts.access.signInTitle(productName)}>
      {refusal === null ? (
        <Loader size="sm" color="gray" aria-label={texts.table.loading} />
      ) : (
        <>
          <RefusalAlert refusal={refusal} />
          <Go href="/sign-in" className={styles.below}>
            {texts.access.backToSignIn}
          </Go>
        </>
      )}
    </Gate>
  )
}
