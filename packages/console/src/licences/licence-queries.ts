import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { type CallInput, call } from '../api/call.ts'

/** Whose MCALs: one's own place where nothing is named. */
export interface LicencePlace {
  readonly reseller?: string
  readonly customer?: string
}

export const licenceAccountQuery = (place: LicencePlace) =>
  queryOptions({
    queryKey: ['licences', 'account', place],
    queryFn: ({ signal }) => call('readLicences', { query: { ...place } }, signal),
  })

/** Application plug-ins by name. */
export const pluginsQuery = queryOptions({
  queryKey: ['licences', 'plugins'],
  queryFn: ({ signal }) => call('listPlugins', {}, signal),
})

export const statementQuery = (place: LicencePlace, months: number) =>
  queryOptions({
    queryKey: ['licences', 'statement', place, months],
    queryFn: ({ signal }) => call('readLicenceStatement', { query: { ...place, months } }, signal),
  })

export const drawListQuery = (asked: CallInput<'listLicenceDraws'>['query']) =>
  queryOptions({
    queryKey: ['licences', 'draws', asked],
    queryFn: ({ signal }) => call('listLicenceDraws', { query: asked }, signal),
    placeholderData: keepPreviousData,
  })

export const allotmentListQuery = (asked: CallInput<'listLicenceAllotments'>['query']) =>
  queryOptions({
    queryKey: ['licences', 'allotments', asked],
    queryFn: ({ signal }) => call('listLicenceAllotments', { query: asked }, signal),
    placeholderData: keepPreviousData,
  })
