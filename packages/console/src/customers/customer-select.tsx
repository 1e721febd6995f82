import { Select, type SelectProps } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { customerListQuery, customerQuery } from './customer-queries.ts'

/** Chooses one of any number of customers by typing part of its name. */
export function CustomerSelect(
  props: Pick<SelectProps, 'label' | 'description' | 'value' | 'onChange' | 'error'>,
) {
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed, 150)
  const chosen = useQuery({ ...customerQuery(props.value ?? ''), enabled: Boolean(props.value) })
  const isChosenName = search === chosen.data?.name
  const found = useQuery(customerListQuery({ limit: 30, ...(search !== '' && !isChosenName && { search }) }))
  const options = new Map<string, string>()
  if (chosen.data) options.set(chosen.data.id, chosen.data.name)
  for (const customer of found.data?.items ?? []) options.set(customer.id, customer.name)
  return (
    <Select
      {...props}
      value={props.value || null}
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
