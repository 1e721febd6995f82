/** The program that makes the load, in a process of its own: prepares everything, waits for `go`, measures. */
import { once } from 'node:events'
import type { FromLoadProcess, LoadJob, LoadResult, ToLoadProcess } from './load-job.ts'
import { prepareRequests } from './sample-requests.ts'
import { WireConnection } from './wire-connection.ts'

const [prepare] = (await once(process, 'message')) as [ToLoadProcess]
if (prepare.type !== 'prepare') throw new Error(`The load process was told ${prepare.type} first.`)
const { job } = prepare
const requests = prepareRequests(job)
const connections = await Promise.all(
  Array.from({ length: job.connections }, () => WireConnection.open(job.target.port)),
)
const go = once(process, 'message')
tell({ type: 'ready' })
await go
tell({ type: 'done', result: await run(job) })
for (const connection of connections) connection.close()
process.disconnect?.()

async function run({ kind, objectBytes }: LoadJob): Promise<LoadResult> {
  const latencies: number[] = []
  let next = 0
  const started = performance.now()
  await Promise.all(
    connections.map(async (connection) => {
      for (let request = requests[next++]; request; request = requests[next++]) {
        const asked = performance.now()
        const { status, bodyBytes } = await connection.exchange(request)
        latencies.push(performance.now() - asked)
        if (status !== 200) throw new Error(`${kind} was answered with ${status}`)
        if (kind === 'download' && bodyBytes !== objectBytes) {
          throw new Error(`${bodyBytes} bytes came back instead of ${objectBytes}`)
        }
      }
    }),
  )
  const seconds = (performance.now() - started) / 1000
  latencies.sort((a, b) => a - b)
  const percentile = (share: number) => latencies[Math.ceil(latencies.length * share) - 1] ?? Number.NaN
  return {
    seconds,
    requestsPerSecond: requests.length / seconds,
    bytesPerSecond: (requests.length * objectBytes) / seconds,
    latencyMs: { p50: percentile(0.5), p99: percentile(0.99) },
  }
}

function tell(message: FromLoadProcess) {
  process.send?.(message)
}
