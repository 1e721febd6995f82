import { z } from 'zod'
import type { Route } from './route.ts'

export const serverRoutes = {
  readHealth: {
    method: 'GET',
    path: '/api/v1/health',
    tag: 'Server',
    summary: 'Whether this server can work',
    access: 'public',
    status: 200,
    answer: z.object({ status: z.literal('ok'), version: z.string() }),
    problems: ['server-busy'],
  },
} as const satisfies Record<string, Route>
