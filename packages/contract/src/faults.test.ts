import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { faultOf, faultsInEnglish, sayFault } from './faults.ts'
import { clientId, line } from './fields.ts'
import { plugin, pluginKeys } from './plugins.ts'
import { protectionPatch } from './protection.ts'
import { routes } from './routes/routes.ts'

/** What is wrong with a value, as programs are told it and in English. */
function wrong(schema: z.ZodType, value: unknown): [code: string, sentence: string] {
  const issue = schema.safeParse(value).error?.issues[0]
  assert.ok(issue, `${JSON.stringify(value)} is taken`)
  const { code, ...parameters } = faultOf(issue)
  return [`${code} ${JSON.stringify(parameters)}`, sayFault(faultsInEnglish, faultOf(issue))]
}

test('a fault has a code by its check, or by its schema where the check does not tell', () => {
  assert.deepEqual(wrong(clientId, ''), ['client-id-needed {"minimum":1}', 'A client ID is needed.'])
  assert.deepEqual(wrong(clientId, 'x'.repeat(64)), ['too-long {"maximum":63}', 'At most 63 characters.'])
  assert.deepEqual(wrong(clientId, '...'), ['dots-alone {}', 'Not dots alone.'])
  assert.deepEqual(wrong(clientId, 'a b')[0], 'not-a-client-id {}')
  assert.deepEqual(wrong(clientId, 7), ['wrong-type {"expected":"string"}', 'It takes: string.'])
  assert.deepEqual(wrong(line(5), 'a\nb')[0], 'several-lines {}')
  assert.deepEqual(wrong(pluginKeys, ['mssql', 'mssql']), ['plugin-twice {}', 'Each plug-in once.'])
  assert.deepEqual(wrong(pluginKeys, Array(51).fill('a'))[0], 'too-many {"maximum":50}')
  assert.deepEqual(wrong(plugin.shape.clientCount, -1), ['below-zero {}', 'Not below zero.'])
  assert.deepEqual(wrong(protectionPatch, { undeleteDays: 40_000 }), [
    'too-many-days {"maximum":36500}',
    'At most 36500 days.',
  ])
  assert.deepEqual(wrong(protectionPatch, { undeleteDays: 1.5 })[1], 'Whole days.')
  assert.deepEqual(wrong(z.union([z.literal(''), z.email()]), 'nobody'), [
    'email-address {}',
    'An email address.',
  ])
  assert.deepEqual(wrong(z.enum(['a', 'b']), 'c'), ['not-offered {"offered":"a, b"}', 'One of: a, b.'])
  assert.deepEqual(wrong(z.strictObject({}), { a: 1 })[0], 'no-such-field {}')
})

test('no schema of the API says a fault in words of its own', () => {
  const values = [
    undefined,
    null,
    '',
    'x'.repeat(9000),
    'a\n\u0000 b',
    -1,
    0,
    1.5,
    1e300,
    true,
    [],
    {},
    [1, 1],
  ]
  let tried = 0
  for (const [name, { body }] of Object.entries(routes as Record<string, { body?: z.ZodObject }>)) {
    for (const [field, schema] of Object.entries(body?.shape ?? {})) {
      for (const value of values) {
        for (const issue of (schema as z.ZodType).safeParse(value).error?.issues ?? []) {
          tried += 1
          const said =
            Object.hasOwn(faultsInEnglish, issue.message) || /^(Invalid|Too|Unrec)/.test(issue.message)
          assert.ok(said, `${name}, ${field}: ${issue.message}`)
        }
      }
    }
  }
  assert.ok(tried > 1000, `${tried} tried`)
})
