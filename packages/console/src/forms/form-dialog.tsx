import { Button, Group, Modal, type ModalProps } from '@mantine/core'
import { createContext, type ReactNode, use, useLayoutEffect, useState } from 'react'
import { AskToLeave } from '../shell/ask-to-leave.tsx'
import { texts } from '../texts/index.ts'

const LeavingContext = createContext<{
  readonly setChanged: (isChanged: boolean) => void
  readonly leave: () => void
} | null>(null)

/** A dialog with fields: once something was entered, a click beside it does nothing, and the ways out ask. */
export function FormDialog({ onClose, children, ...props }: ModalProps) {
  const [isChanged, setChanged] = useState(false)
  const [asking, setAsking] = useState(false)
  const leave = () => (isChanged ? setAsking(true) : onClose())
  return (
    <Modal closeOnClickOutside={!isChanged} closeOnEscape={!asking} {...props} onClose={leave}>
      <LeavingContext value={{ setChanged, leave }}>{children}</LeavingContext>
      <AskToLeave
        opened={asking}
        title={texts.fields.discardTitle}
        text={texts.fields.discardText}
        stayLabel={texts.fields.unsavedStay}
        leaveLabel={texts.fields.discard}
        onStay={() => setAsking(false)}
        onLeave={() => {
          setAsking(false)
          onClose()
        }}
      />
    </Modal>
  )
}

/**
 * At the foot of a dialog with fields: Cancel, which asks first where something would be lost, and what else can be done.
 * @param props.isChanged whether something would be lost
 */
export function DialogActions(props: { readonly isChanged: boolean; readonly children: ReactNode }) {
  const leaving = use(LeavingContext)
  if (!leaving) throw new Error('These fields stand in no dialog.')
  const { setChanged, leave } = leaving
  const { isChanged } = props
  useLayoutEffect(() => {
    setChanged(isChanged)
    return () => setChanged(false)
  }, [setChanged, isChanged])
  return (
    <Group justify="flex-end" gap="xs">
      <Button variant="default" onClick={leave}>
        {texts.common.cancel}
      </Button>
      {props.children}
    </Group>
  )
}
