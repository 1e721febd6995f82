import { type ProblemCode, ProblemError, problemBody } from '@granary/contract'
import { LocationMissingError, StorageFullError } from '@granary/object-store'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { DatabaseFullError } from '../database/database.ts'
import type { Log } from '../log.ts'

export const problemContentType = 'application/problem+json'

/** Turns whatever a handler threw into the one form in which the API tells failures (RFC 9457). */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): void {
  const problem = asProblem(error)
  if (problem.code === 'internal-error' || problem.code === 'storage-location-missing') {
    log.error(
      { requestId: request.id, method: request.method, url: pathOf(request), err: error },
      'Request failed',
    )
  }
  if (problem.code === 'not-signed-in' || problem.code === 'api-key-invalid') {
    reply.header('www-authenticate', 'Bearer realm="Granary"')
  }
  reply
    .code(problem.status)
    .type(problemContentType)
    .serializer(JSON.stringify)
    .send({ ...problemBody(problem.code, problem.facts), requestId: request.id })
}

/** Fastify's own refusals, by its error codes. */
const frameworkProblems: Record<string, ProblemCode> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_BAD_URL: 'route-not-found',
  FST_STATIC_FORBIDDEN_PATH: 'route-not-found',
  FST_ERR_MAX_PARAM_LENGTH: 'route-not-found',
}

function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  if (error instanceof DatabaseFullError) return new ProblemError('storage-full', {}, { cause: error })
  if (error instanceof LocationMissingError)
    return new ProblemError('storage-location-missing', {}, { cause: error })
  if (error instanceof StorageFullError) return new ProblemError('storage-full', {}, { cause: error })
  const known = frameworkProblems[String((error as { code?: unknown } | null)?.code)]
  return new ProblemError(known ?? 'internal-error', {}, { cause: error })
}

/** The address without its query, which may hold what should not be logged. */
function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? ''
}
