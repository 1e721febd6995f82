import { type Logo, logoMostBytes } from '@granary/contract'
import { texts } from '../texts/index.ts'

/** A logo as something that can be shown. */
export type Picture = Pick<Logo, 'url' | 'width' | 'height'>

/** What a form does to a logo: leaves it, takes it away, or puts another in its place. */
export type LogoChange =
  | { readonly kind: 'kept' }
  | { readonly kind: 'removed' }
  | { readonly kind: 'chosen'; readonly base64: string; readonly picture: Picture }

/** Thrown for a file that can't be a logo, with what to do about it. */
export class LogoFault extends Error {
  override readonly name = 'LogoFault'
}

/**
 * Reads a file that was chosen or dropped. What it really is, the server looks at again.
 * @throws {LogoFault}
 */
export async function readLogo(file: File): Promise<LogoChange> {
  if (file.size > logoMostBytes) throw new LogoFault(texts.branding.tooLarge)
  const url = await dataUrlOf(file)
  const { width, height } = await sizeOf(url)
  return { kind: 'chosen', base64: url.slice(url.indexOf(',') + 1), picture: { url, width, height } }
}

function dataUrlOf(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
}

/** An SVG is an image to a browser, and to the server it is none. */
async function sizeOf(url: string): Promise<{ width: number; height: number }> {
  const image = new Image()
  image.src = url
  try {
    await image.decode()
  } catch (cause) {
    throw new LogoFault(texts.branding.noImage, { cause })
  }
  if (url.startsWith('data:image/svg')) throw new LogoFault(texts.branding.noImage)
  return { width: image.naturalWidth, height: image.naturalHeight }
}

/** What will be shown once the form is saved; null: nothing of its own. */
export function pictureAfter(change: LogoChange, before: Logo | null): Picture | null {
  if (change.kind === 'chosen') return change.picture
  return change.kind === 'removed' ? null : before
}

/** @returns what the API is told: undefined leaves it as it is */
export function uploadOf(change: LogoChange): string | null | undefined {
  if (change.kind === 'chosen') return change.base64
  return change.kind === 'removed' ? null : undefined
}
