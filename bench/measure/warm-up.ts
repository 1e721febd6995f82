import type { Contender } from '../contenders.ts'
import { prepareLoad } from '../load/load-generator.ts'

const connections = 8
const requests = 6000
const objectBytes = 4096

/**
 * Small writes and reads that nobody measures, so that what is compared are servers that have been at work for a while,
 * as a provider's are: a program that is compiled while it runs has done so by then.
 */
export async function warmUp(contender: Contender): Promise<void> {
  const { target } = await contender.newVault()
  const load = { connections, requests, objectBytes, target, seed: 'warm-up' }
  await (await prepareLoad({ ...load, kind: 'upload' })).run()
  await (await prepareLoad({ ...load, kind: 'download' })).run()
}
