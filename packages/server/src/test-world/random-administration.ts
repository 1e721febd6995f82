import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { ClientWithSecret, List, ProblemBody, ProblemCode, WaitingClient } from '@granary/contract'
import type { ClientRow } from '../platform/database/schema.ts'
import { AdministrationFacts, type Standing, unitsOf } from './administration-facts.ts'
import type { Answer, ApiWorld } from './api-world.ts'
import { Dice } from './dice.ts'
import type { PlaceKeys } from './expect-lists-right.ts'

const hour = 3_600_000
const day = 24 * hour
/** Few, so that they are often taken; some are the same to people, and some only look alike. */
const names = [
  'Bakery',
  ' bakery ',
  'Café',
  'Cafe\u0301',
  'CAFÉ',
  'ＢＡＫＥＲＹ',
  'Straße',
  'İz',
  '診療所',
  'Zoo',
]
const clientIds = ['web', 'WEB', 'db', 'till-1', 'Till-1', 'files', 'mail', 'a.b', 'x_1']
const newcomers = [...clientIds, 'new-1', 'new-2', 'new-3']
const pluginKeys = ['sql', 'mail-store']

type Tenants = 'resellers' | 'customers' | 'clients'
type Body = Record<string, unknown>

/**
 * Administrators, resellers, customers and machines who do one thing after the other, the same ones for the same seed, at a
 * server on SQLite whose clock stands still in between. Of each it is known what may come of it, of uploads exactly what.
 */
export class RandomAdministration {
  /** What was done, the last at the end, for whoever looks into a failure */
  readonly done: string[] = []
  readonly #world: ApiWorld
  readonly #facts: AdministrationFacts
  readonly #dice: Dice
  /** Of clients, by their IDs */
  readonly #secrets = new Map<string, string>()
  /** What lay below what was deleted, by deletion */
  readonly #whatWas = new Map<string, unknown>()
  #trashCounts = false

  constructor(world: ApiWorld, seed: number) {
    this.#world = world
    this.#facts = new AdministrationFacts(world)
    this.#dice = new Dice(seed)
  }

  /** Does something. */
  async step(): Promise<void> {
    const steps: readonly (readonly [weight: number, () => Promise<void>])[] = [
      [2, () => this.#addReseller()],
      [5, () => this.#addCustomer()],
      [8, () => this.#addClient()],
      [3, () => this.#rename()],
      [6, () => this.#switchState()],
      [30, () => this.#upload()],
      [8, () => this.#removeObject()],
      [6, () => this.#move()],
      [6, () => this.#remove()],
      [10, () => this.#undelete()],
      [3, () => this.#purge()],
      [6, () => this.#limitSpace()],
      [5, () => this.#limitMcals()],
      [6, () => this.#changeClient()],
      [3, () => this.#changePlugin()],
      [4, () => this.#changeSettings()],
      [6, () => this.#knock()],
      [4, () => this.#openWaitingRoom()],
      [3, () => this.#putBack()],
      [7, () => this.#letPass()],
      [5, () => this.#world.runJobs()],
    ]
    let at = this.#dice.below(steps.reduce((sum, [weight]) => sum + weight, 0))
    for (const [weight, step] of steps) {
      at -= weight
      if (at < 0) return step()
    }
  }

  /** A place that somebody looks from. */
  async place(): Promise<Parameters<PlaceKeys['of']>[0]> {
    const level = this.#dice.one(['server', 'reseller', 'customer'] as const)
    return { level, id: level === 'server' ? '' : ((await this.#any(`${level}s`)) ?? '') }
  }

  async #addReseller(): Promise<void> {
    const body = { name: this.#dice.one(names), ...this.#limits(8000, 20) }
    await this.#ask('POST', '/resellers', body, ['name-taken', 'reseller-management-off'])
  }

  async #addCustomer(): Promise<void> {
    const body = {
      name: this.#dice.one(names),
      reseller: this.#dice.chance(0.8) ? await this.#any('resellers') : undefined,
      autoAuthorization: this.#dice.chance(0.5),
      ...this.#limits(5000, 12),
      ...(this.#dice.chance(0.2) && { trial: { forNewClients: true, days: 1 + this.#dice.below(40) } }),
    }
    await this.#ask('POST', '/customers', body, ['name-taken', 'reseller-management-off', 'over-allotted'])
  }

  async #addClient(): Promise<void> {
    const body = {
      clientId: this.#dice.one(clientIds),
      kind: this.#kind(),
      ...(this.#dice.chance(0.3) && { space: { allottedBytes: 200 + this.#dice.below(3000) } }),
      ...(this.#dice.chance(0.2) && { trial: this.#dice.chance(0.7) }),
      ...(this.#dice.chance(0.3) && { plugins: await this.#plugins() }),
    }
    const isTaken = (await this.#facts.living(body.clientId)).length > 0
    const path = `/customers/${await this.#any('customers')}/clients`
    const refusals = [
      'over-allotted',
      'plugin-retired',
      ...(isTaken ? ['client-id-taken' as const] : []),
    ] as const
    const answer = await this.#ask<ClientWithSecret>('POST', path, body, refusals)
    if (answer.status >= 300) return
    assert.equal(isTaken, false)
    this.#secrets.set(answer.body.id, answer.body.secret)
  }

  async #rename(): Promise<void> {
    const tenants = this.#dice.one(['resellers', 'customers'] as const)
    await this.#ask('PATCH', `/${tenants}/${await this.#any(tenants)}`, { name: this.#dice.one(names) }, [
      'name-taken',
    ])
  }

  async #switchState(): Promise<void> {
    const tenants = this.#dice.one(['resellers', 'customers', 'clients', 'clients'] as const)
    const id = await this.#any(tenants)
    const action = this.#dice.chance(0.6) ? 'activate' : 'deactivate'
    if (id)
      await this.#ask('POST', `/${tenants}/${id}/${action}`, undefined, [
        'default-is-permanent',
        'trial-ended',
      ])
  }

  async #upload(): Promise<void> {
    const id = await this.#any('clients')
    const secret = this.#secrets.get(id ?? '')
    if (!id || !secret) return
    const it = await this.#facts.standing(id)
    const content = Buffer.alloc(1 + this.#dice.below(900), String(this.#dice.below(1e9)))
    const name = createHash('sha256').update(content).digest('hex')
    const before = await this.#facts.mcalsUsed(it)
    const { answer, units } = await this.#facts.expectedOfUpload(id, it, {
      name,
      bytes: content.length,
      trashCounts: this.#trashCounts,
    })
    // For two milliseconds processes may go by what they knew before an edit.
    await pause(3)
    assert.equal(await this.#vault('POST', it, secret, `data/${name}`, content), answer)
    // Refused for want of room alone: whether it has drawn by then is left open, as the units are the month's.
    if (answer === 'quota-exceeded') return
    const drawn = before.map((used) => used + units)
    assert.deepEqual(await this.#facts.mcalsUsed(it), drawn, 'units drawn')
  }

  async #removeObject(): Promise<void> {
    const found = this.#dice.one(
      await this.#facts.rows<{ id: string; name: string }>(`select c.id, lower(hex(o.name)) as name
        from objects as o join clients as c on c.vault_no = o.vault_no where c.deleted_at is null
        order by o.stored_at, o.name`),
    )
    const secret = this.#secrets.get(found?.id ?? '')
    if (!found || !secret) return
    const it = await this.#facts.standing(found.id)
    const isActive = [it.state, it.customer_state, it.reseller_state].every((state) => state === 'active')
    const answer = await this.#vault('DELETE', it, secret, `data/${found.name}`)
    assert.equal(answer === 'ok', isActive, answer)
  }

  async #move(): Promise<void> {
    const [client, customer] = [await this.#any('clients'), await this.#any('customers')]
    const refusals = ['state-conflict', 'quota-exceeded', 'over-allotted', 'undelete-running'] as const
    if (client) await this.#ask('POST', `/clients/${client}/move`, { customer }, refusals)
  }

  async #remove(): Promise<void> {
    const kind = this.#dice.one(['client', 'client', 'customer', 'customer', 'reseller'] as const)
    const contents = this.#dice.one(['move-to-default', 'delete'] as const)
    const id = await this.#any(`${kind}s`)
    if (!id) return
    const was = await this.#facts.treeOf(kind, id)
    const path = `/${kind}s/${id}${kind === 'client' ? '' : `?contents=${contents}`}`
    const refusals = ['default-is-permanent', 'undelete-running', 'over-allotted'] as const
    const answer = await this.#ask('DELETE', path, undefined, refusals)
    if (answer.status >= 300 || (kind !== 'client' && contents !== 'delete')) return
    const [line] = await this.#facts.rows<{ id: string }>(
      `select id from deletions where target_id = '${id}' and kind = '${kind}' order by rowid desc`,
    )
    this.#whatWas.set(line?.id ?? '', was)
  }

  async #undelete(): Promise<void> {
    const line = this.#dice.one(
      await this.#facts.rows<{ id: string; kind: string; target_id: string }>(
        `select id, kind, target_id from deletions where state in ('in-trash', 'partly', 'moved') order by rowid`,
      ),
    )
    if (!line) return
    const isRenamed = this.#dice.chance(0.3)
    const body = isRenamed ? { name: `Back ${this.#dice.below(1e6)}` } : {}
    const answer = await this.#ask('POST', `/deletions/${line.id}/undelete`, body, [
      ...(['not-in-trash', 'parent-deleted', 'undelete-running', 'quota-exceeded'] as const),
      ...(['name-taken', 'client-id-taken', 'over-allotted'] as const),
    ])
    const was = this.#whatWas.get(line.id)
    if (answer.status >= 300 || was === undefined) return
    this.#whatWas.delete(line.id)
    if (!isRenamed)
      assert.deepEqual(await this.#facts.treeOf(line.kind, line.target_id), was, 'exactly as it was')
  }

  async #purge(): Promise<void> {
    const line = this.#dice.one(
      await this.#facts.rows<{ id: string }>(
        `select id from deletions where state in ('in-trash', 'partly') order by rowid`,
      ),
    )
    const refusals = ['not-in-trash', 'trash-frozen'] as const
    if (line) await this.#ask('POST', `/deletions/${line.id}/purge`, { reason: 'room' }, refusals)
  }

  async #limitSpace(): Promise<void> {
    const tenants = this.#dice.one(['resellers', 'customers', 'clients'] as const)
    const id = await this.#any(tenants)
    const space = { allottedBytes: this.#dice.chance(0.3) ? null : this.#dice.below(6000) }
    if (id) await this.#ask('PATCH', `/${tenants}/${id}`, { space }, ['over-allotted'])
  }

  async #limitMcals(): Promise<void> {
    const tenants = this.#dice.one(['resellers', 'customers', 'pool', 'no pool'] as const)
    if (tenants === 'no pool') await this.#ask('DELETE', '/licences/pool')
    else if (tenants === 'pool') {
      const body = { units: this.#dice.below(30) - 8 || 1, note: 'An order' }
      await this.#ask('POST', '/licences/pool', body, ['pool-short'])
    } else {
      const mcals = { allotted: this.#dice.chance(0.4) ? null : this.#dice.below(30) }
      await this.#ask('PATCH', `/${tenants}/${await this.#any(tenants)}`, { mcals })
    }
  }

  async #changeClient(): Promise<void> {
    const id = await this.#any('clients')
    if (!id) return
    const [it, now] = [await this.#facts.standing(id), this.#world.clock.now()]
    const body = this.#dice.one<Body>([
      { kind: this.#kind() },
      { plugins: await this.#plugins() },
      { trial: null },
      { trial: { endsAt: now + this.#dice.below(40) * day + 1000 } },
      { trial: { endsAt: now + 1000 }, state: 'active' },
      { kind: 'server', plugins: await this.#plugins(), trial: null, state: 'active' },
    ])
    const before = await this.#facts.drawnBy(id)
    const refusals = ['licence-exhausted', 'plugin-retired', 'trial-ended'] as const
    const answer = await this.#ask('PATCH', `/clients/${id}`, body, refusals)
    const [then, drawn] = [await this.#facts.standing(id), await this.#facts.drawnBy(id)]
    const drawsNone = answer.status >= 300 || before === undefined || then.trial_ends_at !== null
    if (drawsNone) return assert.equal(drawn, before)
    const needed = Math.max(before, unitsOf(then))
    const mustDraw = it.kind !== then.kind || it.trial_ends_at !== null
    assert.ok(drawn === needed || (drawn === before && !mustDraw), `${before} drawn, then ${drawn}`)
  }

  async #changePlugin(): Promise<void> {
    const key = this.#dice.one(pluginKeys)
    const monthlyUnits = this.#dice.below(4)
    const isKnown = (await this.#facts.rows(`select key from plugins where key = '${key}'`)).length > 0
    if (!isKnown) await this.#ask('POST', '/plugins', { key, name: `Plug-in ${key}`, monthlyUnits })
    else if (this.#dice.chance(0.8)) {
      await this.#ask('PATCH', `/plugins/${key}`, { monthlyUnits, retired: this.#dice.chance(0.2) })
    } else {
      const { status } = await this.#ask('DELETE', `/plugins/${key}`, undefined, ['plugin-in-use'])
      // What comes back does without it.
      if (status < 300) this.#whatWas.clear()
    }
  }

  async #changeSettings(): Promise<void> {
    if (this.#dice.chance(0.3)) {
      this.#trashCounts = this.#dice.chance(0.5)
      const protection = { trashCounts: this.#trashCounts, undeleteDays: 1 + this.#dice.below(30) }
      await this.#ask('PATCH', '/protection', protection)
      return
    }
    const body = this.#dice.one<Body>([
      { overAllotting: this.#dice.chance(0.5) },
      { resellerManagement: this.#dice.chance(0.7) },
      { trial: { days: 1 + this.#dice.below(40), keepDays: 1 + this.#dice.below(60) } },
    ])
    await this.#ask('PATCH', '/settings', body)
  }

  /** A machine comes that is not known, or says so. */
  async #knock(): Promise<void> {
    const customer = this.#dice.one(
      await this.#facts.rows<{
        id: string
        url_key: string
        pass_key: string
        lets_in: number
      }>(`select u.id, u.url_key,
        u.pass_key, u.auto_authorization = 1 and u.state = 'active' and r.state = 'active' as lets_in
        from customers as u join resellers as r on r.id = u.reseller_id where u.deleted_at is null order by u.rowid`),
    )
    if (!customer) return
    const clientId = this.#dice.one(newcomers)
    const passKey = this.#dice.chance(0.8) ? customer.pass_key : 'another-pass-key'
    const secret = `${passKey}.a-secret-of-its-own-${this.#dice.below(1e6)}`
    const before = await this.#facts.living(clientId)
    const gone = await this.#facts.rows(`select id from clients
      where client_id_key = '${clientId.toLowerCase()}' and deleted_at is not null`)
    const place = { url_key: customer.url_key, client_id: clientId }
    const answer = await this.#vault('GET', place, secret, 'snapshots/')
    const isLetIn =
      customer.lets_in === 1 && passKey === customer.pass_key && before.length + gone.length === 0
    assert.equal(answer === 'ok', isLetIn, answer)
    const after = await this.#facts.living(clientId)
    if (!isLetIn) return assert.deepEqual(after, before)
    assert.equal(after[0]?.customer_id, customer.id)
    this.#secrets.set(after[0].id, secret)
  }

  async #openWaitingRoom(): Promise<void> {
    const { items } = await this.#world.get<List<WaitingClient>>('/api/v1/waiting-room?sort=firstAttemptAt')
    const waiting = this.#dice.one(items)
    if (!waiting) return
    if (this.#dice.chance(0.3)) return void (await this.#ask('POST', `/waiting-room/${waiting.id}/refuse`))
    const customer = this.#dice.chance(0.3) ? await this.#any('customers') : undefined
    const body = { kind: this.#kind(), customer }
    await this.#ask('POST', `/waiting-room/${waiting.id}/admit`, body, ['client-id-taken'])
  }

  async #putBack(): Promise<void> {
    const id = await this.#any('clients')
    const moment = this.#world.clock.now() - this.#dice.below(20) * day - 5
    const body = { moment, added: this.#dice.one(['keep', 'remove']), partial: true }
    const refusals = ['undelete-running', 'not-in-trash', 'quota-exceeded'] as const
    if (id) await this.#ask('POST', `/clients/${id}/put-back`, body, refusals)
  }

  async #letPass(): Promise<void> {
    const now = this.#world.clock.now()
    const date = new Date(now)
    const toNextMonth = new Date(date.getFullYear(), date.getMonth() + 1, 1).getTime() - now
    const ms = this.#dice.one([
      1,
      10_001,
      hour,
      day,
      3 * day,
      10 * day,
      toNextMonth,
      Math.max(1, toNextMonth - 1),
    ])
    await this.#world.letPass(ms)
    this.done.push(`until ${new Date(now + ms).toISOString()}`)
  }

  /** Asks the API for a change: it is made and stands once in the audit log, or is refused and does not. */
  async #ask<Answered>(
    method: string,
    path: string,
    body?: unknown,
    refusals: readonly ProblemCode[] = [],
  ): Promise<Answer<Answered>> {
    const before = await this.#facts.audited()
    const options = body === undefined ? {} : { body }
    const answer = await this.#world.call<Answered & ProblemBody>(method, `/api/v1${path}`, options)
    const isDone = answer.status < 300
    this.done.push(`${method} ${path} ${JSON.stringify(body)} ${isDone ? '' : answer.body.code}`)
    if (!isDone) assert.ok(refusals.includes(answer.body.code), JSON.stringify(answer.body))
    assert.equal((await this.#facts.audited()) - before, isDone ? 1 : 0, 'entries of the audit log')
    return answer
  }

  /** @returns `ok`, or the code of the problem */
  async #vault(
    method: string,
    it: Pick<Standing, 'url_key' | 'client_id'>,
    secret: string,
    path: string,
    content?: Buffer,
  ): Promise<string> {
    const authorization = `Basic ${Buffer.from(`${it.client_id}:${secret}`).toString('base64')}`
    const address = `${this.#world.url}/vault/${it.url_key}/${it.client_id}/${path}`
    const body = content && { body: new Uint8Array(content) }
    const response = await fetch(address, { method, headers: { authorization }, ...body })
    const text = await response.text()
    const answer = response.ok ? 'ok' : (JSON.parse(text) as ProblemBody).code
    this.done.push(`${method} by ${it.client_id} at ${it.url_key}, ${content?.length ?? 0} bytes: ${answer}`)
    return answer
  }

  async #any(tenants: Tenants): Promise<string | undefined> {
    const rows = await this.#facts.rows<{ id: string }>(
      `select id from ${tenants} where deleted_at is null order by rowid`,
    )
    return rows.length === 0 ? undefined : this.#dice.one(rows).id
  }

  async #plugins(): Promise<string[]> {
    const known = await this.#facts.rows<{ key: string }>('select key from plugins order by key')
    return known.map(({ key }) => key).filter(() => this.#dice.chance(0.5))
  }

  #limits(mostBytes: number, mostMcals: number): Body {
    return {
      ...(this.#dice.chance(0.4) && { space: { allottedBytes: 300 + this.#dice.below(mostBytes) } }),
      ...(this.#dice.chance(0.4) && { mcals: { allotted: this.#dice.below(mostMcals) } }),
    }
  }

  #kind(): ClientRow['kind'] {
    return this.#dice.one(['workstation', 'server'] as const)
  }
}
