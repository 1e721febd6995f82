import type { Account, MailTopic } from '@granary/contract'
import { Button, Checkbox } from '@mantine/core'
import { useState } from 'react'
import { topicName } from '../alerts/topic-name.ts'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { FieldGroup } from '../forms/form-page.tsx'
import formStyles from '../forms/forms.module.css'
import { tell, tellRefusal } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'
import { accountQuery } from './account-queries.ts'

/** Which alerts and summaries reach one by mail. */
export function Mails({ mails }: { mails: Account['mails'] }) {
  const { offered, off } = mails
  const before = offered.filter((topic) => !off.includes(topic))
  const [wanted, setWanted] = useState<readonly MailTopic[]>(before)
  const [running, setRunning] = useState(false)
  const save = async () => {
    setRunning(true)
    try {
      // What one's role is not offered now stays as it was chosen.
      const body = { off: [...off, ...offered].filter((topic) => !wanted.includes(topic)) }
      cache.setQueryData(accountQuery.queryKey, await call('editAccountMails', { body }))
      tell(texts.mails.saved)
    } catch (failure) {
      tellRefusal(failure)
    }
    setRunning(false)
  }
  const isSame = wanted.length === before.length && wanted.every((topic) => before.includes(topic))
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <FieldGroup title={texts.mails.title} text={offered.length > 0 ? texts.mails.text : texts.mails.nobody}>
        {offered.length > 0 && (
          <>
            <Checkbox.Group
              aria-label={texts.mails.title}
              value={[...wanted]}
              onChange={(topics) => setWanted(topics as MailTopic[])}
            >
              <div className={formStyles.pair}>
                {offered.map((topic) => (
                  <Checkbox key={topic} value={topic} label={topicName(topic)} />
                ))}
              </div>
            </Checkbox.Group>
            <div>
              <Button type="submit" variant="default" loading={running} disabled={isSame}>
                {texts.common.save}
              </Button>
            </div>
          </>
        )}
      </FieldGroup>
    </form>
  )
}
