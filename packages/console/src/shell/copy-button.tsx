import { ActionIcon } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { texts } from '../texts/index.ts'

/** Copies a text, and says so for a moment. */
export function CopyButton({ value, label }: { value: string; label: string }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1_600)
    return () => clearTimeout(timer)
  }, [copied])
  const Icon = copied ? IconCheck : IconCopy
  return (
    <ActionIcon
      variant="subtle"
      color={copied ? 'accent' : 'gray'}
      aria-label={copied ? texts.common.copied : label}
      data-hint={copied ? texts.common.copied : texts.common.copy}
      onClick={() => void copy(value).then(() => setCopied(true))}
    >
      <Icon size={15} stroke={1.75} />
    </ActionIcon>
  )
}

/** Browsers give out the clipboard only on https and localhost; elsewhere the older way still works. */
async function copy(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const area = document.createElement('textarea')
  area.value = text
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}
