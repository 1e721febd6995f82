import type { BigIntStats } from 'node:fs'
import type { AccountNames } from '../../filesystem/account-names.ts'
import { timeText } from '../../filesystem/file-metadata.ts'
import { goModeFromUnix } from '../../format/file-mode.ts'
import { goJsonString } from '../../format/go-text.ts'

/**
 * Tells whether the JSON of a regular file says of it what the file system says, without extended attributes. It is
 * compared piece by piece: to describe every file anew, only to find that nothing is new, would take several times as
 * long, and leave a kilobyte of garbage each.
 */
export class MetadataMatcher {
  readonly #accounts: AccountNames
  readonly #withAtime: boolean
  // The last of each, which mostly is the next as well.
  #mode = { unixMode: -1, json: '' }
  #owner = { uid: -1, gid: -1, json: '' }
  #device = { id: -1n, json: '' }

  constructor(accounts: AccountNames, withAtime: boolean) {
    this.#accounts = accounts
    this.#withAtime = withAtime
  }

  /**
   * @param from where the quote behind the name is
   * @returns where the metadata ends that is the same to the letter; −1 where it is not
   */
  endOfSame(json: string, from: number, stats: BigIntStats): number {
    const mtime = timeText(stats.mtimeMs, stats.mtimeNs)
    const atime = this.#withAtime ? timeText(stats.atimeMs, stats.atimeNs) : mtime
    let at = endOf(json, from, this.#modeJson(Number(stats.mode)))
    at = endOf(json, at, mtime)
    at = endOf(json, at, '","atime":"')
    at = endOf(json, at, atime)
    at = endOf(json, at, '","ctime":"')
    at = endOf(json, at, timeText(stats.ctimeMs, stats.ctimeNs))
    at = endOf(json, at, this.#ownerJson(Number(stats.uid), Number(stats.gid)))
    at = endOf(json, at, field('inode', stats.ino))
    at = endOf(json, at, this.#deviceJson(stats.dev))
    at = endOf(json, at, field('size', stats.size))
    return endOf(json, at, field('links', stats.nlink))
  }

  #modeJson(unixMode: number): string {
    if (this.#mode.unixMode !== unixMode) {
      const mode = goModeFromUnix(unixMode)
      const json = `","type":"file"${mode === 0 ? '' : `,"mode":${mode}`},"mtime":"`
      this.#mode = { unixMode, json }
    }
    return this.#mode.json
  }

  #ownerJson(uid: number, gid: number): string {
    if (this.#owner.uid !== uid || this.#owner.gid !== gid) {
      const [user, group] = [this.#accounts.user(uid), this.#accounts.group(gid)]
      const json =
        `","uid":${uid},"gid":${gid}` +
        (user ? `,"user":${goJsonString(user)}` : '') +
        (group ? `,"group":${goJsonString(group)}` : '')
      this.#owner = { uid, gid, json }
    }
    return this.#owner.json
  }

  #deviceJson(id: bigint): string {
    if (this.#device.id !== id) this.#device = { id, json: field('device_id', id) }
    return this.#device.json
  }
}

/** Zero is left out. Plain numbers become text several times as quickly as BigInt. */
function field(name: string, value: bigint): string {
  if (value === 0n) return ''
  return `,"${name}":${value <= Number.MAX_SAFE_INTEGER ? Number(value) : value}`
}

/** Where `piece` ends when it stands at `at`; −1 where it does not, or what is before it did not. */
function endOf(json: string, at: number, piece: string): number {
  return at >= 0 && json.startsWith(piece, at) ? at + piece.length : -1
}
