import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { type CallInput, call } from '../api/call.ts'

export const alertListQuery = (asked: CallInput<'listAlerts'>['query']) =>
  queryOptions({
    queryKey: ['alerts', 'list', asked],
    queryFn: ({ signal }) => call('listAlerts', { query: asked }, signal),
    placeholderData: keepPreviousData,
  })

export const webhooksQuery = queryOptions({
  queryKey: ['webhooks'],
  queryFn: ({ signal }) => call('listWebhooks', { query: { limit: 500 } }, signal),
})

export const webhookDeliveriesQuery = (id: string) =>
  queryOptions({
    queryKey: ['webhooks', id, 'deliveries'],
    queryFn: ({ signal }) => call('listWebhookDeliveries', { params: { id } }, signal),
  })
