export * from './accent.ts'
export * from './account.ts'
export * from './alert-messages.ts'
export { alertTitles, type MessageFormats, sayAlert } from './alert-texts.ts'
export * from './alerts.ts'
export * from './audit.ts'
export * from './audit-events.ts'
export * from './brand.ts'
export * from './client-history.ts'
export * from './clients.ts'
export * from './customers.ts'
export * from './damage.ts'
export * from './deletions.ts'
export {
  atField,
  type Fault,
  type FaultCode,
  type FaultTexts,
  type FieldFault,
  faultOf,
  faultsInEnglish,
  fieldFault,
  sayFault,
} from './faults.ts'
export * as fields from './fields.ts'
export { nameKey } from './fields.ts'
export * from './languages.ts'
export * from './licences.ts'
export * from './lists.ts'
export * from './mail-settings.ts'
export * from './oidc.ts'
export * from './plugins.ts'
export * from './problems.ts'
export * from './protection.ts'
export * from './reasons.ts'
export * from './resellers.ts'
export * from './retention.ts'
export * from './roles.ts'
export type { Route } from './routes/route.ts'
export * from './routes/routes.ts'
export * from './sessions.ts'
export * from './settings.ts'
export * from './states.ts'
export * from './storage-locations.ts'
export * from './units.ts'
export * from './users.ts'
export * from './waiting-room.ts'
export * from './warning-signs.ts'
