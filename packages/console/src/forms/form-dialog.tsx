import { Button, Group, Modal, type ModalProps } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { createContext, type ReactNode, use, useLayoutEffect, useState } from 'react'
import { AskToLeave } from '../shell/ask-to-leave.tsx'
import { useStay } from '../shell/shown-once.ts'
import { texts } from '../texts/index.ts'

/** What keeps a dialog open: something would be lost, or is asked of the server and can't be called back. */
type Held = 'changed' | 'running' | null

const LeavingContext = createContext<{
  readonly setHeld: (held: Held) => void
  readonly leave: () => void
} | null>(null)

/**
 * A dialog with fields: once something was entered, a click beside it does nothing, and the ways out ask, the browser's
 * way back among them. It stays until the server has answered.
 */
export function FormDialog({ onClose, children, ...props }: ModalProps) {
  const [held, setHeld] = useState<Held>(null)
  const [asking, setAsking] = useState(false)
  const away = useBlocker({ shouldBlockFn: () => true, disabled: held !== 'changed', withResolver: true })
  useStay(held === 'running')
  const isAsking = asking || away.status === 'blocked'
  const leave = () => {
    if (held === null) onClose()
    if (held === 'changed') setAsking(true)
  }
  return (
    <Modal closeOnClickOutside={held === null} closeOnEscape={!isAsking} {...props} onClose={leave}>
      <LeavingContext value={{ setHeld, leave }}>{children}</LeavingContext>
      <AskToLeave
        opened={isAsking}
        title={texts.fields.discardTitle}
        text={texts.fields.discardText}
        stayLabel={texts.fields.unsavedStay}
        leaveLabel={texts.fields.discard}
        onStay={() => {
          setAsking(false)
          away.reset?.()
        }}
        onLeave={() => {
          setAsking(false)
          onClose()
          away.proceed?.()
        }}
      />
    </Modal>
  )
}

/**
 * At the foot of a dialog with fields: Cancel, which asks first where something would be lost, and what else can be done.
 * @param props.isChanged whether something would be lost
 * @param props.isRunning whether the server is asked, and has not answered yet
 */
export function DialogActions(props: {
  readonly isChanged: boolean
  readonly isRunning: boolean
  readonly children: ReactNode
}) {
  const leaving = use(LeavingContext)
  if (!leaving) throw new Error('These fields stand in no dialog.')
  const { setHeld, leave } = leaving
  const { isChanged, isRunning } = props
  useLayoutEffect(() => {
    setHeld(isRunning ? 'running' : isChanged ? 'changed' : null)
    return () => setHeld(null)
  }, [setHeld, isChanged, isRunning])
  return (
    <Group justify="flex-end" gap="xs">
      <Button variant="default" disabled={isRunning} onClick={leave}>
        {texts.common.cancel}
      </Button>
      {props.children}
    </Group>
  )
}
