import { atField, type FieldFault, faultOf, ProblemError, type Route } from '@granary/contract'
import { z } from 'zod'
import { refuseStrangeValues } from '../platform/http/plain-values.ts'

const mostErrors = 50

/**
 * Parses what a caller sent by the route's schemas, all parts before refusing, so that every error is told at once.
 * @throws {ProblemError} invalid-request with `errors`, each a `FieldFault`
 */
export function parseInput(
  route: Route,
  sent: { params: unknown; query: unknown; body: unknown },
): { params: unknown; query: unknown; body: unknown } {
  refuseStrangeValues(sent.params, 'params')
  refuseStrangeValues(sent.query, 'query')
  refuseStrangeValues(sent.body, '')
  const errors: FieldFault[] = []
  const parsed = {
    params: part(route.params?.strict(), sent.params, 'params', errors),
    query: part((route.query ?? z.object({})).strict(), sent.query, 'query', errors),
    body: bodyPart(route, sent.body, errors),
  }
  if (errors.length > 0) throw new ProblemError('invalid-request', { errors: errors.slice(0, mostErrors) })
  return parsed
}

function part(schema: z.ZodType | undefined, value: unknown, name: string, errors: FieldFault[]): unknown {
  if (!schema) return undefined
  const result = schema.safeParse(value)
  if (result.success) return result.data
  errors.push(...fieldErrors(result.error, name))
  return undefined
}

function bodyPart(route: Route, body: unknown, errors: FieldFault[]): unknown {
  if (!route.body) {
    const isEmpty = body === undefined || (isRecord(body) && Object.keys(body).length === 0)
    if (!isEmpty) errors.push(atField('', { code: 'no-body-taken' }))
    return undefined
  }
  if (!isRecord(body)) {
    errors.push(atField('', { code: 'not-an-object' }))
    return undefined
  }
  return part(route.body.strict(), withoutShownFields(route, route.body, body), '', errors)
}

/** What was read may be sent back whole: fields that only reading shows are passed over, misspelt ones are not. */
function withoutShownFields(route: Route, schema: z.ZodObject, body: Record<string, unknown>) {
  const shown = route.answer instanceof z.ZodObject ? route.answer.shape : {}
  return Object.fromEntries(
    Object.entries(body).filter(([key]) => Object.hasOwn(schema.shape, key) || !Object.hasOwn(shown, key)),
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fieldErrors(error: z.ZodError, part: string): FieldFault[] {
  return error.issues.flatMap((issue) => {
    const path = [part, ...issue.path.map(String)].filter((step) => step !== '').join('.')
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) =>
        atField(path === '' ? shortened(key) : `${path}.${shortened(key)}`, faultOf(issue)),
      )
    }
    return [atField(path, faultOf(issue))]
  })
}

function shortened(key: string): string {
  return key.length <= 60 ? key : `${key.slice(0, 60)}…`
}
