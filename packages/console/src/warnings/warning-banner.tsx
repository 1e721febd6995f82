import type { Client, ClientSigns } from '@granary/contract'
import { Button } from '@mantine/core'
import { IconAlertTriangle, IconArrowBackUp, IconLockOpen } from '@tabler/icons-react'
import { useState } from 'react'
import { useSession, whyNotPermitted } from '../access/session.ts'
import { PutBack } from '../deleted/put-back.tsx'
import { Moment } from '../shell/moment.tsx'
import { texts } from '../texts/index.ts'
import { useFormatBytes } from '../units/unit-system.ts'
import { Release } from './release.tsx'
import { saySign } from './say-sign.ts'
import styles from './warnings.module.css'

/** What happened, in plain words, and the two ways on from it. */
export function WarningBanner({ client, signs }: { client: Client; signs: ClientSigns | undefined }) {
  const formatBytes = useFormatBytes()
  const session = useSession()
  const [puttingBack, setPuttingBack] = useState(false)
  const [releasing, setReleasing] = useState(false)
  if (!signs) return null
  if (!signs.frozen) {
    if (signs.keptUntil === null) return null
    return (
      <p className={styles.note}>
        {texts.warnings.keptUntil} <Moment at={signs.keptUntil} />
      </p>
    )
  }
  const mayNotPutBack = whyNotPermitted(session, 'putBackClient')
  const mayNotRelease = whyNotPermitted(session, 'releaseTrash')
  return (
    <section className={styles.banner} aria-label={texts.warnings.banner}>
      <IconAlertTriangle size={20} stroke={1.75} aria-hidden />
      <div>
        <h2>{texts.warnings.title}</h2>
        <ul className={styles.signs}>
          {signs.open.map((warning) => (
            <li key={warning.id}>
              <strong>{texts.warnings.signs[warning.sign]}</strong>, {texts.warnings.since}{' '}
              <Moment at={warning.since} />. {saySign(warning, formatBytes)}
            </li>
          ))}
        </ul>
        <p>{texts.warnings.frozenText}</p>
        <div className={styles.actions}>
          <Button
            leftSection={<IconArrowBackUp size={14} />}
            disabled={mayNotPutBack !== null}
            data-hint={mayNotPutBack ?? undefined}
            onClick={() => setPuttingBack(true)}
          >
            {texts.warnings.putBack}
          </Button>
          <Button
            variant="default"
            leftSection={<IconLockOpen size={14} />}
            disabled={mayNotRelease !== null}
            data-hint={mayNotRelease ?? undefined}
            onClick={() => setReleasing(true)}
          >
            {texts.warnings.release}
          </Button>
        </div>
      </div>
      <PutBack
        client={puttingBack ? client : null}
        moment={Math.min(...signs.open.map(({ putBackTo }) => putBackTo))}
        onClose={() => setPuttingBack(false)}
      />
      <Release client={releasing ? client : null} onClose={() => setReleasing(false)} />
    </section>
  )
}
