import { Badge, Button, VisuallyHidden } from '@mantine/core'
import { IconDoorEnter } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { addresses } from '../shell/addresses.ts'
import { Go } from '../shell/go.tsx'
import { formatCount } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'
import { waitingAmountQuery } from './waiting-queries.ts'

/** The way to the waiting room, for as long as somebody is in it. */
export function WaitingLink(props: {
  /** Of one customer; of all without. */
  readonly customerId?: string
  readonly className?: string | undefined
  /** Its name is left to the icon, where there is no room. */
  readonly isShort?: boolean
}) {
  const { data: amount = 0 } = useQuery(waitingAmountQuery(props.customerId))
  if (amount === 0) return null
  return (
    <Button
      component={Go}
      href={props.customerId ? addresses.waitingRoomOf(props.customerId) : addresses.waitingRoom}
      variant={props.customerId ? 'default' : 'subtle'}
      color="gray"
      className={props.className}
      leftSection={<IconDoorEnter size={15} stroke={1.6} />}
      rightSection={
        <Badge size="sm" circle={amount < 10} color="accent">
          {formatCount(amount)}
        </Badge>
      }
      data-hint={texts.waitingRoom.someWait(amount)}
    >
      {props.isShort ? <VisuallyHidden>{texts.waitingRoom.title}</VisuallyHidden> : texts.waitingRoom.title}
    </Button>
  )
}
