import { goJsonString } from './go-text.ts'
import { parseGoTime } from './go-time.ts'

/** A run at work in the repository. Exclusive locks bear no other lock beside them. */
export interface Lock {
  readonly time: string
  readonly exclusive: boolean
  readonly hostname: string
  readonly username: string
  readonly pid: number
  readonly uid?: number
  readonly gid?: number
}

export function encodeLock(lock: Lock): Uint8Array {
  let json = `{"time":"${lock.time}","exclusive":${lock.exclusive}`
  json += `,"hostname":${goJsonString(lock.hostname)},"username":${goJsonString(lock.username)},"pid":${lock.pid}`
  if (lock.uid) json += `,"uid":${lock.uid}`
  if (lock.gid) json += `,"gid":${lock.gid}`
  return new TextEncoder().encode(`${json}}`)
}

/** @throws {SyntaxError} when it is no lock */
export function parseLock(bytes: Uint8Array): Lock {
  const raw = JSON.parse(new TextDecoder().decode(bytes))
  if (typeof raw !== 'object' || raw === null || typeof raw.time !== 'string') {
    throw new SyntaxError('a lock needs a time')
  }
  parseGoTime(raw.time)
  return { hostname: '', username: '', pid: 0, ...raw, exclusive: raw.exclusive === true }
}
