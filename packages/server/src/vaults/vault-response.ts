import type { ServerResponse } from 'node:http'
import { type ProblemCode, ProblemError, problemBody } from '@granary/contract'

/**
 * Answers of the data plane. restic reads the status alone, so these are written by hand and small;
 * people who look get the same problems as in the API.
 */
export function sendProblem(
  response: ServerResponse,
  code: ProblemCode,
  facts: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  const body = JSON.stringify(problemBody(code, facts))
  const status = new ProblemError(code).status
  response.writeHead(status, {
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    ...(status === 401 && { 'WWW-Authenticate': 'Basic realm="Granary vault", charset="UTF-8"' }),
    ...headers,
  })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

const emptyHeaders = ['Content-Length', '0']

/** 200 without a body: what restic takes for success. */
export function sendDone(response: ServerResponse): void {
  response.writeHead(200, emptyHeaders)
  response.end()
}
