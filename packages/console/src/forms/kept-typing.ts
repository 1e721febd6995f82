import type { UseFormReturnType } from '@mantine/form'
import { useRouter } from '@tanstack/react-router'
import { useEffectEvent, useLayoutEffect } from 'react'
import { useSession } from '../access/session.ts'
import { signedOutEvent } from '../api/call.ts'
import { changesOf } from './changes-of.ts'

/** What was being typed when the session ended: by whom and where, and what it changed. */
let kept: { readonly of: string; readonly changes: object } | null = null

/** A session that ends takes nothing along: who signs in again and comes back to a form finds it as they left it. */
export function useKeptTyping<Values extends object>(form: UseFormReturnType<Values>): void {
  const { user } = useSession()
  const { href } = useRouter().state.location
  const of = `${user.id} ${href}`
  const keep = useEffectEvent(() => {
    kept = { of, changes: changesOf(form.getInitialValues(), form.getValues()) }
  })
  const giveBack = useEffectEvent(() => {
    if (kept?.of === of) form.setValues(kept.changes)
    kept = null
  })
  useLayoutEffect(() => {
    giveBack()
    window.addEventListener(signedOutEvent, keep)
    return () => window.removeEventListener(signedOutEvent, keep)
  }, [])
}
