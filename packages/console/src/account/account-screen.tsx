import { type Account, accountPatch, type Language } from '@granary/contract'
import { Button, NativeSelect, Skeleton, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { sessionQuery, useSession } from '../access/session.ts'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { firstFault } from '../forms/field-faults.ts'
import { FieldGroup } from '../forms/form-page.tsx'
import formStyles from '../forms/forms.module.css'
import { Screen } from '../shell/screen.tsx'
import { Trouble } from '../shell/states.tsx'
import { tell, tellRefusal } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'
import { accountQuery } from './account-queries.ts'
import { ChangePassword } from './change-password.tsx'
import { languageOptions } from './language-options.ts'
import { Mails } from './mails.tsx'
import { readIn } from './own-language.ts'
import { Passkeys } from './passkeys.tsx'
import { SecondFactor } from './second-factor.tsx'
import { Sessions } from './sessions.tsx'

/** One's own account: who one is, how one signs in, and where one is signed in. */
export function AccountScreen() {
  const account = useQuery(accountQuery)
  return (
    <Screen shape="form" path={[]} title={texts.account.title}>
      {account.isLoadingError && <Trouble failure={account.error} onRetry={() => void account.refetch()} />}
      {account.isPending && <Skeleton height={320} maw={680} radius={8} />}
      {account.data && (
        <div className={formStyles.form}>
          <You key={`${account.data.name} ${account.data.language}`} account={account.data} />
          <Mails key={account.data.mails.off.join()} mails={account.data.mails} />
          {account.data.hasPassword && <ChangePassword />}
          <SecondFactor account={account.data} />
          <Passkeys account={account.data} />
          <Sessions account={account.data} />
        </div>
      )}
    </Screen>
  )
}

function You({ account: { name, email, language } }: { account: Account }) {
  const { place } = useSession()
  const [typed, setTyped] = useState(name)
  const [chosen, setChosen] = useState(language)
  const [error, setError] = useState<string | null>(null)
  const [running, setRunning] = useState(false)
  const save = async () => {
    const parsed = accountPatch.safeParse({ name: typed, language: chosen })
    setError(firstFault(parsed))
    if (!parsed.success) return
    setRunning(true)
    try {
      cache.setQueryData(accountQuery.queryKey, await call('editAccount', { body: parsed.data }))
      await cache.invalidateQueries(sessionQuery)
      if (chosen !== language) readIn(chosen)
      tell(texts.account.saved)
    } catch (failure) {
      tellRefusal(failure)
    }
    setRunning(false)
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <FieldGroup title={texts.account.you} text={`${email} · ${place.name}`}>
        <TextInput
          label={texts.users.name}
          autoComplete="name"
          dir="auto"
          value={typed}
          error={error}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <NativeSelect
          label={texts.shell.language}
          description={texts.account.languageHint}
          value={chosen ?? ''}
          data={languageOptions}
          onChange={(event) => setChosen((event.currentTarget.value || null) as Language | null)}
        />
        <div>
          <Button
            type="submit"
            variant="default"
            loading={running}
            disabled={typed === name && chosen === language}
          >
            {texts.common.save}
          </Button>
        </div>
      </FieldGroup>
    </form>
  )
}
