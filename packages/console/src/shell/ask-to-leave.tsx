import { Button, Group, Modal } from '@mantine/core'

/** Asks before something is lost; Escape and the first button stay. */
export function AskToLeave(props: {
  readonly opened: boolean
  readonly title: string
  readonly text: string
  readonly stayLabel: string
  readonly leaveLabel: string
  readonly onStay: () => void
  readonly onLeave: () => void
}) {
  return (
    <Modal opened={props.opened} onClose={props.onStay} title={props.title} centered>
      <div>{props.text}</div>
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" data-autofocus onClick={props.onStay}>
          {props.stayLabel}
        </Button>
        <Button color="red" onClick={props.onLeave}>
          {props.leaveLabel}
        </Button>
      </Group>
    </Modal>
  )
}
