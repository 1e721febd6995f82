import { cpuSeconds, forgetPeaks, peakResidentBytes, proportionalBytes } from './process-tree.ts'

export interface ServerUsage {
  readonly cpuSeconds: number
  /** Highest sampled PSS of all processes together. */
  readonly peakBytes: number
  /** Sum of the processes' highest RSS: never missed by sampling, but shared pages count repeatedly. */
  readonly peakResidentBytes: number
}

/**
 * Measures what a server uses while something runs.
 * @param sampleMs between two looks at its memory, each of which costs the kernel some milliseconds
 */
export async function watchServer<Result>(
  processId: number,
  work: () => Promise<Result>,
  sampleMs = 250,
): Promise<{ result: Result; usage: ServerUsage }> {
  forgetPeaks(processId)
  const cpuBefore = cpuSeconds(processId)
  let peakBytes = proportionalBytes(processId)
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, proportionalBytes(processId))
  }, sampleMs)
  try {
    const result = await work()
    const usage = {
      cpuSeconds: cpuSeconds(processId) - cpuBefore,
      peakBytes: Math.max(peakBytes, proportionalBytes(processId)),
      peakResidentBytes: peakResidentBytes(processId),
    }
    return { result, usage }
  } finally {
    clearInterval(timer)
  }
}
