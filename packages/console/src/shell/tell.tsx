import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { explain } from '../api/refusal.ts'
import { texts } from '../texts/index.ts'
import styles from './tell.module.css'

/** Says in one line what was done, with a way back where there is one. */
export function tell(message: string, undo?: () => void): void {
  const id = notifications.show({
    withBorder: true,
    autoClose: undo ? 8_000 : 5_000,
    message: (
      <div className={styles.line}>
        <span>{message}</span>
        {undo && (
          <Button
            variant="default"
            size="compact-xs"
            onClick={() => {
              notifications.hide(id)
              undo()
            }}
          >
            {texts.common.undo}
          </Button>
        )}
      </div>
    ),
  })
}

/** Says why something did not happen, and what can be done about it. */
export function tellRefusal(failure: unknown): void {
  const { title, advice } = explain(failure)
  notifications.show({
    withBorder: true,
    color: 'red',
    autoClose: 12_000,
    title,
    message: advice,
  })
}
