import type { Account } from '@granary/contract'
import { Button, TextInput } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { useState } from 'react'
import { newPasskey } from '../access/passkey-browser.ts'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { FieldGroup } from '../forms/form-page.tsx'
import { Moment } from '../shell/moment.tsx'
import { once } from '../shell/once.ts'
import { tell, tellRefusal } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'
import styles from './account.module.css'
import { accountQuery } from './account-queries.ts'
import { browserName } from './browser-name.ts'
import { ConfirmDialog } from './confirm-dialog.tsx'

/** What signs in without a password. */
export function Passkeys({ account }: { account: Account }) {
  const [adding, setAdding] = useState(false)
  const [name, setName] = useState(() => browserName(navigator.userAgent))
  const add = async (currentPassword: string) => {
    const { options } = await call('beginPasskey', { body: { currentPassword } })
    const response = await newPasskey(options)
    const body = { name: name.trim() || texts.account.passkey, response }
    cache.setQueryData(accountQuery.queryKey, await call('addPasskey', { body }))
    setAdding(false)
    tell(texts.account.passkeyAdded)
  }
  const remove = async (passkey: Account['passkeys'][number]) => {
    try {
      cache.setQueryData(accountQuery.queryKey, await call('removePasskey', { params: { id: passkey.id } }))
      tell(texts.account.passkeyRemoved(passkey.name))
    } catch (failure) {
      tellRefusal(failure)
    }
  }
  return (
    <FieldGroup title={texts.account.passkeys} text={texts.account.passkeysText}>
      {account.passkeys.length > 0 && (
        <ul className={styles.lines} aria-label={texts.account.passkeys}>
          {account.passkeys.map((passkey) => (
            <li key={passkey.id}>
              <IconFingerprint size={18} stroke={1.5} aria-hidden />
              <div>
                <div dir="auto">{passkey.name}</div>
                <div className={styles.detail}>
                  {texts.account.lastUsed}{' '}
                  {passkey.lastUsedAt === null ? texts.common.never : <Moment at={passkey.lastUsedAt} />}
                </div>
              </div>
              <Button
                variant="subtle"
                color="red"
                size="compact-xs"
                aria-label={`${texts.account.remove}: ${passkey.name}`}
                onClick={once(() => void remove(passkey))}
              >
                {texts.account.remove}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div>
        <Button variant="default" leftSection={<IconFingerprint size={14} />} onClick={() => setAdding(true)}>
          {texts.account.passkeyAdd}
        </Button>
      </div>
      <ConfirmDialog
        opened={adding}
        title={texts.account.passkeyAdd}
        text={texts.account.passkeyAddText}
        action={texts.account.goOn}
        hasPassword={account.hasPassword}
        onClose={() => setAdding(false)}
        onConfirm={add}
      >
        <TextInput
          label={texts.users.name}
          description={texts.account.passkeyName}
          maxLength={60}
          dir="auto"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </ConfirmDialog>
    </FieldGroup>
  )
}
