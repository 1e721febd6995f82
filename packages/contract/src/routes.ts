import { z } from 'zod'
import { client, clientInput, clientList, clientListQuery, clientPatch, clientWithSecret } from './clients.ts'
import {
  customerDetails,
  customerInput,
  customerList,
  customerListQuery,
  customerPatch,
  deleteQuery,
  deletionPreview,
} from './customers.ts'
import { id } from './fields.ts'
import {
  addMcalsInput,
  allotmentList,
  allotmentListQuery,
  drawList,
  drawListQuery,
  licenceAccount,
  licenceQuery,
  statement,
  statementQuery,
} from './licences.ts'
import { listOf, listQuery } from './lists.ts'
import { mailSettings, mailSettingsPatch, testMailInput } from './mail-settings.ts'
import type { ProblemCode } from './problems.ts'
import {
  resellerDetails,
  resellerInput,
  resellerList,
  resellerListQuery,
  resellerPatch,
} from './resellers.ts'
import type { AccessRule } from './roles.ts'
import { apiKey, apiKeyInput, apiKeyWithSecret, session, setupInput, signInInput } from './sessions.ts'
import { serverSettings, serverSettingsPatch } from './settings.ts'
import { admitInput, waitingClient, waitingList, waitingListQuery } from './waiting-room.ts'

/**
 * Every route of the API: address, who may call it, what it takes and answers, and what the audit log calls it.
 * The server registers from this table, OpenAPI is made from it, the console calls through it,
 * and a test walks it: every route × every role × own and foreign place.
 */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Fastify's form: `/api/v1/customers/:id` */
  readonly path: string
  readonly tag:
    | 'Session'
    | 'Resellers'
    | 'Customers'
    | 'Clients'
    | 'Waiting room'
    | 'Licences'
    | 'API keys'
    | 'Server'
    | 'Settings'
  readonly summary: string
  /** `public` needs nobody; `anyone` needs somebody signed in. */
  readonly access: AccessRule | 'public' | 'anyone'
  /** What the audit log calls a call that changed something. */
  readonly auditEvent?: string
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodObject
  readonly status: 200 | 201 | 204
  readonly answer: z.ZodType
  readonly problems: readonly ProblemCode[]
}

const byId = z.object({ id })
const nothing = z.null()
const server = (role: AccessRule['role']): AccessRule => ({ levels: ['server'], role })
const provider = (role: AccessRule['role']): AccessRule => ({ levels: ['server', 'reseller'], role })
const everyone = (role: AccessRule['role']): AccessRule => ({
  levels: ['server', 'reseller', 'customer'],
  role,
})

export const routes = {
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
  setUpAdministrator: {
    method: 'POST',
    path: '/api/v1/setup',
    tag: 'Session',
    summary: 'Set the first administrator’s password by the one-time link',
    access: 'public',
    auditEvent: 'administrator.set-up',
    body: setupInput,
    status: 200,
    answer: session,
    problems: ['setup-link-invalid', 'too-many-attempts', 'foreign-origin'],
  },
  signIn: {
    method: 'POST',
    path: '/api/v1/session',
    tag: 'Session',
    summary: 'Sign in',
    access: 'public',
    auditEvent: 'session.began',
    body: signInInput,
    status: 200,
    answer: session,
    problems: ['sign-in-failed', 'too-many-attempts', 'foreign-origin'],
  },
  readSession: {
    method: 'GET',
    path: '/api/v1/session',
    tag: 'Session',
    summary: 'Who is signed in',
    access: 'anyone',
    status: 200,
    answer: session,
    problems: [],
  },
  signOut: {
    method: 'DELETE',
    path: '/api/v1/session',
    tag: 'Session',
    summary: 'Sign out',
    access: 'anyone',
    auditEvent: 'session.ended',
    status: 204,
    answer: nothing,
    problems: [],
  },

  listResellers: {
    method: 'GET',
    path: '/api/v1/resellers',
    tag: 'Resellers',
    summary: 'List of Resellers',
    access: provider('read-only'),
    query: resellerListQuery,
    status: 200,
    answer: resellerList,
    problems: ['invalid-cursor'],
  },
  createReseller: {
    method: 'POST',
    path: '/api/v1/resellers',
    tag: 'Resellers',
    summary: 'Add New Reseller',
    access: server('operator'),
    auditEvent: 'reseller.created',
    body: resellerInput,
    status: 201,
    answer: resellerDetails,
    problems: ['name-taken'],
  },
  readReseller: {
    method: 'GET',
    path: '/api/v1/resellers/:id',
    tag: 'Resellers',
    summary: 'One reseller',
    access: provider('read-only'),
    params: byId,
    status: 200,
    answer: resellerDetails,
    problems: ['reseller-not-found'],
  },
  editReseller: {
    method: 'PATCH',
    path: '/api/v1/resellers/:id',
    tag: 'Resellers',
    summary: 'Edit Reseller',
    access: server('operator'),
    auditEvent: 'reseller.edited',
    params: byId,
    body: resellerPatch,
    status: 200,
    answer: resellerDetails,
    problems: ['reseller-not-found', 'name-taken', 'default-is-permanent'],
  },
  activateReseller: {
    method: 'POST',
    path: '/api/v1/resellers/:id/activate',
    tag: 'Resellers',
    summary: 'Activate',
    access: server('operator'),
    auditEvent: 'reseller.activated',
    params: byId,
    status: 200,
    answer: resellerDetails,
    problems: ['reseller-not-found'],
  },
  deactivateReseller: {
    method: 'POST',
    path: '/api/v1/resellers/:id/deactivate',
    tag: 'Resellers',
    summary: 'Deactivate: stops the backups of all its customers',
    access: server('operator'),
    auditEvent: 'reseller.deactivated',
    params: byId,
    status: 200,
    answer: resellerDetails,
    problems: ['reseller-not-found', 'default-is-permanent'],
  },
  previewResellerDeletion: {
    method: 'GET',
    path: '/api/v1/resellers/:id/deletion-preview',
    tag: 'Resellers',
    summary: 'What deleting it would take along',
    access: server('admin'),
    params: byId,
    status: 200,
    answer: deletionPreview,
    problems: ['reseller-not-found'],
  },
  deleteReseller: {
    method: 'DELETE',
    path: '/api/v1/resellers/:id',
    tag: 'Resellers',
    summary: 'Delete Reseller',
    access: server('admin'),
    auditEvent: 'reseller.deleted',
    params: byId,
    query: deleteQuery,
    status: 204,
    answer: nothing,
    problems: ['reseller-not-found', 'default-is-permanent', 'backup-running'],
  },

  listCustomers: {
    method: 'GET',
    path: '/api/v1/customers',
    tag: 'Customers',
    summary: 'List of Customers',
    access: everyone('read-only'),
    query: customerListQuery,
    status: 200,
    answer: customerList,
    problems: ['invalid-cursor'],
  },
  createCustomer: {
    method: 'POST',
    path: '/api/v1/customers',
    tag: 'Customers',
    summary: 'Add New Customer',
    access: provider('operator'),
    auditEvent: 'customer.created',
    body: customerInput,
    status: 201,
    answer: customerDetails,
    problems: ['name-taken', 'url-key-taken', 'reseller-not-found'],
  },
  readCustomer: {
    method: 'GET',
    path: '/api/v1/customers/:id',
    tag: 'Customers',
    summary: 'One customer',
    access: everyone('read-only'),
    params: byId,
    status: 200,
    answer: customerDetails,
    problems: ['customer-not-found'],
  },
  editCustomer: {
    method: 'PATCH',
    path: '/api/v1/customers/:id',
    tag: 'Customers',
    summary: 'Edit Customer',
    access: provider('operator'),
    auditEvent: 'customer.edited',
    params: byId,
    body: customerPatch,
    status: 200,
    answer: customerDetails,
    problems: ['customer-not-found', 'name-taken', 'default-is-permanent'],
  },
  activateCustomer: {
    method: 'POST',
    path: '/api/v1/customers/:id/activate',
    tag: 'Customers',
    summary: 'Activate',
    access: provider('operator'),
    auditEvent: 'customer.activated',
    params: byId,
    status: 200,
    answer: customerDetails,
    problems: ['customer-not-found'],
  },
  deactivateCustomer: {
    method: 'POST',
    path: '/api/v1/customers/:id/deactivate',
    tag: 'Customers',
    summary: 'Deactivate: stops its backups at their next object; restores go on',
    access: provider('operator'),
    auditEvent: 'customer.deactivated',
    params: byId,
    status: 200,
    answer: customerDetails,
    problems: ['customer-not-found', 'default-is-permanent'],
  },
  rotatePassKey: {
    method: 'POST',
    path: '/api/v1/customers/:id/rotate-pass-key',
    tag: 'Customers',
    summary: 'Replace the pass key; clients that are in stay in',
    access: provider('operator'),
    auditEvent: 'customer.pass-key-rotated',
    params: byId,
    status: 200,
    answer: customerDetails,
    problems: ['customer-not-found'],
  },
  previewCustomerDeletion: {
    method: 'GET',
    path: '/api/v1/customers/:id/deletion-preview',
    tag: 'Customers',
    summary: 'What deleting it would take along',
    access: provider('admin'),
    params: byId,
    status: 200,
    answer: deletionPreview,
    problems: ['customer-not-found'],
  },
  deleteCustomer: {
    method: 'DELETE',
    path: '/api/v1/customers/:id',
    tag: 'Customers',
    summary: 'Delete Customer',
    access: provider('admin'),
    auditEvent: 'customer.deleted',
    params: byId,
    query: deleteQuery,
    status: 204,
    answer: nothing,
    problems: ['customer-not-found', 'default-is-permanent', 'backup-running'],
  },

  findClients: {
    method: 'GET',
    path: '/api/v1/clients',
    tag: 'Clients',
    summary: 'Clients of all customers, to find one by its ID',
    access: everyone('read-only'),
    query: clientListQuery,
    status: 200,
    answer: clientList,
    problems: ['invalid-cursor'],
  },
  listClients: {
    method: 'GET',
    path: '/api/v1/customers/:id/clients',
    tag: 'Clients',
    summary: 'Clients of a customer',
    access: everyone('read-only'),
    params: byId,
    query: clientListQuery,
    status: 200,
    answer: clientList,
    problems: ['customer-not-found', 'invalid-cursor'],
  },
  createClient: {
    method: 'POST',
    path: '/api/v1/customers/:id/clients',
    tag: 'Clients',
    summary: 'Add New Client',
    access: everyone('operator'),
    auditEvent: 'client.created',
    params: byId,
    body: clientInput,
    status: 201,
    answer: clientWithSecret,
    problems: ['customer-not-found', 'client-id-taken'],
  },
  readClient: {
    method: 'GET',
    path: '/api/v1/clients/:id',
    tag: 'Clients',
    summary: 'One client',
    access: everyone('read-only'),
    params: byId,
    status: 200,
    answer: client,
    problems: ['client-not-found'],
  },
  editClient: {
    method: 'PATCH',
    path: '/api/v1/clients/:id',
    tag: 'Clients',
    summary: 'Edit Client',
    access: everyone('operator'),
    auditEvent: 'client.edited',
    params: byId,
    body: clientPatch,
    status: 200,
    answer: client,
    problems: ['client-not-found', 'licence-exhausted', 'trial-ended'],
  },
  activateClient: {
    method: 'POST',
    path: '/api/v1/clients/:id/activate',
    tag: 'Clients',
    summary: 'Activate',
    access: everyone('operator'),
    auditEvent: 'client.activated',
    params: byId,
    status: 200,
    answer: client,
    problems: ['client-not-found', 'trial-ended'],
  },
  deactivateClient: {
    method: 'POST',
    path: '/api/v1/clients/:id/deactivate',
    tag: 'Clients',
    summary: 'Deactivate: stops its backups at their next object; restores go on',
    access: everyone('operator'),
    auditEvent: 'client.deactivated',
    params: byId,
    status: 200,
    answer: client,
    problems: ['client-not-found'],
  },
  resetClientCredentials: {
    method: 'POST',
    path: '/api/v1/clients/:id/reset-credentials',
    tag: 'Clients',
    summary: 'Make a new secret; the old one stops at once',
    access: everyone('operator'),
    auditEvent: 'client.credentials-reset',
    params: byId,
    status: 200,
    answer: clientWithSecret,
    problems: ['client-not-found'],
  },
  previewClientDeletion: {
    method: 'GET',
    path: '/api/v1/clients/:id/deletion-preview',
    tag: 'Clients',
    summary: 'What deleting it would take along',
    access: everyone('admin'),
    params: byId,
    status: 200,
    answer: deletionPreview,
    problems: ['client-not-found'],
  },
  deleteClient: {
    method: 'DELETE',
    path: '/api/v1/clients/:id',
    tag: 'Clients',
    summary: 'Delete the client and its vault, into the trash',
    access: everyone('admin'),
    auditEvent: 'client.deleted',
    params: byId,
    status: 204,
    answer: nothing,
    problems: ['client-not-found', 'backup-running'],
  },

  listWaitingClients: {
    method: 'GET',
    path: '/api/v1/waiting-room',
    tag: 'Waiting room',
    summary: 'Clients with unknown IDs that tried to back up and were not let in',
    access: everyone('read-only'),
    query: waitingListQuery,
    status: 200,
    answer: waitingList,
    problems: ['invalid-cursor'],
  },
  admitWaitingClient: {
    method: 'POST',
    path: '/api/v1/waiting-room/:id/admit',
    tag: 'Waiting room',
    summary: 'Let it in, bound to the secret it brought; its next attempt succeeds',
    access: everyone('operator'),
    auditEvent: 'waiting-client.admitted',
    params: byId,
    body: admitInput,
    status: 200,
    answer: client,
    problems: ['waiting-client-not-found', 'customer-not-found', 'client-id-taken'],
  },
  refuseWaitingClient: {
    method: 'POST',
    path: '/api/v1/waiting-room/:id/refuse',
    tag: 'Waiting room',
    summary: 'Keep it out; further attempts with this secret no longer show',
    access: everyone('operator'),
    auditEvent: 'waiting-client.refused',
    params: byId,
    status: 200,
    answer: waitingClient,
    problems: ['waiting-client-not-found'],
  },

  readLicences: {
    method: 'GET',
    path: '/api/v1/licences',
    tag: 'Licences',
    summary: 'MCALs of the pool, a reseller or a customer, and whether they last the month',
    access: everyone('read-only'),
    query: licenceQuery,
    status: 200,
    answer: licenceAccount,
    problems: ['reseller-not-found', 'customer-not-found'],
  },
  readLicenceStatement: {
    method: 'GET',
    path: '/api/v1/licences/statement',
    tag: 'Licences',
    summary: 'Monthly statement: opening, added, used, closing; the newest month first',
    access: everyone('read-only'),
    query: statementQuery,
    status: 200,
    answer: statement,
    problems: ['reseller-not-found', 'customer-not-found'],
  },
  listLicenceDraws: {
    method: 'GET',
    path: '/api/v1/licences/draws',
    tag: 'Licences',
    summary: 'Utilization history: every draw of MCALs',
    access: everyone('read-only'),
    query: drawListQuery,
    status: 200,
    answer: drawList,
    problems: ['invalid-cursor'],
  },
  listLicenceAllotments: {
    method: 'GET',
    path: '/api/v1/licences/allotments',
    tag: 'Licences',
    summary: 'What was allotted to the pool, a reseller or a customer, and when',
    access: everyone('read-only'),
    query: allotmentListQuery,
    status: 200,
    answer: allotmentList,
    problems: ['invalid-cursor', 'reseller-not-found', 'customer-not-found'],
  },
  addMcals: {
    method: 'POST',
    path: '/api/v1/licences/pool',
    tag: 'Licences',
    summary: 'Add MCALs to the server’s pool; a pool without a number begins to have one',
    access: server('admin'),
    auditEvent: 'licences.added',
    body: addMcalsInput,
    status: 200,
    answer: licenceAccount,
    problems: ['pool-short'],
  },
  unlimitPool: {
    method: 'DELETE',
    path: '/api/v1/licences/pool',
    tag: 'Licences',
    summary: 'Let the pool be without a number: clients draw as many MCALs as they require',
    access: server('admin'),
    auditEvent: 'licences.pool-unlimited',
    status: 200,
    answer: licenceAccount,
    problems: [],
  },

  readSettings: {
    method: 'GET',
    path: '/api/v1/settings',
    tag: 'Settings',
    summary: 'Settings of the server',
    access: server('read-only'),
    status: 200,
    answer: serverSettings,
    problems: [],
  },
  editSettings: {
    method: 'PATCH',
    path: '/api/v1/settings',
    tag: 'Settings',
    summary: 'Edit settings of the server; what is left out stays',
    access: server('admin'),
    auditEvent: 'settings.edited',
    body: serverSettingsPatch,
    status: 200,
    answer: serverSettings,
    problems: [],
  },

  listApiKeys: {
    method: 'GET',
    path: '/api/v1/api-keys',
    tag: 'API keys',
    summary: 'API keys at or below one’s place',
    access: everyone('admin'),
    query: listQuery,
    status: 200,
    answer: listOf(apiKey),
    problems: ['invalid-cursor'],
  },
  createApiKey: {
    method: 'POST',
    path: '/api/v1/api-keys',
    tag: 'API keys',
    summary: 'Create an API key; the key is shown once',
    access: everyone('admin'),
    auditEvent: 'api-key.created',
    body: apiKeyInput,
    status: 201,
    answer: apiKeyWithSecret,
    problems: ['not-permitted', 'reseller-not-found', 'customer-not-found'],
  },
  revokeApiKey: {
    method: 'DELETE',
    path: '/api/v1/api-keys/:id',
    tag: 'API keys',
    summary: 'Revoke an API key at once',
    access: everyone('admin'),
    auditEvent: 'api-key.revoked',
    params: byId,
    status: 204,
    answer: nothing,
    problems: ['api-key-not-found'],
  },

  readMailSettings: {
    method: 'GET',
    path: '/api/v1/settings/mail',
    tag: 'Settings',
    summary: 'How mail leaves this server, and what waits',
    access: server('admin'),
    status: 200,
    answer: mailSettings,
    problems: [],
  },
  editMailSettings: {
    method: 'PATCH',
    path: '/api/v1/settings/mail',
    tag: 'Settings',
    summary: 'Set up mail; what waits is tried at once',
    access: server('admin'),
    auditEvent: 'settings.mail-edited',
    body: mailSettingsPatch,
    status: 200,
    answer: mailSettings,
    problems: [],
  },
  sendTestMail: {
    method: 'POST',
    path: '/api/v1/settings/mail/test',
    tag: 'Settings',
    summary: 'Send a test mail now',
    access: server('admin'),
    auditEvent: 'settings.test-mail-sent',
    body: testMailInput,
    status: 204,
    answer: nothing,
    problems: ['mail-not-set-up', 'mail-not-sent'],
  },
  sendMailAgain: {
    method: 'POST',
    path: '/api/v1/settings/mail/retry',
    tag: 'Settings',
    summary: 'Try mail that waits or was given up again, now',
    access: server('admin'),
    auditEvent: 'settings.mail-retried',
    status: 200,
    answer: mailSettings,
    problems: [],
  },
} as const satisfies Record<string, Route>

export type RouteName = keyof typeof routes

/** The event stream lies beside the table, as it answers with `text/event-stream` of `liveUpdate` messages. */
export const eventStreamPath = '/api/v1/events'
export const openApiPath = '/api/v1/openapi.json'

type Input<R, Part extends string> = R extends { readonly [P in Part]: infer Schema extends z.ZodType }
  ? z.input<Schema>
  : undefined
type Parsed<R, Part extends string> = R extends { readonly [P in Part]: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : undefined

/** What a caller passes and gets, by route name. */
export interface RouteCall<Name extends RouteName> {
  params: Input<(typeof routes)[Name], 'params'>
  query: Input<(typeof routes)[Name], 'query'>
  body: Input<(typeof routes)[Name], 'body'>
}
/** What a handler in the server receives, parsed. */
export interface RouteInput<Name extends RouteName> {
  params: Parsed<(typeof routes)[Name], 'params'>
  query: Parsed<(typeof routes)[Name], 'query'>
  body: Parsed<(typeof routes)[Name], 'body'>
}
export type RouteAnswer<Name extends RouteName> = z.infer<(typeof routes)[Name]['answer']>
