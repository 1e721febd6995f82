import { type BrandSettings, defaultProductName } from '@granary/contract'
import { type LogoChange, type Picture, pictureAfter, uploadOf } from './logo-change.ts'

/** A brand as a form holds it: empty is inherited. */
export interface BrandValues {
  productName: string
  accent: string
  lightLogo: LogoChange
  darkLogo: LogoChange
  hostName: string
  senderName: string
  replyTo: string
  fromAddress: string
}

const words = ['productName', 'accent', 'hostName', 'senderName', 'replyTo', 'fromAddress'] as const

export function brandValues(settings: BrandSettings): BrandValues {
  return {
    productName: settings.productName ?? '',
    accent: settings.accent ?? '',
    lightLogo: { kind: 'kept' },
    darkLogo: { kind: 'kept' },
    hostName: settings.hostName ?? '',
    senderName: settings.senderName ?? '',
    replyTo: settings.replyTo ?? '',
    fromAddress: settings.fromAddress ?? '',
  }
}

/** What was changed, as the API takes it. */
export function brandInput(initial: BrandValues, values: BrandValues) {
  const input: { [Field in keyof BrandValues]?: string | null } = {}
  for (const field of words) {
    const [before, typed] = [initial[field], values[field].trim()]
    if (typed !== before) input[field] = typed === '' ? null : typed
  }
  for (const field of ['lightLogo', 'darkLogo'] as const) {
    const upload = uploadOf(values[field])
    if (upload !== undefined) input[field] = upload
  }
  return input
}

/** How it will look: as the server works it out, for what is not saved yet. */
export function lookAfter(settings: BrandSettings, values: BrandValues) {
  const { inherited } = settings
  const typedName = values.productName.trim()
  const light = pictureAfter(values.lightLogo, settings.logos.light)
  const dark = pictureAfter(values.darkLogo, settings.logos.dark)
  const hasOwn = light !== null || dark !== null || typedName !== ''
  const logos: { light: Picture | null; dark: Picture | null } = hasOwn
    ? { light: light ?? dark, dark: dark ?? light }
    : inherited.logos
  const typedAccent = values.accent.trim().toLowerCase()
  return {
    productName: typedName || inherited.productName || defaultProductName,
    accent: /^#[0-9a-f]{6}$/.test(typedAccent) ? typedAccent : inherited.accent,
    logos,
  }
}
