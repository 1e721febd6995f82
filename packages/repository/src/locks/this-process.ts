import { hostname, userInfo } from 'node:os'

/** Who is at work, as locks and snapshots name it. */
export interface ThisProcess {
  readonly hostname: string
  readonly username: string
  readonly pid: number
  readonly uid: number
  readonly gid: number
}

export function thisProcess(): ThisProcess {
  return {
    hostname: hostname(),
    username: username(),
    pid: process.pid,
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
  }
}

function username(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run under a user id that no file names.
    return String(process.getuid?.() ?? '')
  }
}

export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it is there, and belongs to someone else.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}
