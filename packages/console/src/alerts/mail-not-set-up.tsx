import { Alert } from '@mantine/core'
import { IconMailOff } from '@tabler/icons-react'
import { useSession, whyNotPermitted } from '../access/session.ts'
import { addresses } from '../shell/addresses.ts'
import { Go } from '../shell/go.tsx'
import { texts } from '../texts/index.ts'
import styles from './alerts.module.css'

/** That nobody learns of alerts by mail, to those who can do something about it. */
export function MailNotSetUp() {
  const session = useSession()
  if (session.server.mail || whyNotPermitted(session, 'editMailSettings') !== null) return null
  return (
    <Alert color="accent" role="status" icon={<IconMailOff size={18} />} title={texts.mails.notSetUp}>
      {texts.mails.notSetUpText}{' '}
      <Go href={addresses.mailSettings} className={styles.setUp}>
        {texts.mails.setUp}
      </Go>
    </Alert>
  )
}
