import { type CompiledQuery, type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database/database.ts'

/** Where a file has yet to go. */
export const moveDirection = { intoTrash: 0, back: 1, away: 2 } as const

export const ledgerChange = { stored: 1, trashed: 2, restored: 3, purged: 4 } as const

/** Who changed something, from which address. */
export interface LedgerActor {
  readonly actor: string
  readonly address: string
}

/**
 * The ledger's statements, compiled once for each number of rows, because building a query costs more than
 * running it. Each method takes the rows and answers the compiled query with their values.
 */
export class LedgerStatements {
  readonly #queries: Database['queries']
  readonly #isPostgres: boolean
  readonly #compiled = new Map<string, CompiledQuery>()

  constructor(database: Database) {
    this.#queries = database.queries
    this.#isPostgres = database.kind === 'postgres'
  }

  /** Where a vault belongs now; on PostgreSQL it stays there until the transaction ends. */
  ownersOf(vaultNo: number): CompiledQuery<{
    client_id: string
    customer_id: string
    reseller_id: string
    last_backup_at: number | null
  }> {
    return this.#filled('owners', 1, [vaultNo], () => {
      const owners = this.#queries
        .selectFrom('clients as c')
        .innerJoin('customers as u', 'u.id', 'c.customer_id')
        .select(['c.id as client_id', 'c.customer_id', 'u.reseller_id', 'c.last_backup_at'])
        .where('c.vault_no', '=', 0)
        .where('c.deleted_at', 'is', null)
      return this.#isPostgres ? owners.forShare('c').compile() : owners.compile()
    })
  }

  /**
   * Keeps every upload into these vaults out until the transaction ends; null on SQLite, where a transaction
   * that writes is alone anyway.
   */
  lockVaults(vaultNos: readonly number[]): CompiledQuery | null {
    if (!this.#isPostgres) return null
    return this.#filled('lock', vaultNos.length, [...vaultNos], () =>
      this.#queries
        .selectFrom('clients')
        .select('vault_no')
        .where('vault_no', 'in', vaultNos)
        .orderBy('vault_no')
        .forUpdate()
        .compile(),
    )
  }

  /** How many objects of a type a vault has, and their bytes together. */
  heldOfType(vaultNo: number, type: number): CompiledQuery<{ objects: number; bytes: number }> {
    return this.#filled('held', 1, [0, vaultNo, type], () =>
      this.#queries
        .selectFrom('objects')
        .select((eb) => [
          eb.fn.countAll<number>().as('objects'),
          eb.fn.coalesce(eb.fn.sum<number>('bytes'), eb.val(0)).as('bytes'),
        ])
        .where('vault_no', '=', 1)
        .where('type', '=', 1)
        .compile(),
    )
  }

  /** Adds what is not there yet, and answers what it added. */
  insertObjects(
    rows: readonly { vaultNo: number; type: number; name: Uint8Array; bytes: number }[],
    now: number,
  ): CompiledQuery<{ vault_no: number; type: number; name: Uint8Array }> {
    const values = rows.flatMap((row) => [row.vaultNo, row.type, row.name, row.bytes, now])
    return this.#filled('objects', rows.length, values, () =>
      this.#queries
        .insertInto('objects')
        .values(
          rows.map((row) => ({
            vault_no: row.vaultNo,
            type: row.type,
            name: row.name,
            bytes: 1,
            stored_at: 1,
          })),
        )
        .onConflict((conflict) => conflict.doNothing())
        .returning(['vault_no', 'type', 'name'])
        .compile(),
    )
  }

  insertLedger(
    rows: readonly ({
      vaultNo: number
      type: number
      name: Uint8Array
      bytes: number
      change: number
    } & LedgerActor)[],
    now: number,
  ): CompiledQuery {
    const values = rows.flatMap((row) => [
      now,
      row.vaultNo,
      row.change,
      row.type,
      row.name,
      row.bytes,
      row.actor,
      row.address,
    ])
    return this.#filled('ledger', rows.length, values, () =>
      this.#queries
        .insertInto('ledger')
        .values(
          rows.map((row) => ({
            at: 1,
            vault_no: 1,
            change: 1,
            type: 1,
            name: row.name,
            bytes: 1,
            actor: '',
            address: '',
          })),
        )
        .compile(),
    )
  }

  /** Keeps contents until they have files; on SQLite only. */
  insertContents(
    rows: readonly { vaultNo: number; type: number; name: Uint8Array; content: Uint8Array }[],
  ): CompiledQuery {
    const values = rows.flatMap((row) => [row.vaultNo, row.type, row.name, row.content])
    return this.#filled('contents', rows.length, values, () =>
      this.#queries
        .insertInto('content_journal')
        .values(rows.map(({ name, content }) => ({ vault_no: 1, type: 1, name, content })))
        .compile(),
    )
  }

  /** The content of an object without a file. Reads the whole journal, which is rare, rather than keep an index of it. */
  findContent(vaultNo: number, type: number, name: Uint8Array): CompiledQuery<{ content: Uint8Array }> {
    return this.#filled('content', 1, [vaultNo, type, name, 1], () =>
      this.#queries
        .selectFrom('content_journal')
        .select('content')
        .where('vault_no', '=', 1)
        .where('type', '=', 1)
        .where('name', '=', name)
        .limit(1)
        .compile(),
    )
  }

  /** Moves used and reserved space of a client, its customer and its reseller by the same amounts. */
  addSpace(owners: readonly string[], usedBytes: number, reservedBytes: number, now: number): CompiledQuery {
    return this.#filled('space', owners.length, [usedBytes, reservedBytes, now, ...owners], () =>
      this.#queries
        .updateTable('space')
        .set((eb) => ({
          used_bytes: eb('used_bytes', '+', 1),
          reserved_bytes: eb('reserved_bytes', '+', 1),
          changed_at: 1,
        }))
        .where('owner_id', 'in', owners)
        .compile(),
    )
  }

  /**
   * Counts what a client has stored as used at its three levels, and in the run that it is part of.
   * @param owners the client first
   */
  addStored(
    owners: readonly string[],
    storedBytes: number,
    run: { objects: number; bytes: number },
    now: number,
  ): CompiledQuery {
    const [client = ''] = owners
    const values = [storedBytes, client, run.objects, client, run.bytes, client, run.objects, now, now]
    return this.#filled('stored', owners.length, [...values, ...owners], () => {
      const isClient = sql`owner_id = ${client}`
      return this.#queries
        .updateTable('space')
        .set((eb) => ({
          used_bytes: eb('used_bytes', '+', 1),
          run_objects: sql`case when ${isClient} then run_objects + ${1} else run_objects end`,
          run_bytes: sql`case when ${isClient} then run_bytes + ${1} else run_bytes end`,
          run_began_at: sql`case when ${isClient} and ${1} > 0 then coalesce(run_began_at, ${1}) else run_began_at end`,
          changed_at: 1,
        }))
        .where('owner_id', 'in', owners)
        .compile()
    })
  }

  /** A version has arrived: what came since the one before is its run. */
  noteRun(clientId: string, vaultNo: number, name: Uint8Array, now: number): CompiledQuery {
    return this.#filled('run', 1, [vaultNo, name, now, clientId], () =>
      this.#queries
        .insertInto('runs')
        .columns(['vault_no', 'name', 'started_at', 'objects', 'bytes'])
        .expression((eb) =>
          eb
            .selectFrom('space')
            .select([
              sql<number>`${sql.val(1)}${this.#isPostgres ? sql`::bigint` : sql``}`.as('vault_no'),
              sql<Uint8Array>`${sql.val(name)}${this.#isPostgres ? sql`::bytea` : sql``}`.as('name'),
              sql<number>`coalesce(run_began_at, ${1})`.as('started_at'),
              'run_objects',
              'run_bytes',
            ])
            .where('owner_id', '=', clientId),
        )
        .onConflict((conflict) =>
          conflict.columns(['vault_no', 'name']).doUpdateSet((eb) => ({
            started_at: eb.ref('excluded.started_at'),
            objects: eb.ref('excluded.objects'),
            bytes: eb.ref('excluded.bytes'),
          })),
        )
        .compile(),
    )
  }

  beginRun(clientId: string): CompiledQuery {
    return this.#filled('next run', 1, [0, 0, clientId], () =>
      this.#queries
        .updateTable('space')
        .set({ run_objects: 0, run_bytes: 0, run_began_at: sql`null` })
        .where('owner_id', '=', clientId)
        .compile(),
    )
  }

  /** Moves used space of a client, its customer and its reseller into their trash. */
  addTrash(owners: readonly string[], bytes: number, now: number): CompiledQuery {
    return this.#filled('trash space', owners.length, [bytes, bytes, now, ...owners], () =>
      this.#queries
        .updateTable('space')
        .set((eb) => ({
          used_bytes: eb('used_bytes', '-', 1),
          trash_bytes: eb('trash_bytes', '+', 1),
          changed_at: 1,
        }))
        .where('owner_id', 'in', owners)
        .compile(),
    )
  }

  deleteReservations(ids: readonly string[]): CompiledQuery<{ bytes: number }> {
    return this.#filled('reservations', ids.length, [...ids], () =>
      this.#queries.deleteFrom('reservations').where('id', 'in', ids).returning('bytes').compile(),
    )
  }

  noteBackup(vaultNo: number, now: number): CompiledQuery {
    return this.#filled('backup', 1, [now, vaultNo], () =>
      this.#queries.updateTable('clients').set({ last_backup_at: 1 }).where('vault_no', '=', 1).compile(),
    )
  }

  findObject(
    vaultNo: number,
    type: number,
    name: Uint8Array,
  ): CompiledQuery<{ bytes: number; stored_at: number }> {
    return this.#filled('object', 1, [vaultNo, type, name], () =>
      this.#queries
        .selectFrom('objects')
        .select(['bytes', 'stored_at'])
        .where('vault_no', '=', 1)
        .where('type', '=', 1)
        .where('name', '=', name)
        .compile(),
    )
  }

  /** Which of these objects are stored. */
  findObjects(
    keys: readonly { vaultNo: number; type: number; name: Uint8Array }[],
  ): CompiledQuery<{ vault_no: number; type: number; name: Uint8Array }> {
    if (this.#isPostgres)
      return sql<{ vault_no: number; type: number; name: Uint8Array }>`
        select o.vault_no, o.type, o.name from objects as o
        join ${unnested(keys)} as k (vault_no, type, name)
          on o.vault_no = k.vault_no and o.type = k.type and o.name = k.name`.compile(this.#queries)
    const values = keys.flatMap((key) => [key.vaultNo, key.type, key.name])
    return this.#filled('objects found', keys.length, values, () =>
      this.#queries
        .selectFrom('objects')
        .select(['vault_no', 'type', 'name'])
        .where((eb) =>
          eb.or(
            keys.map(({ name }) =>
              eb.and([eb('vault_no', '=', 1), eb('type', '=', 1), eb('name', '=', name)]),
            ),
          ),
        )
        .compile(),
    )
  }

  /** A page of one type in the order of names, after a name. */
  listObjects(
    vaultNo: number,
    type: number,
    after: Uint8Array,
    rows: number,
  ): CompiledQuery<{ name: Uint8Array; bytes: number }> {
    return this.#filled('list', 1, [vaultNo, type, after, rows], () =>
      this.#queries
        .selectFrom('objects')
        .select(['name', 'bytes'])
        .where('vault_no', '=', 1)
        .where('type', '=', 1)
        .where('name', '>', after)
        .orderBy('name')
        .limit(1)
        .compile(),
    )
  }

  /** Takes away exactly the object that was there when the request came, not one uploaded since. */
  deleteObject(
    vaultNo: number,
    type: number,
    name: Uint8Array,
    storedAt: number,
  ): CompiledQuery<{ bytes: number }> {
    return this.#filled('delete', 1, [vaultNo, type, name, storedAt], () =>
      this.#queries
        .deleteFrom('objects')
        .where('vault_no', '=', 1)
        .where('type', '=', 1)
        .where('name', '=', name)
        .where('stored_at', '=', 1)
        .returning('bytes')
        .compile(),
    )
  }

  insertTrash(row: {
    vaultNo: number
    type: number
    name: Uint8Array
    id: number
    bytes: number
    storedAt: number
    trashedAt: number
    until: number
    actor: string
    address: string
  }): CompiledQuery {
    const values = [
      row.vaultNo,
      row.type,
      row.name,
      row.id,
      row.bytes,
      row.storedAt,
      row.trashedAt,
      row.until,
      row.actor,
      row.address,
    ]
    return this.#filled('trash', 1, values, () =>
      this.#queries
        .insertInto('trash')
        .values({
          vault_no: 1,
          type: 1,
          name: row.name,
          id: 1,
          bytes: 1,
          stored_at: 1,
          trashed_at: 1,
          until: 1,
          actor: '',
          address: '',
        })
        .compile(),
    )
  }

  /** Entries of the trash that may hold an object of this name: those there, and those on their way back. */
  findTrash(vaultNo: number, type: number, name: Uint8Array): CompiledQuery<{ id: number }> {
    return this.#filled('trashed', 1, [vaultNo, type, name, vaultNo, type, name], () =>
      this.#queries
        .selectFrom('trash')
        .select('id')
        .where('vault_no', '=', 1)
        .where('type', '=', 1)
        .where('name', '=', name)
        .unionAll(
          this.#queries
            .selectFrom('pending_moves')
            .select('trash_id as id')
            .where('vault_no', '=', 1)
            .where('type', '=', 1)
            .where('name', '=', name)
            .where('direction', '=', sql.lit(moveDirection.back)),
        )
        .compile(),
    )
  }

  /** Moves of an object that have not been made yet. */
  findPendingMoves(
    vaultNo: number,
    type: number,
    name: Uint8Array,
  ): CompiledQuery<{ trash_id: number; direction: number }> {
    return this.#filled('moves', 1, [vaultNo, type, name], () =>
      this.#queries
        .selectFrom('pending_moves')
        .select(['trash_id', 'direction'])
        .where('vault_no', '=', 1)
        .where('type', '=', 1)
        .where('name', '=', name)
        .compile(),
    )
  }

  insertPendingMove(trashId: number, vaultNo: number, type: number, name: Uint8Array): CompiledQuery {
    return this.#filled('pending', 1, [trashId, vaultNo, type, name], () =>
      this.#queries.insertInto('pending_moves').values({ trash_id: 1, vault_no: 1, type: 1, name }).compile(),
    )
  }

  /** Those alone that still go in this direction: what an undeletion has turned back has a way yet to go. */
  deletePendingMoves(
    moves: readonly { vaultNo: number; type: number; name: Uint8Array; trashId: number }[],
    direction: number,
  ): CompiledQuery {
    if (this.#isPostgres) {
      const trashIds = moves.map((move) => move.trashId)
      return sql`delete from pending_moves as p using ${unnested(moves, sql`${trashIds}::bigint[]`)}
          as k (vault_no, type, name, trash_id)
        where p.vault_no = k.vault_no and p.type = k.type and p.name = k.name and p.trash_id = k.trash_id
          and p.direction = ${direction}`.compile(this.#queries)
    }
    const values = moves.flatMap((move) => [move.vaultNo, move.type, move.name, move.trashId, direction])
    return this.#filled('moved', moves.length, values, () =>
      this.#queries
        .deleteFrom('pending_moves')
        .where((eb) =>
          eb.or(
            moves.map(({ name }) =>
              eb.and([
                eb('vault_no', '=', 1),
                eb('type', '=', 1),
                eb('name', '=', name),
                eb('trash_id', '=', 1),
                eb('direction', '=', 1),
              ]),
            ),
          ),
        )
        .compile(),
    )
  }

  #filled<Row>(
    statement: string,
    rows: number,
    parameters: unknown[],
    compile: () => CompiledQuery<Row>,
  ): CompiledQuery<Row> {
    const key = `${statement} ${rows}`
    let compiled = this.#compiled.get(key) as CompiledQuery<Row> | undefined
    if (compiled === undefined) {
      compiled = compile()
      if (compiled.parameters.length !== parameters.length) {
        throw new Error(
          `The statement ${key} takes ${compiled.parameters.length} values, not ${parameters.length}`,
        )
      }
      this.#compiled.set(key, compiled)
    }
    return { ...compiled, parameters }
  }
}

/** Keys as rows, on PostgreSQL: of hundreds of them joined by `or` it compares each with every row of the table. */
function unnested(
  keys: readonly { vaultNo: number; type: number; name: Uint8Array }[],
  ...more: RawBuilder<unknown>[]
): RawBuilder<unknown> {
  const columns = [
    sql`${keys.map((key) => key.vaultNo)}::bigint[]`,
    sql`${keys.map((key) => key.type)}::integer[]`,
    sql`${keys.map((key) => key.name)}::bytea[]`,
    ...more,
  ]
  return sql`unnest(${sql.join(columns)})`
}
