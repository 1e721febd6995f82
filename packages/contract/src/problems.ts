/**
 * Every way a request can fail, in one list. A problem travels as RFC 9457 `application/problem+json`
 * with its `code`; the console and the agent show `title` and `advice` as they stand here.
 */
export interface Problem {
  readonly status: number
  /** Whether the same request may succeed later without anyone doing something about it. */
  readonly retry: 'never' | 'later'
  readonly title: string
  readonly advice: string
}

export const problems = {
  // Asking wrongly
  'invalid-request': {
    status: 400,
    retry: 'never',
    title: 'The request is not as the API expects it',
    advice: 'See `errors` for each field and what it takes.',
  },
  'invalid-json': {
    status: 400,
    retry: 'never',
    title: 'The body is not valid JSON',
    advice: 'Send a JSON object with Content-Type application/json.',
  },
  'invalid-cursor': {
    status: 400,
    retry: 'never',
    title: 'The cursor does not belong to this list',
    advice: 'Start again without a cursor; keep sort and search as they were when paging.',
  },
  'route-not-found': {
    status: 404,
    retry: 'never',
    title: 'There is no such address',
    advice: 'See /api/v1/openapi.json for the addresses there are.',
  },
  'method-not-allowed': {
    status: 405,
    retry: 'never',
    title: 'This address does not take that method',
    advice: 'Use one of the methods in the Allow header.',
  },
  'body-too-large': {
    status: 413,
    retry: 'never',
    title: 'The body is too large',
    advice: 'Send at most 1 MiB of JSON.',
  },
  'unsupported-media-type': {
    status: 415,
    retry: 'never',
    title: 'The body is of a type this address does not take',
    advice: 'Send JSON with Content-Type application/json.',
  },
  'request-timeout': {
    status: 408,
    retry: 'later',
    title: 'The request did not arrive in time',
    advice: 'Try again.',
  },

  // Who is asking
  'not-signed-in': {
    status: 401,
    retry: 'never',
    title: 'You are not signed in',
    advice: 'Sign in, or send Authorization: Bearer with an API key.',
  },
  'api-key-invalid': {
    status: 401,
    retry: 'never',
    title: 'This API key is not valid',
    advice: 'Check the key, or create one with `granary api-key create`.',
  },
  'sign-in-failed': {
    status: 401,
    retry: 'never',
    title: 'Email and password do not match',
    advice: 'Check both and try again.',
  },
  'looking-only': {
    status: 403,
    retry: 'never',
    title: 'You are only looking around',
    advice: 'Stop, and choose to act as this user if you mean to change something.',
  },
  'second-factor-needed': {
    status: 401,
    retry: 'never',
    title: 'A code is needed besides',
    advice: 'Enter the code from your authenticator, or one of your recovery codes.',
  },
  'second-factor-wrong': {
    status: 401,
    retry: 'never',
    title: 'This code is wrong or was used',
    advice: 'Wait for the next code of your authenticator, or use a recovery code.',
  },
  'password-wrong': {
    status: 403,
    retry: 'never',
    title: 'This is not your password',
    advice: 'Enter the password you sign in with.',
  },
  'passkey-refused': {
    status: 401,
    retry: 'never',
    title: 'This passkey was not accepted',
    advice: 'Try again, or sign in by password.',
  },
  'oidc-not-set-up': {
    status: 409,
    retry: 'never',
    title: 'Signing in by an identity provider is not set up',
    advice: 'Sign in by password, or ask an administrator of the server.',
  },
  'oidc-refused': {
    status: 401,
    retry: 'never',
    title: 'The identity provider did not sign you in',
    advice: 'Try again from the sign-in page.',
  },
  'oidc-no-user': {
    status: 403,
    retry: 'never',
    title: 'Nobody here has your address',
    advice:
      'Ask an administrator to invite the address your identity provider knows you by; if you have a new account there, to delete you here first.',
  },
  'oidc-unreachable': {
    status: 502,
    retry: 'later',
    title: 'The identity provider does not answer as one',
    advice: 'See `reason`, check the issuer’s address and try again.',
  },
  'too-many-attempts': {
    status: 429,
    retry: 'later',
    title: 'Too many attempts',
    advice: 'Wait a minute and try again.',
  },
  'not-permitted': {
    status: 403,
    retry: 'never',
    title: 'Your role does not permit this',
    advice: 'Ask an administrator to do it, or to change your role.',
  },
  'foreign-origin': {
    status: 403,
    retry: 'never',
    title: 'The request comes from another site',
    advice: 'Use the console at its own address.',
  },
  'unsubscribe-link-invalid': {
    status: 403,
    retry: 'never',
    title: 'This link does not unsubscribe anybody',
    advice: 'Open the link as it stands in the mail, or choose your mails under Your account.',
  },
  'setup-link-invalid': {
    status: 403,
    retry: 'never',
    title: 'This link is used up or has expired',
    advice: 'Run `granary admin reset` on the server to get a new one.',
  },
  'link-invalid': {
    status: 403,
    retry: 'never',
    title: 'This link is used up or has expired',
    advice:
      'Ask for a new one: an invitation from whoever invited you, a password link at “Forgot your password?”.',
  },

  // What it is about
  'reseller-not-found': {
    status: 404,
    retry: 'never',
    title: 'There is no such reseller',
    advice: 'It may have been deleted. Reload the list.',
  },
  'customer-not-found': {
    status: 404,
    retry: 'never',
    title: 'There is no such customer',
    advice: 'It may have been deleted. Reload the list.',
  },
  'client-not-found': {
    status: 404,
    retry: 'never',
    title: 'There is no such client',
    advice: 'It may have been deleted. Reload the list.',
  },
  'waiting-client-not-found': {
    status: 404,
    retry: 'never',
    title: 'Nobody waits here any more',
    advice: 'It may have been let in. Reload the list.',
  },
  'plugin-not-found': {
    status: 404,
    retry: 'never',
    title: 'There is no such plug-in',
    advice: 'It may have been removed. Reload the list of plug-ins in License Management.',
  },
  'plugin-in-use': {
    status: 409,
    retry: 'never',
    title: 'Clients have this plug-in',
    advice: 'Take it from its clients first.',
  },
  'plugin-retired': {
    status: 409,
    retry: 'never',
    title: 'This plug-in is retired',
    advice: 'Clients that have it keep it, and no other gets it. Offer it again in License Management first.',
  },
  'plugin-key-taken': {
    status: 409,
    retry: 'never',
    title: 'This key is taken',
    advice: 'Choose another key for the plug-in.',
  },
  'api-key-not-found': {
    status: 404,
    retry: 'never',
    title: 'There is no such API key',
    advice: 'It may have been revoked. Reload the list.',
  },
  'user-not-found': {
    status: 404,
    retry: 'never',
    title: 'There is no such user',
    advice: 'It may have been deleted. Reload the list.',
  },
  'webhook-not-found': {
    status: 404,
    retry: 'never',
    title: 'There is no such webhook',
    advice: 'It may have been removed. Reload the list.',
  },
  'logo-not-found': {
    status: 404,
    retry: 'never',
    title: 'There is no such logo',
    advice: 'It may have been replaced. Read the brand again.',
  },
  'email-taken': {
    status: 409,
    retry: 'never',
    title: 'This email address is in use',
    advice: 'Each user signs in with an address of their own. Choose another one.',
  },
  'last-administrator': {
    status: 409,
    retry: 'never',
    title: 'This is the last administrator of the server',
    advice: 'Make another user an administrator first.',
  },
  'own-account': {
    status: 409,
    retry: 'never',
    title: 'This is your own account',
    advice: 'Ask another administrator, so that nobody locks themself out.',
  },
  'deletion-not-found': {
    status: 404,
    retry: 'never',
    title: 'There is no such deletion',
    advice: 'Reload the deleted report.',
  },
  'undeletion-not-found': {
    status: 404,
    retry: 'never',
    title: 'There is no such undeletion',
    advice: 'Reload the deleted report.',
  },
  'version-not-in-trash': {
    status: 404,
    retry: 'never',
    title: 'This version is not in the trash',
    advice: 'It may have been brought back or purged. Reload the list.',
  },
  'not-in-trash': {
    status: 409,
    retry: 'never',
    title: 'Nothing of it is in the trash',
    advice: 'It was brought back, purged or refused before. Reload the deleted report.',
  },
  'parent-deleted': {
    status: 409,
    retry: 'never',
    title: 'What it belonged to is deleted as well',
    advice: 'Undelete that first.',
  },
  'undelete-running': {
    status: 409,
    retry: 'later',
    title: 'Something is being undeleted in this vault',
    advice: 'Wait until it is back and try again.',
  },
  'second-person-needed': {
    status: 409,
    retry: 'never',
    title: 'A second person has to approve this',
    advice: 'You asked for it yourself. Another administrator has to ask for the same purge.',
  },
  'purge-not-waiting': {
    status: 409,
    retry: 'never',
    title: 'No purge of this waits for a second person',
    advice: 'It was agreed to or refused meanwhile. Reload the deleted report.',
  },
  'trash-frozen': {
    status: 409,
    retry: 'never',
    title: 'The trash of this client is frozen',
    advice: 'It shows warning signs. Look at them on its page, and release its trash first.',
  },
  'trash-purged': {
    status: 409,
    retry: 'never',
    title: 'Some of what was there then has been purged',
    advice: 'Choose a time from `earliest` on, or bring back what is left.',
  },
  'session-not-found': {
    status: 404,
    retry: 'never',
    title: 'There is no such session',
    advice: 'It may have ended. Reload the page.',
  },
  'passkey-not-found': {
    status: 404,
    retry: 'never',
    title: 'There is no such passkey',
    advice: 'It may have been removed. Reload the page.',
  },
  'name-taken': { status: 409, retry: 'never', title: 'This name is taken', advice: 'Choose another name.' },
  'client-id-taken': {
    status: 409,
    retry: 'never',
    title: 'This client ID is taken',
    advice: 'Client IDs are unique on the whole server. Choose another one.',
  },
  'url-key-taken': {
    status: 409,
    retry: 'never',
    title: 'This URL key is taken',
    advice: 'Choose another URL key.',
  },
  'host-name-taken': {
    status: 409,
    retry: 'never',
    title: 'This host name is taken',
    advice: 'It is the server’s own, or another reseller is reached under it. Choose another one.',
  },
  'default-is-permanent': {
    status: 409,
    retry: 'never',
    title: 'The default can not be deleted or deactivated',
    advice: 'Move what is in it elsewhere instead.',
  },
  'backup-running': {
    status: 409,
    retry: 'later',
    title: 'A backup is running under it',
    advice: 'Wait until it ends, or deactivate first and try again.',
  },
  'state-conflict': {
    status: 409,
    retry: 'never',
    title: 'Its state does not allow this',
    advice: 'Reload to see its state now.',
  },
  'mail-not-set-up': {
    status: 409,
    retry: 'never',
    title: 'Mail is not set up',
    advice: 'Enter the mail server under Settings → Mail first.',
  },
  'mail-not-sent': {
    status: 502,
    retry: 'later',
    title: 'The mail server did not take the mail',
    advice: 'See `reason` for what it said, check the settings and try again.',
  },

  // The data plane
  'vault-not-found': {
    status: 404,
    retry: 'never',
    title: 'There is no such place in a vault',
    advice: 'Check the repository address: rest:https://…/vault/{customer}/{client}/',
  },
  'object-not-found': {
    status: 404,
    retry: 'never',
    title: 'There is no such object',
    advice: 'Nothing is stored under this name.',
  },
  'credentials-invalid': {
    status: 401,
    retry: 'never',
    title: 'Client ID and secret do not match',
    advice: 'Check the user name (the client ID) and the secret in the repository address.',
  },
  'pass-key-invalid': {
    status: 401,
    retry: 'never',
    title: 'The pass key is wrong',
    advice: 'Ask your provider for the current pass key.',
  },
  'client-not-admitted': {
    status: 403,
    retry: 'never',
    title: 'This client ID has not been let in',
    advice: 'Ask your provider to add it, or to enable auto authorization.',
  },
  'client-id-elsewhere': {
    status: 403,
    retry: 'never',
    title: 'This client ID belongs to another customer',
    advice: 'Client IDs are unique on the whole server. Choose another one.',
  },
  'client-deactivated': {
    status: 403,
    retry: 'never',
    title: 'This client is deactivated',
    advice: 'Ask your provider to activate it. Restores go on working.',
  },
  'customer-deactivated': {
    status: 403,
    retry: 'never',
    title: 'This customer is deactivated',
    advice: 'Ask your provider to activate it. Restores go on working.',
  },
  'reseller-deactivated': {
    status: 403,
    retry: 'never',
    title: 'This reseller is deactivated',
    advice: 'Ask your provider to activate it. Restores go on working.',
  },
  'append-only': {
    status: 403,
    retry: 'never',
    title: 'This client may only add',
    advice: 'It is append-only: nothing but locks can be removed. Ask your provider to prune.',
  },
  'object-exists': {
    status: 403,
    retry: 'never',
    title: 'This object exists with other content',
    advice: 'What is stored is never overwritten. Remove it first if you mean to replace it.',
  },
  'licence-exhausted': {
    status: 403,
    retry: 'never',
    title: 'No MCAL is left for this client',
    advice: 'Ask your provider for more MCALs. Restores go on working.',
  },
  'reseller-management-off': {
    status: 409,
    retry: 'never',
    title: 'Reseller management is switched off',
    advice: 'Switch it on in Settings first.',
  },
  'over-allotted': {
    status: 409,
    retry: 'never',
    title: 'More would be allotted than there is',
    advice: 'Choose a smaller limit, raise the one above, or allow over-allotting in Settings.',
  },
  'trial-ended': {
    status: 403,
    retry: 'never',
    title: 'The trial of this client has ended',
    advice: 'Ask your provider to extend it or to make it a regular client. Restores go on working.',
  },
  'pool-short': {
    status: 409,
    retry: 'never',
    title: 'The pool has fewer MCALs left than that',
    advice: 'Take back at most what is left.',
  },
  'content-mismatch': {
    status: 400,
    retry: 'later',
    title: 'The bytes do not match the name',
    advice: 'The SHA-256 of what arrived is not the name it was sent under. Send it again.',
  },
  'body-incomplete': {
    status: 400,
    retry: 'later',
    title: 'The body ended early',
    advice: 'Fewer bytes arrived than announced. Send it again.',
  },
  'object-too-large': {
    status: 403,
    retry: 'never',
    title: 'This object is larger than its type allows',
    advice: 'A lock holds at most 1 MiB.',
  },
  'create-parameter-missing': {
    status: 400,
    retry: 'never',
    title: 'Creating a repository takes ?create=true',
    advice: 'Use restic init.',
  },
  'range-not-satisfiable': {
    status: 416,
    retry: 'never',
    title: 'The range begins past the end',
    advice: 'Ask for bytes that exist.',
  },
  'quota-exceeded': {
    status: 507,
    retry: 'never',
    title: 'No room left under the quota',
    advice: 'Remove old backups, or raise Allotted Space.',
  },
  'too-many-locks': {
    status: 507,
    retry: 'never',
    title: 'This vault holds as many locks as it may',
    advice: 'Remove what is left of programs that were killed with restic unlock.',
  },
  'storage-full': {
    status: 507,
    retry: 'later',
    title: 'The server has no room left',
    advice: 'Ask your provider to add disk space. Nothing stored before is affected.',
  },
  'storage-location-missing': {
    status: 503,
    retry: 'later',
    title: 'A disk of the server is not mounted',
    advice: 'Ask your provider to mount it. Nothing stored before is affected.',
  },
  'server-busy': {
    status: 503,
    retry: 'later',
    title: 'The server is busy or stopping',
    advice: 'Try again in a moment.',
  },
  'internal-error': {
    status: 500,
    retry: 'later',
    title: 'Something went wrong on the server',
    advice: 'Try again. If it stays, look into the log of the server under the request’s ID.',
  },
} as const satisfies Record<string, Problem>

export type ProblemCode = keyof typeof problems

/** What stands in the body of a failed request (RFC 9457, with Granary's `code`, `advice` and facts). */
export interface ProblemBody extends Problem {
  readonly type: string
  readonly code: ProblemCode
  /** Facts of this case, such as `limitBytes`; for `invalid-request`, `errors`, each a `FieldFault`. */
  readonly [fact: string]: unknown
}

/** Thrown by domain code; one place in the server turns it into a response. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly code: ProblemCode
  readonly facts: Readonly<Record<string, unknown>>
  constructor(code: ProblemCode, facts: Readonly<Record<string, unknown>> = {}, options?: ErrorOptions) {
    super(problems[code].title, options)
    this.code = code
    this.facts = facts
  }

  get status(): number {
    return problems[this.code].status
  }
}

/** The body that tells a problem to the other side. */
export function problemBody(code: ProblemCode, facts: Readonly<Record<string, unknown>> = {}): ProblemBody {
  return { type: `urn:granary:problem:${code}`, code, ...problems[code], ...facts }
}
