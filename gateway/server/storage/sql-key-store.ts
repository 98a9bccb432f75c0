/**
 * Answers under idempotency keys in a database (facade.md 3.2, P24 to P26): they outlive the process, and several gateways
 * may share them. A key is taken by one statement, so of any number of claims anywhere exactly one gets it. A claim is a
 * lease: where its holder died, the next claim finds it over, and gets the key only if its work may be done twice.
 */
import type { ClaimedKey, FacadeResponse, IdempotencyStore, KeyClaim } from '../../facade/index.ts';
import type { SqlDatabase } from './sql-database.ts';
import { toAnswer, toColumns, type AnswerColumns } from './stored-answer.ts';

export interface SqlKeyStoreOptions {
  /** The database with its tables, opened when it is first needed. */
  readonly database: () => Promise<SqlDatabase>;
  readonly now: () => Date;
  readonly newToken: () => string;
}

/** Times are milliseconds of the gateway's clock. */
export const keyTable = `
  create table if not exists tributary_keys (
    scope text primary key,
    fingerprint text not null,
    token text not null,
    lease_until double precision not null,
    expires_at double precision not null,
    status int,
    headers text,
    body bytea
  )`;

const TAKE = `
  insert into tributary_keys as known (scope, fingerprint, token, lease_until, expires_at)
  values ($1, $2, $3, $4::double precision, $5::double precision)
  on conflict (scope) do update
    set fingerprint = excluded.fingerprint, token = excluded.token, lease_until = excluded.lease_until,
        expires_at = excluded.expires_at, status = null, headers = null, body = null
    where (known.expires_at <= $6::double precision and (known.status is not null or known.lease_until <= $6::double precision))
       or (known.status is null and known.lease_until <= $6::double precision
           and known.fingerprint = excluded.fingerprint and $7::boolean)
  returning scope`;

const SWEEP_EVERY_MS = 60_000;
/** A key that is let go between two statements is free for the next try. */
const MOST_TRIES = 5;

interface KeyRow extends Partial<AnswerColumns> {
  readonly fingerprint: string;
  readonly lease_until: number;
}

export function createSqlKeyStore({ database, now, newToken }: SqlKeyStoreOptions): IdempotencyStore {
  let sweptAt = -Infinity;

  const sweep = async (sql: SqlDatabase, at: number): Promise<void> => {
    if (at - sweptAt < SWEEP_EVERY_MS) return;
    sweptAt = at;
    await sql.query('delete from tributary_keys where expires_at <= $1 and lease_until <= $1', [at]);
  };

  const settle = async (scope: string, token: string, answer: FacadeResponse | undefined): Promise<void> => {
    const sql = await database();
    if (answer === undefined) {
      await sql.query('delete from tributary_keys where scope = $1 and token = $2', [scope, token]);
      return;
    }
    const { status, headers, body } = toColumns(answer);
    const change = 'update tributary_keys set status = $3, headers = $4, body = $5 where scope = $1 and token = $2';
    await sql.query(change, [scope, token, status, headers, body]);
  };

  const claim = async (wanted: KeyClaim): Promise<ClaimedKey> => {
    const { scope, fingerprint, ttlMs, leaseMs, isRepeatable } = wanted;
    const sql = await database();
    const at = now().getTime();
    await sweep(sql, at);
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const token = newToken();
      const taken = await sql.query(TAKE, [scope, fingerprint, token, at + leaseMs, at + ttlMs, at, isRepeatable]);
      if (taken.length > 0) return { state: 'mine', settle: (answer) => settle(scope, token, answer) };
      const [row] = await sql.query<KeyRow>(
        'select fingerprint, lease_until, status, headers, body from tributary_keys where scope = $1',
        [scope],
      );
      if (row !== undefined) return readRow(row, fingerprint, at);
    }
    return { state: 'running' };
  };
  return { claim };
}

function readRow(row: KeyRow, fingerprint: string, at: number): ClaimedKey {
  if (row.fingerprint !== fingerprint) return { state: 'other-request' };
  const { status, headers, body = null } = row;
  if (status != null && headers != null) return { state: 'done', answer: toAnswer({ status, headers, body }) };
  return row.lease_until <= at ? { state: 'interrupted' } : { state: 'running' };
}
