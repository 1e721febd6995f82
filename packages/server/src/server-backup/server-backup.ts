export { restoreServerBackup } from './restore-server-backup.ts'
export { writeServerBackup } from './write-server-backup.ts'

export const backUpServerJobKind = 'back-up-server'
