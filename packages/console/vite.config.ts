import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** `npm run dev` beside a server that listens where it does by default. */
const server = 'http://127.0.0.1:8480'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  server: { host: '127.0.0.1', proxy: { '/api': server, '/vault': server } },
  build: {
    // Browsers of 2024 and later: they know light-dark(), which is not to be taken apart.
    target: ['chrome123', 'edge123', 'firefox121', 'safari17.5'],
    // The server sends everything under /assets/ with a year's cache: names carry the hash of their content.
    assetsDir: 'assets',
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      output: {
        // What every screen loads comes in a few files rather than in sixty: each one is a round trip. Libraries
        // apart, as they change less often than the console.
        codeSplitting: {
          groups: [
            { name: 'libraries', tags: ['$initial'], test: /node_modules/, priority: 2 },
            { name: 'console', tags: ['$initial'], priority: 1 },
            // Lists are what is opened first: what only forms need is apart, and so are the fields for numbers, which
            // Disk Space & Client Management has in its list.
            { name: 'lists', test: /console.src.(api|shell|table|tenants)/, minShareCount: 4, priority: 0.8 },
            {
              name: 'numbers',
              test: /node_modules.@mantine.core.*NumberInput/,
              minShareCount: 4,
              priority: 0.5,
            },
            { name: 'forms', test: /console.src|node_modules.@mantine.(core|form)/, minShareCount: 4 },
          ],
        },
      },
    },
  },
})
