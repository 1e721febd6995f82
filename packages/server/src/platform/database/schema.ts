import type {
  AlertKind,
  ClientKind,
  Damage,
  DeletionKind,
  DeletionState,
  DrawReason,
  Language,
  TenantState,
  UndeletionKind,
  UndeletionStep,
  WaitingReason,
  WarningSensitivity,
  WarningSign,
} from '@granary/contract'
import type { Generated, GeneratedAlways } from 'kysely'

/**
 * The tables, as Kysely sees them; the same on SQLite and PostgreSQL. Timestamps are epoch milliseconds,
 * sizes bytes, yes and no 1 and 0, object names the 32 bytes of their SHA-256 (empty for `config`).
 * Deleted tenants keep their row with `deleted_at`, so that history and undelete can reach them.
 */
export interface Schema {
  settings: { key: string; value: string }
  /** One row. Moves whenever something that processes cache (credentials, states, limits) was edited. */
  change_counter: { id: number; value: number }
  /** Besides the default one; each is marked on its disk with its ID */
  storage_locations: StorageLocationRow
  resellers: ResellerRow
  customers: CustomerRow
  clients: ClientRow
  former_addresses: FormerAddressRow
  waiting_clients: WaitingClientRow
  space: SpaceRow
  /** Used space of each owner at the end of the days on which it moved; days begin at midnight UTC */
  space_days: { owner_id: string; day: number; used_bytes: number }
  licence_use: LicenceUseRow
  licence_draws: LicenceDrawRow
  licence_ledger: LicenceLedgerRow
  /** Units that each owner of an account used in each month; sums of the ledger */
  licence_months: { owner_id: string; month: string; used: number }
  /** Of those, what they were drawn for: a kind of client, or a plug-in's key */
  licence_month_parts: { owner_id: string; month: string; part: string; used: number }
  licence_allotments: LicenceAllotmentRow
  plugins: PluginRow
  client_plugins: { client_id: string; plugin: string }
  objects: ObjectRow
  trash: TrashRow
  pending_moves: PendingMoveRow
  /** On SQLite only */
  content_journal: ContentJournalRow
  deletions: DeletionRow
  /** What moved to the default when something was deleted, so that undelete can take it back. */
  deletion_moves: { deletion_id: string; child_id: string }
  undeletions: UndeletionRow
  damaged_objects: DamagedObjectRow
  protection: ProtectionRow
  vault_days: VaultDayRow
  runs: RunRow
  warnings: WarningRow
  ledger: LedgerRow
  reservations: ReservationRow
  /** Processes at work, of every server on this database; who lets the lease run out has died. */
  server_processes: { id: string; lease_until: number }
  users: UserRow
  api_keys: ApiKeyRow
  audit_log: AuditRow
  audit_head: AuditHeadRow
  sessions: SessionRow
  setup_links: SetupLinkRow
  sign_in_failures: SignInFailureRow
  jobs: JobRow
  alerts: AlertRow
  webhooks: WebhookRow
  webhook_deliveries: WebhookDeliveryRow
  brands: BrandRow
  brand_logos: BrandLogoRow
  one_time_links: OneTimeLinkRow
  recovery_codes: { code_hash: Uint8Array; user_id: string }
  passkeys: PasskeyRow
  challenges: ChallengeRow
  /** Who a user is at an identity provider */
  oidc_identities: { issuer: string; subject: string; user_id: string }
}

export interface StorageLocationRow {
  name: string
  id: string
  /** Where it was at the last start */
  folder: string
  added_at: number
}

interface InformationColumns {
  email: string
  address: string
  city: string
  country: string
  phone: string
  tax_number: string
  notes: string
}

export interface ResellerRow extends InformationColumns {
  id: string
  name: string
  /** `nameKey(name)`; unique among those not deleted */
  name_key: string
  is_default: number
  state: TenantState
  auto_authorization: number
  created_at: number
  deleted_at: number | null
  /** Where the vaults of new clients are made; null: as the server's settings say */
  storage_location: string | null
  /** Living customers; kept by the database's triggers, never written */
  customer_count: GeneratedAlways<number>
  /** What it was deleted by, with everything under it */
  deletion_id: string | null
}

export interface CustomerRow extends InformationColumns {
  id: string
  reseller_id: string
  name: string
  name_key: string
  /** Part of vault addresses; never changes and is never used again. */
  url_key: string
  is_default: number
  state: TenantState
  auto_authorization: number
  pass_key: string
  /** Trial settings of its own; null: as the server's */
  trial_days: number | null
  trial_keep_days: number | null
  trial_for_new: number
  /** Where the vaults of new clients are made; null: as its reseller says */
  storage_location: string | null
  /** Living clients; kept by the database's triggers, never written */
  client_count: GeneratedAlways<number>
  created_at: number
  deleted_at: number | null
  deletion_id: string | null
}

export interface ClientRow {
  id: string
  /** The vault's number in the ledger; the first path segment of its folder. */
  vault_no: Generated<number>
  /** The name it backs up under, as written */
  client_id: string
  /** In lower case; unique among those not deleted */
  client_id_key: string
  customer_id: string
  kind: ClientKind
  state: TenantState
  append_only: number
  /** HMAC-SHA-256 of the secret under the server's key */
  secret_hash: Uint8Array
  admitted_by: 'added' | 'auto-authorization' | 'waiting-room'
  last_backup_at: number | null
  /** Until when it is a trial, which draws no MCALs; null: a regular client */
  trial_ends_at: number | null
  created_at: number
  deleted_at: number | null
  deletion_id: string | null
  /** Where its vault lies, for good */
  storage_location: Generated<string>
  /** When its vault was removed for good */
  purged_at: number | null
  /** The last removal that was purged: what lies before can't be brought back whole any more */
  trash_purged_to: Generated<number>
  /** Nothing in its trash is purged before; `frozen` where somebody has to release it first; null: as windows say */
  trash_kept_until: Generated<number | null>
  /** How far its clock was ahead of the server's when it last said what time it had */
  clock_ahead_ms: Generated<number | null>
}

/** URL keys of customers a client belonged to before: its vault still answers there, so that machines go on. */
interface FormerAddressRow {
  client_id: string
  url_key: string
}

/** Somebody with an unknown ID who was not let in: one row for each secret that came with it. */
export interface WaitingClientRow {
  id: string
  customer_id: string
  client_id: string
  client_id_key: string
  /** HMAC-SHA-256 of the whole password it brought, under the server's key */
  secret_hash: Uint8Array
  reason: WaitingReason
  state: 'waiting' | 'refused'
  address: string
  first_attempt_at: number
  last_attempt_at: number
}

/** Limit and use of each reseller, customer and client, apart from their rows because every upload moves it. */
interface SpaceRow {
  owner_id: string
  allotted_bytes: number | null
  used_bytes: number
  reserved_bytes: number
  /** What lies in the trash, deleted clients' vaults included; no part of `used_bytes` */
  trash_bytes: Generated<number>
  changed_at: number
  /** Of a client: what was received since its latest version, without locks; it becomes a row of `runs` */
  run_objects: Generated<number>
  run_bytes: Generated<number>
  run_began_at: number | null
}

/** What was received with a version and since the one before, whatever became of it. */
interface RunRow {
  vault_no: number
  /** Of the snapshot */
  name: Uint8Array
  started_at: number
  objects: number
  bytes: number
}

/** MCALs of each reseller and customer. */
interface LicenceUseRow {
  owner_id: string
  allotted: number | null
  used_till_date: number
  /** `2026-11`: the month that `used_in_month` counts */
  month: string
  used_in_month: number
}

/** The record of every draw of MCALs, with what was left then; null where there was no number. Only ever added to. */
interface LicenceLedgerRow {
  seq: Generated<number>
  at: number
  month: string
  client_id: string
  /** Whose client it was then */
  customer_id: string
  reseller_id: string
  kind: ClientKind
  units: number
  /** JSON: what the units were drawn for, by kind of client or key of plug-in; adds up to `units` */
  parts: string
  reason: DrawReason
  pool_left: number | null
  reseller_left: number | null
  customer_left: number | null
}

/** The record of what was allotted to the pool, a reseller or a customer; null: there was, or is, no number. */
interface LicenceAllotmentRow {
  seq: Generated<number>
  at: number
  month: string
  owner_id: string
  left_before: number | null
  left_after: number | null
  /** Units its owner had used in the month until then */
  used_before: number
  note: string
  actor_name: string
}

/** What a client has drawn in a month. */
interface LicenceDrawRow {
  client_id: string
  month: string
  units: number
  /** JSON: what they were drawn for; adds up to `units` */
  parts: string
  kind: ClientKind
  customer_id: string
  reseller_id: string
  drawn_at: number
}

/** An application plug-in, and what each client with it draws a month besides the units of its kind. */
export interface PluginRow {
  key: string
  name: string
  /** `nameKey(name)`, unique */
  name_key: string
  monthly_units: number
  /** Since when it is offered to no client any more; null while it is */
  retired_at: number | null
}

/** What is stored now. Derived from the ledger, in the same transaction. */
interface ObjectRow {
  vault_no: number
  /** `objectTypeCode` */
  type: number
  name: Uint8Array
  bytes: number
  stored_at: number
  /** When its bytes were last found to be right; null: when they were received; 0: to be looked at first */
  verified_at: number | null
}

export interface TrashRow {
  vault_no: number
  type: number
  name: Uint8Array
  /** Tells entries of one name apart; `takeTrashNumbers` */
  id: number
  bytes: number
  stored_at: number
  trashed_at: number
  /** When the undelete window ends and the purge job may remove the bytes */
  until: number
  actor: Generated<string>
  address: Generated<string>
  /** The line of the deleted report it belongs to; null until removals are grouped */
  deletion_id: string | null
}

/** Contents of small objects that wait for their files; see `vaults/content-journal.ts`. */
interface ContentJournalRow {
  seq: Generated<number>
  vault_no: number
  type: number
  name: Uint8Array
  content: Uint8Array
}

/** Objects whose file has yet to follow the ledger: into the trash, back, or away for good. */
export interface PendingMoveRow {
  vault_no: number
  type: number
  name: Uint8Array
  /** Below zero: there is no entry in the trash, the bytes go for good */
  trash_id: number
  /** `moveDirection` */
  direction: Generated<number>
}

/** The record of every change to stored bytes. Only ever added to. */
interface LedgerRow {
  seq: Generated<number>
  at: number
  vault_no: number
  /** 1 stored, 2 trashed, 3 restored, 4 purged */
  change: number
  type: number
  name: Uint8Array
  bytes: number
  /** `client`, `user:…`, `policy:…` */
  actor: string
  address: string
}

/** A line of the Deleted Client/Backup Report. */
export interface DeletionRow {
  id: string
  kind: DeletionKind
  /** Of a customer or reseller: what became of what was under it */
  contents: 'move-to-default' | 'delete' | null
  name: string
  /** `Default Reseller / Bakery Müller`, as it was then */
  parent_path: string
  /** Of the reseller, customer or client */
  target_id: string
  vault_no: number | null
  reseller_id: string
  customer_id: string | null
  client_id: string | null
  customers: number
  clients: number
  /** Snapshots among the objects */
  versions: number
  objects: number
  bytes: number
  restored_objects: number
  restored_bytes: number
  purged_objects: number
  purged_bytes: number
  actor: string
  actor_name: string
  address: string
  asked_at: number
  /** The last removal of a group */
  done_at: number | null
  state: DeletionState
  /** Why it was refused, or purged by hand */
  reason: string
  /** Why it was refused, as the API tells reasons, in JSON; null when it was not */
  refusal: string | null
  until: number | null
  /** `user:…` or `api-key:…` */
  purge_asked_by: string | null
  purge_asked_name: string | null
  purge_asked_at: number | null
  purge_reason: string | null
  /** 1 once it is under way */
  purge_approved: number | null
}

/** Something on its way back from the trash, step by step, so that a crash in between loses nothing. */
export interface UndeletionRow {
  id: string
  kind: UndeletionKind
  deletion_id: string | null
  name: string
  vault_no: number | null
  reseller_id: string
  customer_id: string | null
  client_id: string | null
  /** The vault is put back to how it was at this time */
  moment: number | null
  /** What becomes of objects stored since the moment */
  added: 'keep' | 'remove'
  /** The one snapshot that is wanted; others stay in the trash */
  version: Uint8Array | null
  actor: string
  actor_name: string
  address: string
  asked_at: number
  step: UndeletionStep
  /** How far the step has come */
  at_type: number | null
  after_name: Uint8Array | null
  /** The line of the report that holds what was taken out */
  removal_id: string | null
  /** Room reserved for what is still to come back */
  held_bytes: number
  objects: number
  bytes: number
  restored_objects: number
  restored_bytes: number
  removed_objects: number
  removed_bytes: number
  verified_objects: number
  damaged_objects: number
  finished_at: number | null
}

/** Stored objects whose bytes were found wrong; healed ones stay, so that one sees what the disk does. */
interface DamagedObjectRow {
  vault_no: number
  type: number
  name: Uint8Array
  damage: Damage
  found_at: number
  healed_at: number | null
  /** Where the good copy came from */
  healed_from: string | null
}

/** How what is deleted is protected, by reseller, customer or, for `server`, where those say nothing. */
interface ProtectionRow {
  owner_id: string
  undelete_days: number | null
  /** Of the server alone: no window is longer */
  most_undelete_days: number | null
  minimum_keep_days: number | null
  trash_counts: number | null
  two_person_purge: number | null
  warning_sensitivity: WarningSensitivity | null
}

/**
 * What a client did in a day of its own, which begins with the first thing it does after the last one; sums of the
 * ledger. A few dozen are kept of each vault: they say what is usual for it.
 */
export interface VaultDayRow {
  vault_no: number
  began_at: number
  last_at: number
  /** Snapshots stored */
  backups: number
  stored_bytes: number
  removed_bytes: number
  removed_versions: number
  /** The first removal of the day */
  removed_from: number | null
  /** What the vault held when the day began */
  held_bytes: number
  held_versions: number
  /** What it holds after the last change that was looked at, whoever made it */
  left_bytes: number
  left_versions: number
  /** When the run that was last under way began: uploads without a pause, up to their snapshot */
  run_at: number
  run_bytes: number
  /** When the first run of the day began that stored a good part of the vault */
  surge_at: number | null
  /**
   * `alarmed`: an alarm was raised, and is open. Once it is released the day is over: `unusual`, or `expected`, which
   * says that as much is usual from then on.
   */
  standing: 'usual' | 'alarmed' | 'unusual' | 'expected'
}

/** A warning sign that a client has shown; open until somebody releases its trash. */
export interface WarningRow {
  id: string
  vault_no: number
  client_id: string
  sign: WarningSign
  observed: number
  usual: number
  held: number
  since: number
  put_back_to: number
  raised_at: number
  released_at: number | null
  released_by: string | null
  reason: string | null
  expected: number | null
}

/** Room held for an upload under way, given back when it ends or its process dies. */
interface ReservationRow {
  id: string
  process_id: string
  client_id: string
  customer_id: string
  reseller_id: string
  bytes: number
}

export interface UserRow {
  id: string
  name: string
  /** In lower case; unique among those not deleted */
  email: string
  /** As `hashPassword` writes it; null where no password was set */
  password_hash: string | null
  level: 'server' | 'reseller' | 'customer'
  role: 'admin' | 'operator' | 'read-only'
  reseller_id: string | null
  customer_id: string | null
  created_at: number
  deleted_at: number | null
  state: 'invited' | 'active' | 'deactivated'
  last_sign_in_at: number | null
  /** Sealed; null where no code is asked for besides the password */
  totp_secret: string | null
  /** The half minute of the last code used: none is used twice */
  totp_last_step: number
  /** What is not mailed to them: topics with commas between them */
  mails_off: string
  /** Chosen by them; null: mails are in the server's own */
  language: Language | null
}

interface PasskeyRow {
  id: string
  credential_id: string
  user_id: string
  name: string
  public_key: Uint8Array
  counter: number
  /** JSON */
  transports: string
  created_at: number
  last_used_at: number | null
}

/** What somebody is to answer to, once: an authenticator, a passkey, an identity provider. */
interface ChallengeRow {
  token_hash: Uint8Array
  purpose: string
  user_id: string | null
  value: string
  expires_at: number
}

/** What lets a user choose a password: the link of an invitation, or of a forgotten password. */
interface OneTimeLinkRow {
  token_hash: Uint8Array
  user_id: string
  purpose: 'invitation' | 'password-reset'
  created_at: number
  expires_at: number
}

/** A browser that is signed in. */
interface SessionRow {
  id: string
  user_id: string
  /** HMAC-SHA-256 of the cookie's token under the server's key */
  token_hash: Uint8Array
  created_at: number
  last_used_at: number
  expires_at: number
  address: string
  /** What the browser calls itself */
  browser: string
  /** The user of a lower level as whom this session looks at the console, and whether it may change anything */
  acting_as: string | null
  acting_mode: 'look' | 'act' | null
}

/** The one-time link that sets an administrator's password. */
interface SetupLinkRow {
  token_hash: Uint8Array
  created_at: number
  expires_at: number
}

/** Failed sign-ins of an account or an address; forgotten when the window has passed. */
interface SignInFailureRow {
  /** `account:…` or `address:…` */
  subject: string
  failures: number
  window_ends_at: number
}

export interface ApiKeyRow {
  id: string
  name: string
  secret_hash: Uint8Array
  level: 'server' | 'reseller' | 'customer'
  role: 'admin' | 'operator' | 'read-only'
  reseller_id: string | null
  customer_id: string | null
  created_at: number
  created_by: string
  expires_at: number | null
  last_used_at: number | null
  revoked_at: number | null
}

/**
 * One row: how many entries the audit log has had and the hash of the last, so that none can be cut off its end; and
 * how many of them the retention of logs removed from its beginning, with the hash of the last of those.
 */
interface AuditHeadRow {
  id: number
  entries: number
  hash: Uint8Array
  pruned_entries: Generated<number>
  pruned_hash: Uint8Array | null
}

export interface AuditRow {
  seq: Generated<number>
  at: number
  event: string
  actor: string
  actor_name: string
  address: string
  reseller_id: string | null
  customer_id: string | null
  target_id: string | null
  target_name: string
  /** JSON */
  details: string
  previous_hash: Uint8Array
  hash: Uint8Array
  /** What the log is searched and sorted by: names as `nameKey` folds them. The chain is none the wiser. */
  target_key: string
  actor_key: string
  /** Target, event and actor, a line each */
  search_key: string
}

/** Work to be done once or again and again, by whichever server takes it. */
export interface JobRow {
  id: string
  kind: string
  /** Of one kind only one job with the same key is there at a time; null: any number */
  key: string | null
  /** JSON */
  payload: string
  due_at: number
  /** How often it was begun since it last succeeded */
  attempts: number
  /** The process that works on it, for as long as the lease lasts */
  holder: string | null
  lease_until: number
  last_error: string | null
  created_at: number
  /** When it had failed too often; it stays until somebody decides */
  given_up_at: number | null
}

/** What somebody should look at; open until it is over. */
export interface AlertRow {
  id: string
  kind: AlertKind
  /** `srv` for the server */
  subject_id: string
  subject_name: string
  reseller_id: string | null
  customer_id: string | null
  /** In English */
  text: string
  /** JSON of an `AlertMessage`; null for what began before there were any */
  message: string | null
  began_at: number
  resolved_at: number | null
  /** When it was mailed to whom it concerns; null while mail is not set up */
  mailed_at: number | null
}

/** What came of one attempt to send something to a webhook. */
interface WebhookDeliveryRow {
  seq: Generated<number>
  webhook_id: string
  at: number
  event_id: string
  event: string
  /** The alert's sentence; empty for a test */
  about: string
  ok: number
  answer: string
}

/** A program that alerts are sent to. */
export interface WebhookRow {
  id: string
  name: string
  url: string
  sealed_secret: string
  created_at: number
  last_at: number | null
  last_ok: number | null
  last_answer: string | null
}

/** How a reseller, or the server (`server`), shows itself; what is null is inherited. */
interface BrandRow {
  owner_id: string
  product_name: string | null
  accent: string | null
  /** Unique; a reseller in the trash has none */
  host_name: string | null
  /** What a reseller in the trash was reached under, or what it lost meanwhile */
  former_host_name: string | null
  sender_name: string | null
  reply_to: string | null
  from_address: string | null
}

interface BrandLogoRow {
  owner_id: string
  scheme: 'light' | 'dark'
  /** SHA-256 of the content, in hexadecimal: part of its address */
  hash: string
  content_type: string
  width: number
  height: number
  content: Uint8Array
}
