import type { Account } from '@granary/contract'
import { Button, Group } from '@mantine/core'
import { IconDeviceMobile } from '@tabler/icons-react'
import { useState } from 'react'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { FieldGroup } from '../forms/form-page.tsx'
import { tell } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'
import { accountQuery } from './account-queries.ts'
import { AddAuthenticator, RecoveryCodes } from './add-authenticator.tsx'
import { ConfirmDialog } from './confirm-dialog.tsx'

type Dialog = 'add' | 'remove' | 'codes' | null

/** The code besides the password. */
export function SecondFactor({ account }: { account: Account }) {
  const [dialog, setDialog] = useState<Dialog>(null)
  const [setup, setSetup] = useState<{ secret: string; uri: string } | null>(null)
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const { hasPassword } = account
  const readAgain = () => void cache.invalidateQueries(accountQuery)
  return (
    <FieldGroup title={texts.account.totp} text={texts.account.totpText}>
      {account.totp ? (
        <>
          <div>{texts.account.totpOn(account.recoveryCodesLeft)}</div>
          <Group gap="xs">
            <Button variant="default" onClick={() => setDialog('codes')}>
              {texts.account.newCodes}
            </Button>
            <Button variant="default" color="red" onClick={() => setDialog('remove')}>
              {texts.account.totpRemove}
            </Button>
          </Group>
        </>
      ) : (
        <div>
          <Button
            variant="default"
            leftSection={<IconDeviceMobile size={14} />}
            onClick={() => setDialog('add')}
          >
            {texts.account.totpAdd}
          </Button>
        </div>
      )}
      <ConfirmDialog
        opened={dialog === 'add'}
        title={texts.account.totpAdd}
        text={texts.account.confirmText}
        action={texts.account.goOn}
        hasPassword={hasPassword}
        onClose={() => setDialog(null)}
        onConfirm={async (currentPassword) => {
          setSetup(await call('beginTotp', { body: { currentPassword } }))
          setDialog(null)
        }}
      />
      <ConfirmDialog
        opened={dialog === 'remove'}
        title={texts.account.totpRemove}
        text={texts.account.totpRemoveText}
        action={texts.account.totpRemove}
        isDanger
        hasPassword={hasPassword}
        onClose={() => setDialog(null)}
        onConfirm={async (currentPassword) => {
          cache.setQueryData(accountQuery.queryKey, await call('removeTotp', { body: { currentPassword } }))
          setDialog(null)
          tell(texts.account.totpRemoved)
        }}
      />
      <ConfirmDialog
        opened={dialog === 'codes'}
        title={texts.account.newCodes}
        text={texts.account.newCodesText}
        action={texts.account.newCodes}
        hasPassword={hasPassword}
        onClose={() => setDialog(null)}
        onConfirm={async (currentPassword) => {
          const { recoveryCodes } = await call('renewRecoveryCodes', { body: { currentPassword } })
          setCodes(recoveryCodes)
          setDialog(null)
          readAgain()
        }}
      />
      <AddAuthenticator
        setup={setup}
        onClose={() => setSetup(null)}
        onAdded={(made) => {
          setSetup(null)
          setCodes(made)
          readAgain()
        }}
      />
      <RecoveryCodes codes={codes} onClose={() => setCodes(null)} />
    </FieldGroup>
  )
}
