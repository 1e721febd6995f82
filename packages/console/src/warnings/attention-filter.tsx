import { NativeSelect } from '@mantine/core'
import { type ListNavigation, readAttention } from '../table/list-search.ts'
import { texts } from '../texts/index.ts'

/** Narrows a list to the clients that somebody should look at. */
export function AttentionFilter({ navigation }: { navigation: ListNavigation }) {
  return (
    <NativeSelect
      aria-label={texts.warnings.attention}
      value={navigation.asked.attention ?? ''}
      data={[
        { value: '', label: texts.warnings.attentionAll },
        { value: 'warning', label: texts.warnings.attentionWarning },
        { value: 'damage', label: texts.warnings.attentionDamage },
      ]}
      onChange={(event) => navigation.change({ attention: readAttention(event.currentTarget.value) })}
    />
  )
}
