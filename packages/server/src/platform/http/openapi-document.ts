import {
  brandLogoPath,
  eventStreamPath,
  faultsInEnglish,
  liveUpdate,
  type ProblemCode,
  problems,
  type Route,
  type RouteName,
  routes,
} from '@granary/contract'
import { z } from 'zod'
import { problemContentType } from './problem-response.ts'

/** A part of the document: what it holds is said by OpenAPI 3.1 and checked by the test beside this file. */
type Part = Record<string, unknown>
type JsonSchema = Part

/** Problems that any route can answer with, whatever it does. */
const everywhere = ['server-busy', 'internal-error'] as const satisfies ProblemCode[]
const withCaller = ['not-signed-in', 'api-key-invalid', 'not-permitted'] as const satisfies ProblemCode[]
const withInput = ['invalid-request'] as const satisfies ProblemCode[]
const withBody = [
  'invalid-json',
  'body-incomplete',
  'body-too-large',
  'unsupported-media-type',
  'request-timeout',
] as const satisfies ProblemCode[]

/** The API in OpenAPI 3.1, made from the same table that the routes are registered from. */
export function openApiDocument(version: string): Part {
  const components: Record<string, JsonSchema> = { Problem: problemSchema }
  const paths: Record<string, Part> = {}
  for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) {
    const path = route.path.replace(/:([a-zA-Z]+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route, components) }
  }
  paths[eventStreamPath] = { get: eventStream(components) }
  paths[brandLogoPath.replace(':hash', '{hash}')] = { get: brandLogo }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Granary',
      version,
      description: 'The administration API: everything a user of the console can do, a program can do.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }, { session: [] }],
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'A key from `granary api-key create`' },
        session: {
          ...{ type: 'apiKey', in: 'cookie', name: 'granary_session' },
          description: 'What signing in sets; over HTTPS it is named `__Host-granary_session`.',
        },
      },
    },
  }
}

function operation(name: RouteName, route: Route, components: Record<string, JsonSchema>): Part {
  const parameters = [
    ...parametersOf(route.params, 'path', components),
    ...parametersOf(route.query, 'query', components),
  ]
  return {
    operationId: name,
    tags: [route.tag],
    summary: route.summary,
    description: whoMayCall(route),
    ...(route.access === 'public' && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: asSchema(route.body, 'input', components) } },
      },
    }),
    responses: { [route.status]: success(route, components), ...failures(route) },
  }
}

function whoMayCall(route: Route): string {
  if (route.access === 'public') return 'Needs no key.'
  if (route.access === 'anyone') return 'For everybody who is signed in.'
  if (route.access === 'user')
    return 'For a person who is signed in, about their own account; not for API keys.'
  return `For users of the levels ${route.access.levels.join(', ')}, from the role ${route.access.role}.`
}

function success(route: Route, components: Record<string, JsonSchema>): Part {
  if (route.status === 204) return { description: 'Done; nothing to say' }
  const schema = asSchema(route.answer, 'output', components)
  return { description: route.summary, content: { 'application/json': { schema } } }
}

/** One response for each status, naming the problems behind it. */
function failures(route: Route): Record<string, Part> {
  const codes: ProblemCode[] = [
    ...route.problems,
    ...everywhere,
    ...withInput,
    ...(route.access === 'public' ? [] : withCaller),
    ...(route.access !== 'public' && route.method !== 'GET' ? (['foreign-origin'] as const) : []),
    ...(route.method === 'GET' ? [] : (['storage-full'] as const)),
    ...(route.body ? withBody : []),
  ]
  const byStatus = Object.groupBy(new Set(codes), (code) => String(problems[code].status))
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, ofStatus]) => [status, failure(ofStatus ?? [])]),
  )
}

function failure(codes: readonly ProblemCode[]): Part {
  const schema = {
    allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: [...codes] } } }],
  }
  return {
    description: codes.map((code) => `${problems[code].title} (\`${code}\`)`).join('; '),
    content: { [problemContentType]: { schema } },
  }
}

const problemSchema: JsonSchema = {
  type: 'object',
  description:
    'RFC 9457, with a code for programs and an advice for people. More members tell facts of the case.',
  properties: {
    type: { type: 'string' },
    code: { type: 'string', enum: Object.keys(problems) },
    status: { type: 'integer' },
    title: { type: 'string' },
    advice: { type: 'string' },
    retry: { type: 'string', enum: ['never', 'later'] },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          path: { type: 'string' },
          message: { type: 'string' },
          code: { type: 'string', enum: Object.keys(faultsInEnglish) },
          parameters: { type: 'object', additionalProperties: { type: ['string', 'number'] } },
        },
        required: ['path', 'message', 'code', 'parameters'],
      },
    },
  },
  required: ['type', 'code', 'status', 'title', 'advice', 'retry', 'requestId'],
}

function eventStream(components: Record<string, JsonSchema>): Part {
  return {
    operationId: 'followChanges',
    tags: ['Server'],
    summary: 'What moves, as server-sent events; each message’s data is a LiveUpdate in JSON',
    description: 'For everybody who is signed in. Ends when the key is revoked or the session ends.',
    responses: {
      200: {
        description: 'A stream that stays open',
        content: { 'text/event-stream': { schema: asSchema(liveUpdate, 'output', components) } },
      },
      401: failure(['not-signed-in', 'api-key-invalid']),
    },
  }
}

const binary = { type: 'string', format: 'binary' }
const brandLogo: Part = {
  operationId: 'readBrandLogo',
  tags: ['Server'],
  summary: 'A logo, by the address that a brand tells; what lies there never changes',
  description: 'Needs no key.',
  security: [],
  parameters: [{ name: 'hash', in: 'path', required: true, schema: { type: 'string' } }],
  responses: {
    200: {
      description: 'The image',
      content: Object.fromEntries(
        ['image/png', 'image/jpeg', 'image/webp'].map((type) => [type, { schema: binary }]),
      ),
    },
    404: failure(['logo-not-found']),
  },
}

function parametersOf(
  schema: z.ZodObject | undefined,
  place: 'path' | 'query',
  components: Record<string, JsonSchema>,
): Part[] {
  if (!schema) return []
  const { properties, required } = asSchema(schema, 'input', components) as {
    properties?: Record<string, JsonSchema>
    required?: string[]
  }
  return Object.entries(properties ?? {}).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || (required?.includes(name) ?? false),
    ...(description !== undefined && { description }),
    schema: rest,
  }))
}

/** The JSON schema of a zod schema; parts that have a name of their own go into the components. */
function asSchema(
  schema: z.ZodType,
  io: 'input' | 'output',
  components: Record<string, JsonSchema>,
): JsonSchema {
  const { $schema: _, $defs, id, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  for (const [name, { id: __, ...definition }] of Object.entries($defs ?? {})) {
    components[name] = relocated(definition)
  }
  if (typeof id !== 'string') return relocated(rest)
  components[id] = relocated(rest)
  return { $ref: `#/components/schemas/${id}` }
}

function relocated(schema: unknown): JsonSchema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'))
}
