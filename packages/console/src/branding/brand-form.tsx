import {
  type BrandSettings,
  filledShade,
  type RouteName,
  resellerBrandPatch,
  serverBrandPatch,
  shadesOf,
} from '@granary/contract'
import { ColorInput, ColorSwatch, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useSession, whyNotPermitted } from '../access/session.ts'
import { FieldGroup, FormPage } from '../forms/form-page.tsx'
import formStyles from '../forms/forms.module.css'
import { useRecordForm } from '../forms/record-form.ts'
import { texts } from '../texts/index.ts'
import { BrandPreview } from './brand-preview.tsx'
import { type BrandValues, brandInput, brandValues, lookAfter } from './brand-values.ts'
import styles from './branding.module.css'
import { LogoField } from './logo-field.tsx'

type Save = (input: ReturnType<typeof brandInput>) => Promise<BrandSettings>

/** Sets a brand up, with a preview of it that follows every letter. */
export function BrandForm(props: {
  readonly settings: BrandSettings
  readonly of: 'server' | 'reseller'
  readonly save: Save
  readonly onSaved: (saved: BrandSettings) => void
}) {
  const { settings, of } = props
  const session = useSession()
  const route: RouteName = of === 'server' ? 'editServerBrand' : 'editResellerBrand'
  const [initial] = useState(() => brandValues(settings))
  const plan = useRecordForm({
    initial,
    toInput: (values: BrandValues) => brandInput(initial, values),
    schema: of === 'server' ? serverBrandPatch : resellerBrandPatch,
    fieldOf: (path) => (path in initial ? (path as keyof BrandValues) : undefined),
    save: props.save,
    onSaved: props.onSaved,
  })
  const { form } = plan
  const values = form.getValues()
  const look = lookAfter(settings, values)
  return (
    <div className={styles.page}>
      <FormPage plan={plan} saveLabel={texts.common.save} whyNot={whyNotPermitted(session, route)}>
        <FieldGroup title={texts.branding.look} text={texts.branding.lookText}>
          <TextInput
            label={texts.branding.productName}
            placeholder={settings.inherited.productName}
            autoComplete="off"
            dir="auto"
            {...form.getInputProps('productName')}
          />
          <ColorInput
            size="xs"
            label={texts.branding.accent}
            placeholder={settings.inherited.accent}
            format="hex"
            withEyeDropper={false}
            popoverProps={{ transitionProps: { duration: 80 } }}
            {...form.getInputProps('accent')}
          />
          <AccentNote accent={look.accent} />
          <LogoField
            label={texts.branding.logo}
            hint={texts.branding.logoHint}
            scheme="light"
            before={settings.logos.light}
            inherited={look.logos.light}
            value={values.lightLogo}
            onChange={(change) => form.setFieldValue('lightLogo', change)}
            error={asText(form.errors.lightLogo)}
          />
          <LogoField
            label={texts.branding.logoDark}
            hint={texts.branding.logoDarkHint}
            scheme="dark"
            before={settings.logos.dark}
            inherited={look.logos.dark}
            value={values.darkLogo}
            onChange={(change) => form.setFieldValue('darkLogo', change)}
            error={asText(form.errors.darkLogo)}
          />
        </FieldGroup>
        {of === 'reseller' && <ResellersOwn settings={settings} form={form} />}
      </FormPage>
      <BrandPreview look={look} />
    </div>
  )
}

/** What only resellers have: a host name, and a sender of mail beside the server's. */
function ResellersOwn(props: {
  settings: BrandSettings
  form: ReturnType<typeof useRecordForm<BrandValues, object, unknown>>['form']
}) {
  const { settings, form } = props
  const { level } = useSession()
  const claims = level === 'server' ? {} : { disabled: true, description: texts.branding.onlyServer }
  const { inherited, lostHostName } = settings
  const { productName } = form.getValues()
  return (
    <>
      <FieldGroup title={texts.branding.address} text={texts.branding.addressText(inherited.url)}>
        <TextInput
          label={texts.branding.hostName}
          placeholder="backup.example.com"
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('hostName')}
          {...claims}
        />
        {lostHostName && <p className={formStyles.warning}>{texts.branding.lostHostName(lostHostName)}</p>}
      </FieldGroup>
      <FieldGroup title={texts.branding.mail} text={texts.branding.mailText}>
        <div className={formStyles.pair}>
          <TextInput
            label={texts.branding.senderName}
            placeholder={productName.trim() || (inherited.senderName ?? inherited.productName)}
            autoComplete="off"
            dir="auto"
            {...form.getInputProps('senderName')}
          />
          <TextInput
            label={texts.branding.replyTo}
            type="email"
            autoComplete="off"
            {...form.getInputProps('replyTo')}
          />
        </div>
        <TextInput
          label={texts.branding.fromAddress}
          description={texts.branding.fromAddressHint}
          placeholder={inherited.fromAddress ?? undefined}
          type="email"
          autoComplete="off"
          {...form.getInputProps('fromAddress')}
          {...claims}
        />
      </FieldGroup>
    </>
  )
}

/** Says what becomes of a colour that text could not be read on. */
function AccentNote({ accent }: { accent: string }) {
  const shades = shadesOf(accent)
  const [light, dark] = [shades[filledShade.light], shades[filledShade.dark]]
  if (light === accent) return null
  return (
    <p className={styles.warning} role="status">
      <ColorSwatch color={light} size={14} />
      <ColorSwatch color={dark} size={14} />
      {texts.branding.accentShown(light, dark)}
    </p>
  )
}

function asText(error: unknown): string | undefined {
  return typeof error === 'string' ? error : undefined
}
