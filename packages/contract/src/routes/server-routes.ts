import { z } from 'zod'
import { brand } from '../brand.ts'
import { storageLocationList } from '../storage-locations.ts'
import { type Route, server } from './route.ts'

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
  listStorageLocations: {
    method: 'GET',
    path: '/api/v1/storage-locations',
    tag: 'Server',
    summary: 'Where vaults lie, and how much room there is',
    access: server('read-only'),
    status: 200,
    answer: storageLocationList,
    problems: [],
  },
} as const satisfies Record<string, Route>
