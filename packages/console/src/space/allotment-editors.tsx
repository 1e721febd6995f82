import { type ByteUnit, fields, splitBytes, toBytes } from '@granary/contract'
import { ActionIcon, NativeSelect, NumberInput } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import { type KeyboardEvent, type ReactNode, useState } from 'react'
import { numberMarks } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'
import { unitsToSet, useUnitSystem } from '../units/unit-system.ts'
import styles from './space.module.css'

/** An amount and its unit; empty means without limit. */
export function SpaceEditor(props: {
  readonly label: string
  readonly bytes: number | null
  readonly onSave: (bytes: number | null) => void
  readonly onClose: () => void
}) {
  const system = useUnitSystem()
  const units: readonly ByteUnit[] = unitsToSet(system)
  const [, usual] = unitsToSet(system)
  const [before] = useState(() =>
    props.bytes === null ? { amount: '', unit: usual as ByteUnit } : splitBytes(props.bytes, system),
  )
  const [amount, setAmount] = useState<number | string>(before.amount)
  const [unit, setUnit] = useState<ByteUnit>(before.unit)
  const bytes = amount === '' ? null : toBytes(Number(amount), unit)
  const save = () => {
    if (!fields.allottedBytes.safeParse(bytes).success) return
    // What nobody touched stays as others have set it meanwhile.
    if (amount !== before.amount || unit !== before.unit) props.onSave(bytes)
    props.onClose()
  }
  return (
    <Editor onSave={save} onClose={props.onClose}>
      <NumberInput
        aria-label={props.label}
        placeholder={texts.common.unlimited}
        size="xs"
        w={110}
        min={0}
        decimalScale={3}
        {...numberMarks}
        hideControls
        autoFocus
        value={amount}
        error={!fields.allottedBytes.safeParse(bytes).success}
        onChange={setAmount}
      />
      <NativeSelect
        aria-label={texts.fields.unit}
        size="xs"
        miw={74}
        value={unit}
        data={units.includes(unit) ? [...units] : [unit, ...units]}
        onChange={(event) => setUnit(event.currentTarget.value as ByteUnit)}
      />
    </Editor>
  )
}

/** A number of MCALs; empty means as many as required. */
export function McalsEditor(props: {
  readonly label: string
  readonly units: number | null
  readonly onSave: (units: number | null) => void
  readonly onClose: () => void
}) {
  const [before] = useState<number | string>(props.units ?? '')
  const [amount, setAmount] = useState(before)
  const units = amount === '' ? null : Number(amount)
  const isAmount = fields.allottedMcals.safeParse(units).success
  const save = () => {
    if (!isAmount) return
    if (amount !== before) props.onSave(units)
    props.onClose()
  }
  return (
    <Editor onSave={save} onClose={props.onClose}>
      <NumberInput
        aria-label={props.label}
        placeholder={texts.common.automatic}
        size="xs"
        w={100}
        min={0}
        max={1_000_000_000}
        allowDecimal={false}
        {...numberMarks}
        hideControls
        autoFocus
        value={amount}
        error={!isAmount}
        onChange={setAmount}
      />
    </Editor>
  )
}

/** Enter saves, Escape leaves all as it was. */
function Editor(props: { onSave: () => void; onClose: () => void; children: ReactNode }) {
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation()
      props.onClose()
    }
    // Enter on a button is for that one.
    if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) {
      event.preventDefault()
      props.onSave()
    }
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of the fields in it
    <span className={styles.editor} onKeyDown={keys}>
      {props.children}
      <ActionIcon size={24} variant="filled" aria-label={texts.common.save} onClick={props.onSave}>
        <IconCheck size={14} />
      </ActionIcon>
      <ActionIcon size={24} variant="default" aria-label={texts.common.cancel} onClick={props.onClose}>
        <IconX size={14} />
      </ActionIcon>
    </span>
  )
}
