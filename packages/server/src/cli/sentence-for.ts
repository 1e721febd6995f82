import { ProblemError, problems } from '@granary/contract'
import { StorageLocationError } from '../storage/storage.ts'

/** What went wrong, in a sentence for whoever runs the command; with `GRANARY_LOG=debug` also where. */
export function sentenceFor(error: unknown): string {
  if (error instanceof ProblemError) {
    const { errors } = error.facts as { errors?: { path: string; message: string }[] }
    const fields = (errors ?? []).map(({ path, message }) => `${path}: ${message}`).join(' ')
    return `${error.message}. ${fields || problems[error.code].advice}`
  }
  if (error instanceof StorageLocationError) return error.message
  const code = codeOf(error)
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'ETIMEDOUT') {
    return `The database at DATABASE_URL can’t be reached (${code}). Check that PostgreSQL runs there.`
  }
  if (code === '28P01' || code === '28000') {
    return 'PostgreSQL refuses the user or password of DATABASE_URL.'
  }
  if (code === '3D000')
    return 'The database that DATABASE_URL names does not exist. Create it first: createdb granary'
  if (code === 'EACCES' || code === 'EROFS' || code === 'ENOTDIR' || code === 'EEXIST') {
    const { path } = error as { path?: string }
    return `${path ?? 'The data folder'} can’t be written (${code}). Set GRANARY_DATA to a folder that can.`
  }
  return error instanceof Error ? error.message : String(error)
}

/** The system's or database's code, which may lie behind a sentence of ours. */
function codeOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return undefined
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  return code ?? codeOf(cause)
}
