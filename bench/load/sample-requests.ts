import { createCipheriv, createHash } from 'node:crypto'
import type { LoadJob } from './load-job.ts'

/** A request ready to go out: its head with the first bytes of the body, then the rest. */
export type PreparedRequest = readonly Buffer[]

const stampBytes = 64
const blockBytes = 16 * 1024 * 1024

/**
 * Builds all requests of a run before its clock starts, hashes included. The objects differ in their first
 * 64 bytes and share the rest, a block that large ones repeat, so that any number of them fits into memory.
 */
export function prepareRequests(job: LoadJob): PreparedRequest[] {
  const rest = sharedRest(Math.max(0, job.objectBytes - stampBytes))
  const objects = job.objects ?? job.requests
  const requests = Array.from({ length: objects }, (_, i) => {
    const stamp = keystream(Math.min(stampBytes, job.objectBytes), `${job.seed} ${i}`)
    const hash = createHash('sha256').update(stamp)
    for (const piece of rest) hash.update(piece)
    const name = hash.digest('hex')
    return job.kind === 'upload' ? upload(job, name, stamp, rest) : [requestHead(job, 'GET', name, 0)]
  })
  return Array.from({ length: job.requests }, (_, i) => requests[i % objects] as PreparedRequest)
}

function sharedRest(bytes: number): Buffer[] {
  const block = keystream(Math.min(bytes, blockBytes), 'rest')
  const pieces = Array.from({ length: Math.floor(bytes / blockBytes) }, () => block)
  const last = bytes % blockBytes
  return last === 0 ? pieces : [...pieces, block.subarray(0, last)]
}

function upload(job: LoadJob, name: string, stamp: Buffer, rest: readonly Buffer[]): PreparedRequest {
  const head = requestHead(job, 'POST', name, job.objectBytes)
  const isSmall = job.objectBytes <= 64 * 1024
  return isSmall ? [Buffer.concat([head, stamp, ...rest])] : [Buffer.concat([head, stamp]), ...rest]
}

function requestHead(job: LoadJob, method: string, name: string, bodyBytes: number): Buffer {
  const { path, port, authorization } = job.target
  const lines = [
    `${method} ${path}data/${name} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    `Authorization: ${authorization}`,
    // What restic sends along.
    'User-Agent: Go-http-client/1.1',
    'Accept: application/vnd.x.restic.rest.v2',
  ]
  if (method === 'POST') lines.push('Content-Type: application/octet-stream', `Content-Length: ${bodyBytes}`)
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`)
}

function keystream(bytes: number, seed: string): Buffer {
  const key = createHash('sha256').update(seed).digest()
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(bytes))
}
