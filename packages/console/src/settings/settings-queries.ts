import { queryOptions } from '@tanstack/react-query'
import { call } from '../api/call.ts'

export const mailSettingsQuery = queryOptions({
  queryKey: ['settings', 'mail'],
  queryFn: ({ signal }) => call('readMailSettings', {}, signal),
})

/** Of the server. */
export const settingsQuery = queryOptions({
  queryKey: ['settings', 'server'],
  queryFn: ({ signal }) => call('readSettings', {}, signal),
})

export const oidcSettingsQuery = queryOptions({
  queryKey: ['settings', 'oidc'],
  queryFn: ({ signal }) => call('readOidcSettings', {}, signal),
})

export const alertSettingsQuery = queryOptions({
  queryKey: ['settings', 'alerts'],
  queryFn: ({ signal }) => call('readAlertSettings', {}, signal),
})

export const retentionQuery = queryOptions({
  queryKey: ['settings', 'retention'],
  queryFn: ({ signal }) => call('readRetention', {}, signal),
})
