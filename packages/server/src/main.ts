import cluster from 'node:cluster'

/** A worker that the server started serves; everything else is the command line. */
async function main(): Promise<void> {
  if (cluster.isWorker) {
    const { readConfig } = await import('./config.ts')
    const { runWorker } = await import('./worker.ts')
    await runWorker(readConfig(process.env), process.env.GRANARY_PROCESS_ID ?? '')
  } else {
    const { runCommandLine } = await import('./cli/run-command-line.ts')
    process.exitCode = await runCommandLine(process.argv)
  }
}

// Not awaited: a module that is required can't await anything. What it throws ends the process all the same.
void main()
