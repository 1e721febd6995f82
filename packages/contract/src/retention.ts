import { z } from 'zod'
import { fault } from './faults.ts'

/** How long logs are kept; null: for ever. What is older is removed by a job, bit by bit. */

const days = (least: number) =>
  z.int(fault('whole-days')).min(least, fault('too-few-days')).max(36_500, fault('too-many-days')).nullable()

const retentionFields = {
  // So that nobody can do something and have it forgotten soon after.
  auditDays: days(90).describe(
    'Entries of the audit log; the chain of those that stay can still be verified',
  ),
  alertDays: days(1).describe('Alerts that are over'),
  deletedReportDays: days(30).describe(
    'Lines of the deleted report of which nothing lies in the trash any more',
  ),
  waitingDays: days(1).describe('Unknown clients that do not come back to the waiting room'),
  jobDays: days(1).describe('Mails and other work that was given up'),
  sessionDays: days(1).describe('Sessions and links that have expired'),
}
export const retentionSettings = z.object(retentionFields).meta({ id: 'RetentionSettings' })
export type RetentionSettings = z.infer<typeof retentionSettings>
export const retentionPatch = z.object(retentionFields).partial()
export type RetentionPatch = z.infer<typeof retentionPatch>

export const defaultRetention: RetentionSettings = {
  auditDays: null,
  alertDays: 365,
  deletedReportDays: 1095,
  waitingDays: 30,
  jobDays: 30,
  sessionDays: 7,
}
