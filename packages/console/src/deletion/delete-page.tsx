import type { DeleteQuery, DeletionPreview, Protection, RouteName } from '@granary/contract'
import { Alert, Anchor, Button, Radio, Skeleton, Stack, TextInput } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { readAgain } from '../api/cache.ts'
import { explain } from '../api/refusal.ts'
import { Go } from '../shell/go.tsx'
import { goBack } from '../shell/go-back.ts'
import { Screen, type Step } from '../shell/screen.tsx'
import { stillHere } from '../shell/still-here.ts'
import { tell, tellRefusal } from '../shell/tell.tsx'
import { formatCount } from '../texts/formats.ts'
import { said, texts } from '../texts/index.ts'
import { useFormatBytes } from '../units/unit-system.ts'
import styles from './deletion.module.css'

type Contents = NonNullable<DeleteQuery['contents']>

interface Choice {
  readonly contents: Contents
  readonly title: string
  readonly text: string
}

export interface DeletePlan {
  readonly name: string | undefined
  readonly path: readonly Step[]
  readonly preview: UseQueryResult<DeletionPreview>
  /** Which of the numbers say something here. */
  readonly counts: readonly ('customers' | 'clients')[]
  /** What may become of what is under it; none where all of it goes. */
  readonly choices: readonly Choice[]
  readonly text?: string
  readonly deleteLabel: string
  readonly needs: RouteName
  /** How it is protected once it is in the trash; undefined while that is being read. */
  readonly protection: Protection | undefined
  /** Where it is found in the deleted report. */
  readonly report: string
  readonly remove: (contents: Contents) => Promise<unknown>
  readonly afterwards: string
}

/** A page, not a pop-up: what will go in numbers, what shall become of it, and the name typed to confirm. */
export function DeletePage(plan: DeletePlan) {
  const { preview } = plan
  const name = plan.name ?? '…'
  return (
    <Screen
      shape="form"
      needs={plan.needs}
      path={plan.path}
      title={texts.deletion.title(name)}
      about={preview}
    >
      {preview.isPending && <Skeleton height={220} maw={680} radius={8} />}
      {preview.data && plan.name !== undefined && (
        <Deletion {...plan} name={plan.name} numbers={preview.data} />
      )}
    </Screen>
  )
}

function Deletion(plan: DeletePlan & { name: string; numbers: DeletionPreview }) {
  const { name, numbers, preview } = plan
  const router = useRouter()
  const [contents, setContents] = useState<Contents>(plan.choices[0]?.contents ?? 'delete')
  const [typed, setTyped] = useState('')
  const [running, setRunning] = useState(false)
  const [refusal, setRefusal] = useState<unknown>(null)
  const isConfirmed = typed.trim() === name.trim()
  const canDelete = isConfirmed && numbers.refusal === null

  const remove = async () => {
    setRunning(true)
    setRefusal(null)
    const isHere = stillHere(router)
    try {
      await plan.remove(contents)
      tell(texts.deletion.done(name))
      if (isHere()) router.history.push(plan.afterwards)
      readAgain()
    } catch (failure) {
      if (!isHere()) tellRefusal(failure)
      setRefusal(failure)
      void preview.refetch()
    }
    setRunning(false)
  }
  const reason =
    (numbers.refusal && said(numbers.refusal)) ??
    (refusal ? `${explain(refusal).title}. ${explain(refusal).advice}` : null)
  return (
    <form
      className={styles.page}
      onSubmit={(event) => {
        event.preventDefault()
        if (canDelete) void remove()
      }}
    >
      <Numbers plan={plan} numbers={numbers} />
      {reason && (
        <Alert
          color="red"
          role="alert"
          icon={<IconAlertTriangle size={18} />}
          title={texts.deletion.refusedTitle}
        >
          <div>{reason}</div>
          <Button
            mt="xs"
            variant="default"
            size="compact-xs"
            loading={preview.isFetching}
            onClick={() => {
              setRefusal(null)
              void preview.refetch()
            }}
          >
            {texts.deletion.checkAgain}
          </Button>
        </Alert>
      )}
      {plan.choices.length > 0 && (
        <Radio.Group
          label={texts.deletion.choose}
          value={contents}
          onChange={(value) => setContents(value as Contents)}
        >
          <Stack gap={8} mt={8}>
            {plan.choices.map((choice) => (
              <div
                key={choice.contents}
                className={styles.choice}
                data-chosen={choice.contents === contents || undefined}
              >
                <Radio value={choice.contents} label={choice.title} description={choice.text} />
              </div>
            ))}
          </Stack>
        </Radio.Group>
      )}
      {plan.text && <p className={styles.text}>{plan.text}</p>}
      {contents === 'delete' && plan.protection && (
        <InTrash days={plan.protection.effective.undeleteDays} report={plan.report} />
      )}
      <TextInput
        label={texts.deletion.type(name)}
        value={typed}
        autoComplete="off"
        spellCheck={false}
        dir="auto"
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <div className={styles.foot}>
        <Button type="submit" color="red" disabled={!canDelete} loading={running}>
          {plan.deleteLabel}
        </Button>
        <Button variant="default" onClick={() => goBack(router.history)}>
          {texts.common.cancel}
        </Button>
      </div>
    </form>
  )
}

/** How long what goes can be brought back, and where. */
function InTrash({ days, report }: { days: number; report: string }) {
  if (days === 0) return <p className={styles.text}>{texts.deletion.notKept}</p>
  return (
    <p className={styles.text}>
      {texts.deletion.kept(days)}{' '}
      <Anchor component={Go} href={report} inherit underline="always">
        {texts.deleted.title}
      </Anchor>
    </p>
  )
}

function Numbers({ plan, numbers }: { plan: DeletePlan; numbers: DeletionPreview }) {
  const formatBytes = useFormatBytes()
  const shown: [string, string][] = [
    ...plan.counts.map((count): [string, string] => [texts.deletion[count], formatCount(numbers[count])]),
    [
      texts.deletion.objects,
      numbers.moreObjects ? texts.deletion.moreThan(numbers.objects) : formatCount(numbers.objects),
    ],
    [texts.deletion.bytes, formatBytes(numbers.bytes)],
  ]
  return (
    <dl className={styles.numbers} aria-label={texts.deletion.willGo}>
      {shown.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
