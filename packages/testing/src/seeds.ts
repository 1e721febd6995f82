/** What fills databases past the server: it takes the server's own parts and Kysely, too long to load for every test. */
export { makeTemplates } from './make-templates.ts'
export * from './seed-history.ts'
export * from './seed-large-tenancy.ts'
export * from './seed-records.ts'
export * from './seed-versions.ts'
