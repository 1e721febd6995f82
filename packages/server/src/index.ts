/** What the test world builds on; programs use the command line and the API. */
export { ensureDefaults } from './customers/customers.ts'
export { systemClock } from './platform/clock.ts'
export type { Database } from './platform/database/database.ts'
export { type DatabaseLocation, openDatabase } from './platform/database/open-database.ts'
export type { Schema } from './platform/database/schema.ts'
export { newId } from './platform/new-id.ts'
