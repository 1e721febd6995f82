import { type RouteAnswer, type Webhook, webhookInput } from '@granary/contract'
import { Alert, Button, Group, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconKey, IconPlus, IconWebhook } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import styles from '../account/account.module.css'
import { webhooksQuery } from '../alerts/alert-queries.ts'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { Secret } from '../clients/credentials-panel.tsx'
import { faultsOf } from '../forms/field-faults.ts'
import { FieldGroup } from '../forms/form-page.tsx'
import formStyles from '../forms/forms.module.css'
import { once } from '../shell/once.ts'
import { tell, tellRefusal } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'
import { WebhookDeliveries } from './webhook-deliveries.tsx'

/** Programs that alerts are sent to. */
export function Webhooks() {
  const webhooks = useQuery(webhooksQuery)
  const [made, setMade] = useState<RouteAnswer<'createWebhook'> | null>(null)
  const form = useForm({ initialValues: { name: '', url: '' } })
  const [running, setRunning] = useState(false)
  const [looked, setLooked] = useState<Webhook | null>(null)
  const readAgain = () => void cache.invalidateQueries(webhooksQuery)
  const create = async () => {
    const parsed = webhookInput.safeParse(form.getValues())
    form.setErrors(faultsOf(parsed))
    if (!parsed.success) return
    setRunning(true)
    try {
      setMade(await call('createWebhook', { body: parsed.data }))
      form.reset()
      readAgain()
    } catch (failure) {
      tellRefusal(failure)
    }
    setRunning(false)
  }
  const act = async (work: () => Promise<unknown>, said: string | null) => {
    try {
      await work()
      if (said !== null) tell(said)
    } catch (failure) {
      tellRefusal(failure)
    }
    readAgain()
  }
  return (
    <form
      className={formStyles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void create()
      }}
    >
      {looked && <WebhookDeliveries webhook={looked} onClose={() => setLooked(null)} />}
      <FieldGroup title={texts.alerts.webhooks} text={texts.alerts.webhooksText}>
        {made && (
          <>
            <Alert color="accent" icon={<IconKey size={18} />}>
              {texts.alerts.secretOnce(made.name)}
            </Alert>
            <Secret label={texts.alerts.secret} value={made.secret} />
          </>
        )}
        {webhooks.data && webhooks.data.items.length > 0 && (
          <ul className={styles.lines} aria-label={texts.alerts.webhooks}>
            {webhooks.data.items.map((webhook) => (
              <li key={webhook.id}>
                <IconWebhook size={18} stroke={1.5} aria-hidden />
                <div>
                  <div dir="auto">{webhook.name}</div>
                  <div className={styles.detail}>
                    {webhook.url} · {lastAnswer(webhook)}
                  </div>
                </div>
                <Group gap="xs" flex="none">
                  <Button
                    variant="default"
                    size="compact-xs"
                    aria-label={`${texts.mails.deliveries}: ${webhook.name}`}
                    onClick={() => setLooked(webhook)}
                  >
                    {texts.mails.deliveries}
                  </Button>
                  <Button
                    variant="default"
                    size="compact-xs"
                    aria-label={`${texts.alerts.testHook}: ${webhook.name}`}
                    onClick={() => void act(() => call('testWebhook', { params: { id: webhook.id } }), null)}
                  >
                    {texts.alerts.testHook}
                  </Button>
                  <Button
                    variant="subtle"
                    color="red"
                    size="compact-xs"
                    aria-label={`${texts.account.remove}: ${webhook.name}`}
                    onClick={once(
                      () =>
                        void act(
                          () => call('removeWebhook', { params: { id: webhook.id } }),
                          texts.alerts.hookRemoved(webhook.name),
                        ),
                    )}
                  >
                    {texts.account.remove}
                  </Button>
                </Group>
              </li>
            ))}
          </ul>
        )}
        <div className={formStyles.pair}>
          <TextInput
            label={texts.alerts.hookName}
            autoComplete="off"
            dir="auto"
            {...form.getInputProps('name')}
          />
          <TextInput
            label={texts.alerts.hookUrl}
            placeholder="https://"
            autoComplete="off"
            {...form.getInputProps('url')}
          />
        </div>
        <div>
          <Button type="submit" variant="default" leftSection={<IconPlus size={14} />} loading={running}>
            {texts.alerts.addHook}
          </Button>
        </div>
      </FieldGroup>
    </form>
  )
}

function lastAnswer({ lastDelivery }: Webhook): string {
  if (lastDelivery === null) return texts.alerts.notSentYet
  return (lastDelivery.ok ? texts.alerts.answeredWell : texts.alerts.answeredBadly)(lastDelivery.answer)
}
