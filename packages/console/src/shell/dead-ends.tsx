import { Button } from '@mantine/core'
import { Gate } from '../access/gate.tsx'
import { texts } from '../texts/index.ts'
import { Go } from './go.tsx'
import { Trouble } from './states.tsx'

export function NotFound() {
  return (
    <Gate title={texts.shell.notFoundTitle} text={texts.shell.notFoundAdvice}>
      <Button component={Go} href="/" variant="default">
        {texts.shell.toStart}
      </Button>
    </Gate>
  )
}

/** A screen that failed, or one whose code could not be fetched: a reload gets both. */
export function Crashed({ error }: { error: unknown }) {
  return <Trouble failure={error} onRetry={() => window.location.reload()} />
}
