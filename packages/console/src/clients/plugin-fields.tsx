import { type ClientKind, monthlyUnits } from '@granary/contract'
import { Checkbox, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { FieldsOf } from '../forms/record-form.ts'
import { pluginsQuery } from '../licences/licence-queries.ts'
import { texts } from '../texts/index.ts'

/** Which applications a client backs up, and what it draws with them; nothing where there are no plug-ins. */
export function PluginFields(props: {
  readonly form: FieldsOf<{ kind: ClientKind; plugins: string[] }>
  /** Those that it has already, which it may keep when they are retired. */
  readonly had: readonly string[]
}) {
  const { form, had } = props
  const plugins = useQuery(pluginsQuery)
  const offered = plugins.data?.items.filter(({ key, retired }) => !retired || had.includes(key)) ?? []
  if (offered.length === 0) return null
  const { kind, plugins: chosen } = form.getValues()
  const units = offered
    .filter(({ key }) => chosen.includes(key))
    .reduce((sum, plugin) => sum + plugin.monthlyUnits, monthlyUnits[kind])
  return (
    <>
      <Checkbox.Group label={texts.plugins.title} {...form.getInputProps('plugins')}>
        <Stack gap={8} mt={6}>
          {offered.map(({ key, name, monthlyUnits: each, retired }) => (
            <Checkbox
              key={key}
              value={key}
              label={`${name}: ${texts.plugins.drawsMore(each)}`}
              description={retired && texts.plugins.retiredKept}
            />
          ))}
        </Stack>
      </Checkbox.Group>
      <div aria-live="polite">{texts.plugins.altogether(units)}</div>
    </>
  )
}
