import { z } from 'zod'
import { brand } from '../brand.ts'
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
  readBrand: {
    method: 'GET',
    path: '/api/v1/brand',
    tag: 'Server',
    summary: 'The brand of the host name that was asked; the server’s where the name is nobody’s',
    access: 'public',
    status: 200,
    answer: brand,
    problems: [],
  },
} as const satisfies Record<string, Route>
