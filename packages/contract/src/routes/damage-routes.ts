import { damageList, damageListQuery, scrubProgress } from '../damage.ts'
import { everyone, type Route, server } from './route.ts'

export const damageRoutes = {
  listDamage: {
    method: 'GET',
    path: '/api/v1/damage',
    tag: 'Scrub',
    summary: 'Stored objects that were found damaged, at or below one’s place, healed ones too',
    access: everyone('read-only'),
    query: damageListQuery,
    status: 200,
    answer: damageList,
    problems: ['invalid-cursor'],
  },
  readScrub: {
    method: 'GET',
    path: '/api/v1/scrub',
    tag: 'Scrub',
    summary: 'How far reading all stored objects again has come',
    access: server('read-only'),
    status: 200,
    answer: scrubProgress,
    problems: [],
  },
} as const satisfies Record<string, Route>
