import assert from 'node:assert/strict'
import { once } from 'node:events'
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { request } from 'node:https'
import path from 'node:path'
import { test } from 'node:test'
import { connect } from 'node:tls'
import type { Alert, List } from '@granary/contract'
import { granaryEnvironment, startGranary } from '../src/granary-process.ts'
import { temporaryFolder } from '../src/sample-tree.ts'
import { type CertificateFiles, writeCertificate } from '../src/self-signed-certificate.ts'
import { runProgram } from '../src/tools/run-program.ts'
import { projectRoot } from '../src/tools/tools-folder.ts'
import { within } from '../src/within.ts'

const day = 24 * 60 * 60_000
/** Of both workers: connections go to one after the other. */
const connections = 4

test('a certificate near its end is told of; renewed, every worker shows it without a restart', async () => {
  await using folder = await temporaryFolder('tls')
  const tls = await writeCertificate(folder.path, { endsAt: Date.now() + 3 * day })
  const settings = { dataFolder: folder.path, listen: '127.0.0.1:0', workers: 2, tls }
  const server = await startGranary(settings)
  try {
    const key = await apiKey(settings)
    const first = await readFile(tls.certificateFile)
    const open = async () => {
      const trusted = await readFile(tls.certificateFile)
      const list = await call<List<Alert>>(server.url, key, trusted, 'GET', '/api/v1/alerts?state=open')
      return list.items.filter(({ kind }) => kind === 'certificate-ending')
    }
    await within(20_000, async () => assert.match((await open())[0]?.text ?? '', /certificate ends on/))
    const begun = await shownEnds(server.url, first)

    // As a renewal that was caught halfway: its key is still to come.
    const next = await writeCertificate(await made(folder.path, 'next'), { endsAt: Date.now() + 300 * day })
    await copyFile(next.certificateFile, tls.certificateFile)
    await within(20_000, async () =>
      assert.match(server.log(), /can’t be used; going on with the one before/),
    )
    assert.deepEqual(await shownEnds(server.url, first), begun)

    await copyFile(next.keyFile, tls.keyFile)
    const renewed = await readFile(tls.certificateFile)
    await within(20_000, async () => {
      const ends = await shownEnds(server.url, renewed)
      assert.ok(ends.every((at) => at > Date.now() + 200 * day))
    })
    await call(server.url, key, renewed, 'PATCH', '/api/v1/settings/alerts', { certificateDays: 30 })
    await within(20_000, async () => assert.deepEqual(await open(), []))
    await server.stop()
  } finally {
    await server.killHard()
  }
})

async function made(parent: string, name: string): Promise<string> {
  const folder = path.join(parent, name)
  await mkdir(folder)
  return folder
}

async function apiKey(settings: { dataFolder: string; listen: string; tls: CertificateFiles }) {
  const program = path.join(projectRoot, 'packages/server/bin/granary.js')
  const args = [program, 'api-key', 'create', '--name', 'tests', '--role', 'server-admin']
  const { stdout } = await runProgram(process.execPath, args, { env: granaryEnvironment(settings) })
  return stdout.trim()
}

/** When the certificates end that new connections are shown. @throws where one is not `trusted` */
async function shownEnds(url: string, trusted: Buffer): Promise<number[]> {
  const ends: number[] = []
  for (let n = 0; n < connections; n += 1) {
    const { hostname, port } = new URL(url)
    const socket = connect({ host: hostname, port: Number(port), ca: trusted })
    await once(socket, 'secureConnect')
    ends.push(Date.parse(socket.getPeerCertificate().valid_to))
    socket.destroy()
  }
  return ends
}

async function call<Answer>(
  url: string,
  key: string,
  trusted: Buffer,
  method: string,
  place: string,
  body?: unknown,
): Promise<Answer> {
  const asked = request(new URL(place, url), {
    method,
    ca: trusted,
    agent: false,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
  })
  asked.end(body === undefined ? undefined : JSON.stringify(body))
  const [response] = await once(asked, 'response')
  let text = ''
  for await (const chunk of response) text += chunk
  assert.equal(response.statusCode, 200, text)
  return JSON.parse(text)
}
