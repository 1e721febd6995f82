import {
  type Language,
  type Level,
  parseRoleName,
  type RoleName,
  type User,
  type UserInput,
  userInput,
  userPatch,
} from '@granary/contract'
import { NativeSelect, Skeleton, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams, useRouter, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { usePlaceOfRole } from '../access/place-of-role.ts'
import { rolesToGive } from '../access/roles-to-give.ts'
import { useSession } from '../access/session.ts'
import { languageOptions } from '../account/language-options.ts'
import { readAgain } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { CustomerSelect } from '../customers/customer-select.tsx'
import { useBegun } from '../forms/begun.ts'
import { FieldGroup, FormPage } from '../forms/form-page.tsx'
import { useRecordForm } from '../forms/record-form.ts'
import { ResellerSelect } from '../resellers/reseller-select.tsx'
import { goBack } from '../shell/go-back.ts'
import { usePathTo } from '../shell/path.ts'
import { Screen } from '../shell/screen.tsx'
import { tell } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'
import { InvitationLink } from './user-dialogs.tsx'
import { userQuery } from './user-queries.ts'

const fieldOf = (path: string) =>
  (['name', 'email', 'role', 'place', 'language'] as const).find((field) => field === path)

export function InviteUserScreen() {
  const path = usePathTo(undefined)
  return (
    <Screen shape="form" needs="inviteUser" path={path.slice(0, 1)} title={texts.users.invite}>
      <InviteForm />
    </Screen>
  )
}

function InviteForm() {
  const session = useSession()
  const router = useRouter()
  const asked = useSearch({ strict: false }) as { level?: Level; place?: string }
  const level = asked.level ?? session.level
  const [handing, setHanding] = useState<{ name: string; link: string } | null>(null)
  const isOwn = (role: RoleName) => parseRoleName(role).level === session.level
  const plan = useRecordForm({
    initial: {
      name: '',
      email: '',
      role: `${level}-operator` as RoleName,
      place: level === session.level ? '' : (asked.place ?? ''),
      language: '' as Language | '',
    },
    toInput: ({ name, email, role, place, language }): UserInput => ({
      name,
      email: email.trim(),
      role,
      place: isOwn(role) ? session.place.id : place || null,
      language: language || null,
    }),
    check: ({ role, place }) => (!isOwn(role) && place === '' ? { place: texts.apiKeys.choosePlace } : {}),
    schema: userInput,
    fieldOf,
    save: (input) => call('inviteUser', { body: input }),
    onSaved: ({ email, link }) => {
      readAgain('users')
      if (link === null) tell(texts.users.invitationSent(email))
    },
    goOn: ({ name, link }) => {
      if (link === null) goBack(router.history)
      else setHanding({ name, link })
    },
  })
  usePlaceOfRole(plan.form)
  const { role } = plan.form.getValues()
  const chosen = parseRoleName(role).level
  return (
    <>
      <FormPage plan={plan} saveLabel={texts.users.sendInvitation}>
        <FieldGroup title={texts.users.one} text={texts.users.inviteText}>
          <TextInput
            label={texts.users.name}
            withAsterisk
            data-autofocus
            autoComplete="off"
            dir="auto"
            {...plan.form.getInputProps('name')}
          />
          <TextInput
            label={texts.users.email}
            withAsterisk
            type="email"
            autoComplete="off"
            {...plan.form.getInputProps('email')}
          />
          <NativeSelect
            label={texts.users.role}
            description={texts.users.roleHint}
            data={rolesToGive(session).map((value) => ({
              value,
              label: texts.apiKeys.roles[value] ?? value,
            }))}
            {...plan.form.getInputProps('role')}
          />
          {chosen === 'reseller' && !isOwn(role) && (
            <ResellerSelect label={texts.customers.reseller} {...plan.form.getInputProps('place')} />
          )}
          {chosen === 'customer' && !isOwn(role) && (
            <CustomerSelect label={texts.clients.customer} {...plan.form.getInputProps('place')} />
          )}
          <NativeSelect
            label={texts.shell.language}
            description={texts.users.languageHint}
            data={languageOptions}
            {...plan.form.getInputProps('language')}
          />
        </FieldGroup>
      </FormPage>
      <InvitationLink
        invitation={handing}
        onClose={() => {
          setHanding(null)
          goBack(router.history, { ignoreBlocker: true })
        }}
      />
    </>
  )
}

export function EditUserScreen() {
  const { userId } = useParams({ strict: false }) as { userId: string }
  const user = useQuery(userQuery(userId))
  const hasBegun = useBegun(user)
  const path = usePathTo(undefined)
  return (
    <Screen
      shape="form"
      needs="editUser"
      path={path.slice(0, 1)}
      title={texts.users.editTitle(user.data?.name ?? '…')}
      about={user}
    >
      {!hasBegun && <Skeleton height={240} maw={680} radius={8} />}
      {hasBegun && user.data && <EditForm key={userId} user={user.data} />}
    </Screen>
  )
}

function EditForm({ user }: { user: User }) {
  const session = useSession()
  const router = useRouter()
  const isOwn = user.id === session.user.id
  const plan = useRecordForm({
    initial: { name: user.name, role: user.role as RoleName },
    isEdit: true,
    toInput: (values) => values,
    schema: userPatch,
    fieldOf: (path) => (['name', 'role'] as const).find((field) => field === path),
    save: (input) => call('editUser', { params: { id: user.id }, body: input }),
    onSaved: ({ name }) => {
      readAgain('users')
      tell(texts.users.saved(name))
    },
    goOn: () => goBack(router.history),
  })
  const { level } = parseRoleName(user.role)
  return (
    <FormPage plan={plan} saveLabel={texts.common.save}>
      <FieldGroup title={texts.users.one}>
        <TextInput
          label={texts.users.name}
          withAsterisk
          autoComplete="off"
          dir="auto"
          {...plan.form.getInputProps('name')}
        />
        <TextInput label={texts.users.email} value={user.email} readOnly disabled />
        <TextInput label={texts.users.place} value={user.place.name} readOnly disabled dir="auto" />
        <NativeSelect
          label={texts.users.role}
          description={isOwn ? texts.users.ownAccount : texts.users.roleHint}
          disabled={isOwn}
          data={rolesToGive(session)
            .filter((role) => parseRoleName(role).level === level)
            .map((value) => ({ value, label: texts.apiKeys.roles[value] ?? value }))}
          {...plan.form.getInputProps('role')}
        />
      </FieldGroup>
    </FormPage>
  )
}
