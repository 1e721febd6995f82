import assert from 'node:assert/strict'
import { mkdir, readFile, rename, statfs, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Alert, List } from '@granary/contract'
import { mountSmallDisk, startMailServer, writeCertificate } from '@granary/testing'
import { type ApiWorld, startApiWorld } from '../test-world/api-world.ts'
import { onEachDatabase } from '../test-world/on-each-database.ts'

const minute = 60_000
const day = 24 * 60 * minute
const mebibyte = 1024 * 1024

onEachDatabase(
  'a disk that runs full is told of before it is full, and when it has room again',
  async (place) => {
    await using disk = await mountSmallDisk(20 * mebibyte)
    await using mail = await startMailServer()
    await using world = await startApiWorld({ database: place.database, dataFolder: disk.path })
    await world.setUpMail(mail)
    const ada = await world.user('server-admin')
    await world.send('PATCH', '/api/v1/settings/alerts', { kinds: ['disk-low'], diskPercent: 20 })
    await writeFile(path.join(disk.path, 'something'), Buffer.alloc(15 * mebibyte))
    await world.runJobs()
    assert.deepEqual(await open(world), [], 'a quarter is free')
    await writeFile(path.join(disk.path, 'more'), Buffer.alloc(2 * mebibyte))
    await tick(world)
    await tick(world)
    const [alert] = await open(world)
    assert.match(alert?.text ?? '', /^The server’s disk has 3\.\d\d MB of 21\.0 MB free\./)
    assert.equal(mail.mails.length, 1)
    assert.equal(mail.to(ada.email).subject, 'Disk is low: Server')
    await disk.resize(40 * mebibyte)
    await tick(world)
    assert.deepEqual(await open(world), [])
    const { files, ffree } = await statfs(disk.path)
    await disk.limitFiles(Math.round(((files - ffree) * 10) / 9))
    await tick(world)
    const [ofFiles] = await open(world)
    assert.match(ofFiles?.text ?? '', /^The server’s disk holds \d+ files at most and has room for \d+ more/)
    await disk.limitFiles(files)
    await tick(world)
    assert.deepEqual(await open(world), [])
    assert.equal(mail.to(ada.email).subject, 'Resolved: Disk is low: Server')
  },
)

onEachDatabase('a disk that was low and is gone now is told of as gone', async (place) => {
  await using disk = await mountSmallDisk(20 * mebibyte)
  await using mail = await startMailServer()
  const folder = path.join(disk.path, 'vaults')
  await mkdir(folder)
  await using world = await startApiWorld(place, { storageLocations: [{ name: 'archive', folder }] })
  await world.setUpMail(mail)
  const ada = await world.user('server-admin')
  await world.send('PATCH', '/api/v1/settings/alerts', { kinds: ['disk-low'], diskPercent: 20 })
  const ofArchive = async () => (await open(world)).filter(({ subject }) => subject.id === 'srv/archive')
  await writeFile(path.join(disk.path, 'something'), Buffer.alloc(18 * mebibyte))
  await tick(world)
  assert.equal((await ofArchive())[0]?.message?.code, 'location-low')
  await rename(folder, `${folder}-unmounted`)
  await mkdir(folder)
  await tick(world)
  await tick(world)
  assert.deepEqual(
    (await ofArchive()).map(({ message }) => message?.code),
    ['location-gone'],
  )
  assert.match(mail.to(ada.email).text, /archive is not mounted/)
})

onEachDatabase(
  'a certificate is told of before its end, and until it is renewed with its key',
  async (place) => {
    const now = Date.now()
    const tls = await writeCertificate(place.dataFolder, { endsAt: now + 20 * day })
    await using world = await startApiWorld(place, { tls })
    await world.send('PATCH', '/api/v1/settings/alerts', { kinds: ['certificate-ending'] })
    await world.runJobs()
    assert.deepEqual(await open(world), [])
    world.clock.advance(7 * day)
    await world.runJobs()
    assert.match((await open(world))[0]?.text ?? '', /^The server’s certificate ends on .* UTC\. Renew it/)
    world.clock.advance(14 * day)
    await world.runJobs()
    assert.equal((await open(world)).length, 1, 'the same, though it has ended')

    const elsewhere = path.join(place.dataFolder, 'another')
    await writeCertificate(place.dataFolder, { endsAt: world.clock.now() + 90 * day })
    await tick(world)
    assert.deepEqual(await open(world), [])

    for (const [broken, said] of [
      ['-----BEGIN CERTIFICATE-----\nnonsense\n', /can’t be read/],
      [await otherCertificate(elsewhere), /does not belong to its private key/],
    ] as const) {
      await writeFile(tls.certificateFile, broken)
      await tick(world)
      assert.match((await open(world))[0]?.text ?? '', said)
      await writeCertificate(place.dataFolder, { endsAt: world.clock.now() + 90 * day })
      await tick(world)
      assert.deepEqual(await open(world), [])
    }
  },
)

async function otherCertificate(folder: string): Promise<Buffer> {
  await mkdir(folder)
  const { certificateFile } = await writeCertificate(folder, { endsAt: Date.now() + 300 * day })
  return readFile(certificateFile)
}

async function open(world: ApiWorld): Promise<readonly Alert[]> {
  return (await world.get<List<Alert>>('/api/v1/alerts?state=open')).items
}

async function tick(world: ApiWorld): Promise<void> {
  world.clock.advance(5 * minute)
  await world.runJobs()
}
