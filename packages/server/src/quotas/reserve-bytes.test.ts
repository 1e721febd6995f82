import assert from 'node:assert/strict'
import { onEachDatabase } from '../test-world/on-each-database.ts'
import { openVaultWorld } from '../test-world/vault-world.ts'
import { Quotas } from './reserve-bytes.ts'

const noHeadroom = { headroomBytes: 0 }

for (const level of ['client', 'customer', 'reseller'] as const) {
  onEachDatabase(
    `a limit of the ${level} is never passed by 40 uploads at once from two servers`,
    async (place) => {
      const world = await openVaultWorld(place.database)
      const access = await world.client('web01')
      const owner = { client: access.id, customer: access.customerId, reseller: access.resellerId }[level]
      await world.allot(owner, 1000)
      const elsewhere = new Quotas(await place.openAnother(), 'elsewhere')
      const outcomes = await Promise.allSettled(
        Array.from({ length: 40 }, (_, index) => {
          const reservation = (index % 2 === 0 ? world.quotas : elsewhere).reservation(access)
          return reservation.extendTo(90, noHeadroom)
        }),
      )
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 11)
      assert.equal((await world.space(owner)).reserved, 990)
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') {
          assert.equal(outcome.reason.code, 'quota-exceeded')
          assert.deepEqual(outcome.reason.facts, {
            level,
            ...(level !== 'reseller' && { limitBytes: 1000, usedBytes: 0 }),
            requestedBytes: 90,
          })
        }
      }
    },
  )
}

onEachDatabase('a reservation that is not settled gives its room back', async ({ database }) => {
  const world = await openVaultWorld(database)
  const access = await world.client('web01')
  await world.allot(access.customerId, 100)
  {
    await using reservation = world.quotas.reservation(access)
    await reservation.extendTo(60, noHeadroom)
    await reservation.extendTo(100, noHeadroom)
    assert.equal((await world.space(access.customerId)).reserved, 100)
    await assert.rejects(reservation.extendTo(101, noHeadroom), { code: 'quota-exceeded' })
  }
  for (const owner of [access.id, access.customerId, access.resellerId]) {
    assert.equal((await world.space(owner)).reserved, 0)
  }
})

onEachDatabase('the ledger turns room held into room used', async ({ database }) => {
  const world = await openVaultWorld(database)
  const access = await world.client('web01')
  await world.allot(access.id, 100)
  const reservation = world.quotas.reservation(access)
  await reservation.extendTo(80, noHeadroom)
  const handle = { type: 'data', name: 'a'.repeat(64) } as const
  await world.ledger.stored({
    access,
    handle,
    bytes: 50,
    content: null,
    reservation,
    actor: 'client',
    address: '',
  })
  reservation.settled()
  await reservation[Symbol.asyncDispose]()
  assert.deepEqual(await world.space(access.id), { allotted: 100, used: 50, reserved: 0 })
  assert.deepEqual(await world.space(access.resellerId), { allotted: null, used: 50, reserved: 0 })
})

onEachDatabase('what a process held that died is given back', async ({ database }) => {
  const world = await openVaultWorld(database)
  const access = await world.client('web01')
  await world.quotas.reservation(access).extendTo(10, noHeadroom)
  await new Quotas(database, 'alive').reservation(access).extendTo(7, noHeadroom)
  await world.quotas.releaseOf('test-process')
  assert.equal((await world.space(access.customerId)).reserved, 7)
})
