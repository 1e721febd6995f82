import { type ByteUnit, splitBytes, toBytes } from '@granary/contract'
import { Checkbox, NativeSelect, NumberInput } from '@mantine/core'
import { numberMarks } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'
import { chosenUnitSystem, unitsToSet, useFormatBytes, useUnitSystem } from '../units/unit-system.ts'
import styles from './forms.module.css'
import type { FieldsOf } from './record-form.ts'

/** A limit as people set it: an amount and its unit, or none. */
export interface SpaceLimitValues {
  restrictSpace: boolean
  spaceAmount: number | string
  spaceUnit: ByteUnit
}

export function spaceLimitValues(allottedBytes: number | null): SpaceLimitValues {
  const system = chosenUnitSystem()
  const [, spaceUnit] = unitsToSet(system)
  if (allottedBytes === null) return { restrictSpace: false, spaceAmount: '', spaceUnit }
  const { amount, unit } = splitBytes(allottedBytes, system)
  return { restrictSpace: true, spaceAmount: amount, spaceUnit: unit }
}

export function allottedBytesOf(values: SpaceLimitValues): number | null {
  return values.restrictSpace ? toBytes(Number(values.spaceAmount), values.spaceUnit) : null
}

export function checkSpaceLimit(values: SpaceLimitValues): { spaceAmount?: string } {
  return values.restrictSpace && values.spaceAmount === '' ? { spaceAmount: texts.fields.amountNeeded } : {}
}

/** What the level above has, has allotted and has left; null for no limit. */
export interface LevelAbove {
  readonly name: string
  readonly allottedBytes: number | null
  readonly allottedBelowBytes: number
  readonly leftBytes: number | null
}

export function SpaceLimitFields(props: {
  readonly form: FieldsOf<SpaceLimitValues>
  readonly above?: LevelAbove
  /** What this one holds already of what the level above has allotted. */
  readonly ownBytes?: number | null
}) {
  const { form, above } = props
  const values = form.getValues()
  const units: readonly ByteUnit[] = unitsToSet(useUnitSystem())
  const shownUnits = units.includes(values.spaceUnit) ? units : [values.spaceUnit, ...units]
  return (
    <>
      {above && <AboveSnapshot above={above} />}
      <Checkbox
        label={texts.fields.restrictSpace}
        {...form.getInputProps('restrictSpace', { type: 'checkbox' })}
      />
      {values.restrictSpace ? (
        <div className={styles.limit}>
          <NumberInput
            aria-label={texts.fields.restrictSpace}
            min={0}
            decimalScale={3}
            {...numberMarks}
            {...form.getInputProps('spaceAmount')}
          />
          <NativeSelect
            aria-label={texts.fields.unit}
            data={[...shownUnits]}
            {...form.getInputProps('spaceUnit')}
          />
        </div>
      ) : (
        <p className={styles.note}>{texts.fields.restrictSpaceOff}</p>
      )}
      {above && <OverAllotment above={above} own={props.ownBytes ?? 0} wanted={allottedBytesOf(values)} />}
    </>
  )
}

function AboveSnapshot({ above }: { above: LevelAbove }) {
  const formatBytes = useFormatBytes()
  const left = above.leftBytes === null ? texts.common.unlimited : formatBytes(Math.max(above.leftBytes, 0))
  const has = above.allottedBytes === null ? texts.common.unlimited : formatBytes(above.allottedBytes)
  return (
    <dl className={styles.above}>
      <div>
        <dd dir="auto">{above.name}</dd>
      </div>
      <div>
        <dt>{texts.fields.aboveHas}</dt>
        <dd>{has}</dd>
      </div>
      <div>
        <dt>{texts.fields.aboveAllotted}</dt>
        <dd>{formatBytes(above.allottedBelowBytes)}</dd>
      </div>
      <div>
        <dt>{texts.fields.aboveLeft}</dt>
        <dd>{left}</dd>
      </div>
    </dl>
  )
}

/** Allotting more than there is is allowed, and said. */
function OverAllotment(props: { above: LevelAbove; own: number; wanted: number | null }) {
  const { above, own, wanted } = props
  const formatBytes = useFormatBytes()
  if (above.leftBytes === null || wanted === null || Number.isNaN(wanted)) return null
  const over = wanted - (Math.max(above.leftBytes, 0) + own)
  if (over <= 0) return null
  return <p className={styles.warning}>{texts.fields.overAllotted(above.name, formatBytes(over))}</p>
}
