/**
 * Bundles `granary-repo` and its worker threads into packages/repository/dist when their sources have changed. It
 * runs from its sources as well; bundled, every process and every thread starts in a fraction of the time.
 */
import { rolldown } from 'rolldown'
import { buildWhenChanged } from './build-when-changed.ts'

const sources = [
  'packages/{repository,object-store}/src/**/*.ts',
  'packages/repository/package.json',
  'package-lock.json',
]

await buildWhenChanged('packages/repository/dist', sources, async (fresh) => {
  const bundle = await rolldown({
    input: {
      main: 'packages/repository/src/cli/main.ts',
      'engine-worker': 'packages/repository/src/workers/engine-worker.ts',
      'scrypt-worker': 'packages/repository/src/primitives/scrypt-worker.ts',
    },
    platform: 'node',
    // Native, and only loaded where Node can't call its own OpenSSL.
    external: ['sodium-native'],
  })
  // The threads' files lie beside the code that starts them, as among the sources.
  await bundle.write({ dir: fresh, format: 'esm', sourcemap: true, chunkFileNames: '[name]-[hash].js' })
})
