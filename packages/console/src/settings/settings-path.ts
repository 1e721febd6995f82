import { addresses } from '../shell/addresses.ts'
import { usePathTo } from '../shell/path.ts'
import type { Step } from '../shell/screen.tsx'
import { texts } from '../texts/index.ts'

/** The way to each page of the settings but the first. */
export function usePathToSettings(): readonly Step[] {
  return [...usePathTo(undefined).slice(0, 1), { label: texts.settings.title, href: addresses.settings }]
}
