import type { IncomingMessage } from 'node:http'
import { atField, ProblemError } from '@granary/contract'
import { readSmallBody } from './read-json-body.ts'

/**
 * Reads a small form, of either kind that browsers send.
 * @throws {ProblemError} invalid-request, and what `readSmallBody` throws
 */
export async function readFormBody(
  request: IncomingMessage,
  contentType: string,
  patienceMs: number,
): Promise<URLSearchParams | FormData> {
  const bytes = await readSmallBody(request, patienceMs)
  if (!contentType.startsWith('multipart/')) return new URLSearchParams(bytes.toString('utf8'))
  try {
    return await new Response(bytes, { headers: { 'content-type': contentType } }).formData()
  } catch (error) {
    const errors = [atField('body', { code: 'not-a-form' })]
    throw new ProblemError('invalid-request', { errors }, { cause: error })
  }
}
