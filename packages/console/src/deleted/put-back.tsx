import type { PutBackPreview } from '@granary/contract'
import { Alert, Button, Radio, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/call.ts'
import { DialogActions, FormDialog } from '../forms/form-dialog.tsx'
import { Moment } from '../shell/moment.tsx'
import { RefusalAlert } from '../shell/refusal-alert.tsx'
import { tell, tellRefusal } from '../shell/tell.tsx'
import { said, texts } from '../texts/index.ts'
import { useFormatBytes } from '../units/unit-system.ts'
import { readDeletedAgain } from './deleted-queries.ts'
import styles from './undeletions.module.css'

/** As many characters as restic shows of a snapshot. */
const shownIdLength = 8

interface Target {
  readonly id: string
  readonly clientId: string
}

/** Puts a vault back to a moment: says in numbers what that would change before asking. */
export function PutBack(props: {
  readonly client: Target | null
  /** What is proposed; an hour ago when left out */
  readonly moment?: number
  readonly onClose: () => void
}) {
  const { client, onClose } = props
  return (
    <FormDialog
      opened={client !== null}
      onClose={onClose}
      size="lg"
      title={client && texts.deleted.putBackTitle(client.clientId)}
    >
      {client && <PutBackForm key={client.id} client={client} proposed={props.moment} onClose={onClose} />}
    </FormDialog>
  )
}

function PutBackForm(props: { client: Target; proposed: number | undefined; onClose: () => void }) {
  const { client, proposed, onClose } = props
  const [initial] = useState(() => asLocal(proposed ?? Date.now() - 60 * 60 * 1000))
  const [written, setWritten] = useState(initial)
  const [added, setAdded] = useState<'keep' | 'remove'>('keep')
  const [running, setRunning] = useState(false)
  // The field has whole seconds; as long as nobody writes in it, what is proposed holds to the millisecond.
  const isProposed = proposed !== undefined && written === asLocal(proposed)
  const at = isProposed ? proposed : new Date(written).getTime()
  const moment = Number.isNaN(at) ? null : at
  const preview = useQuery({
    queryKey: ['put-back', client.id, moment, added],
    queryFn: ({ signal }) =>
      call('previewPutBack', { params: { id: client.id }, query: { moment: moment ?? 0, added } }, signal),
    enabled: moment !== null,
  })
  const run = async () => {
    if (moment === null) return
    setRunning(true)
    try {
      await call('putBackClient', { params: { id: client.id }, body: { moment, added } })
      tell(texts.deleted.undone(client.clientId))
      readDeletedAgain()
      onClose()
    } catch (failure) {
      tellRefusal(failure)
    }
    setRunning(false)
  }
  return (
    <Stack>
      <div>{texts.deleted.putBackText}</div>
      <TextInput
        data-autofocus
        type="datetime-local"
        label={texts.deleted.moment}
        value={written}
        step={1}
        max={asLocal(Date.now())}
        onChange={(event) => setWritten(event.currentTarget.value)}
      />
      <Radio.Group
        label={texts.deleted.addedLabel}
        value={added}
        onChange={(value) => setAdded(value === 'remove' ? 'remove' : 'keep')}
      >
        <Stack gap={6} mt={6}>
          <Radio value="keep" label={texts.deleted.addedKeep} />
          <Radio value="remove" label={texts.deleted.addedRemove} />
        </Stack>
      </Radio.Group>
      <RefusalAlert refusal={preview.error} />
      {preview.data && <Consequences preview={preview.data} />}
      {preview.data && <VersionsThen then={preview.data.versionsThen} />}
      <DialogActions isRunning={running} isChanged={written !== initial || added !== 'keep'}>
        <Button
          loading={running}
          disabled={!preview.data || preview.data.refusal !== null || isNothing(preview.data)}
          onClick={() => void run()}
        >
          {texts.deleted.goBack}
        </Button>
      </DialogActions>
    </Stack>
  )
}

function Consequences({ preview }: { preview: PutBackPreview }) {
  const formatBytes = useFormatBytes()
  const { objects, bytes, versions, addedObjects, addedVersions, refusal } = preview
  if (refusal !== null)
    return (
      <Alert color="red" role="alert">
        {said(refusal)}
      </Alert>
    )
  return (
    <div role="status">
      {isNothing(preview)
        ? texts.deleted.nothing
        : texts.deleted.preview(objects, formatBytes(bytes), versions)}
      {addedObjects > 0 && <div>{texts.deleted.previewOut(addedObjects, addedVersions)}</div>}
    </div>
  )
}

/** What could be restored from the vault then. */
function VersionsThen({ then }: { then: PutBackPreview['versionsThen'] }) {
  const more = then.total - then.newest.length
  return (
    <div>
      {texts.deleted.versionsThen(then.total)}
      {then.total > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled has to be reached by keyboard
        <ul className={styles.versions} tabIndex={0} aria-label={texts.deleted.versions}>
          {then.newest.map(({ version, storedAt, inTrash }) => (
            <li key={version}>
              <code>{version.slice(0, shownIdLength)}</code>
              <Moment at={storedAt} />
              <span className={styles.note}>
                {inTrash ? texts.deleted.versionInTrash : texts.deleted.versionThere}
              </span>
            </li>
          ))}
          {more > 0 && <li className={styles.note}>{texts.deleted.versionsMore(more)}</li>}
        </ul>
      )}
    </div>
  )
}

function isNothing({ objects, addedObjects }: PutBackPreview): boolean {
  return objects === 0 && addedObjects === 0
}

/** As the browser's own field for dates takes it: in the local time of whoever looks. */
function asLocal(at: number): string {
  const date = new Date(at - new Date(at).getTimezoneOffset() * 60_000)
  return date.toISOString().slice(0, 19)
}
