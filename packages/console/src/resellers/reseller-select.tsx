import { Select, type SelectProps } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { texts } from '../texts/index.ts'
import { resellerListQuery, resellerQuery } from './reseller-queries.ts'

/** Chooses one of any number of resellers by typing part of its name. Default Reseller when left empty. */
export function ResellerSelect(props: Pick<SelectProps, 'label' | 'value' | 'onChange' | 'error'>) {
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed, 150)
  const chosen = useQuery({ ...resellerQuery(props.value ?? ''), enabled: Boolean(props.value) })
  const isChosenName = search === chosen.data?.name
  const found = useQuery(resellerListQuery({ limit: 30, ...(search !== '' && !isChosenName && { search }) }))
  const options = new Map<string, string>()
  if (chosen.data) options.set(chosen.data.id, chosen.data.name)
  for (const reseller of found.data?.items ?? []) options.set(reseller.id, reseller.name)
  const byDefault = found.data?.items.find((reseller) => reseller.isDefault)
  return (
    <Select
      {...props}
      value={props.value || null}
      placeholder={byDefault?.name ?? texts.common.defaultReseller}
      searchable
      clearable
      data={[...options].map(([value, label]) => ({ value, label }))}
      filter={({ options: all }) => all}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={(value, option) => props.onChange?.(value ?? '', option)}
    />
  )
}
