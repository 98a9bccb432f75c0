/**
 * Idempotency keys in SQL: who claims a key first does the work, everybody else gets what came of it. A key lives 24 hours.
 */
import type { Database } from '../../chassis/database.ts';

const KEPT_MS = 24 * 60 * 60 * 1000;

export interface KeyClaim {
  readonly key: string;
  /** Of the input: the same key with another input is a mistake. */
  readonly fingerprint: string;
  /** The id the order gets. */
  readonly orderId: string;
}

export type ClaimResult<Outcome> =
  | { readonly kind: 'claimed' }
  | { readonly kind: 'differs' }
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly outcome: Outcome };

export class IdempotencyStore<Outcome extends object> {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async claim({ key, fingerprint, orderId }: KeyClaim, now: Date, leaseUntil: Date): Promise<ClaimResult<Outcome>> {
    const claimed = await this.#database.query(
      `insert into idempotency_keys as known (key, fingerprint, order_id, started_at, lease_until)
       values ($1, $2, $3, $4, $5)
       on conflict (key) do update
          set fingerprint = excluded.fingerprint, order_id = excluded.order_id, outcome = null,
              started_at = excluded.started_at, lease_until = excluded.lease_until
        where known.started_at <= $6 and known.lease_until <= $4
       returning key`,
      [key, fingerprint, orderId, now, leaseUntil, new Date(now.getTime() - KEPT_MS)],
    );
    if (claimed.length > 0) return { kind: 'claimed' };
    const [row] = await this.#database.query<{ fingerprint: string; outcome: Outcome | null }>(
      'select fingerprint, outcome from idempotency_keys where key = $1',
      [key],
    );
    // Dropped between the two statements: whoever had it did not succeed, and the next attempt will claim it.
    if (row === undefined) return { kind: 'running' };
    if (row.fingerprint !== fingerprint) return { kind: 'differs' };
    return row.outcome === null ? { kind: 'running' } : { kind: 'done', outcome: row.outcome };
  }

  async keep(key: string, orderId: string, outcome: Outcome): Promise<void> {
    await this.#database.query(
      'update idempotency_keys set outcome = $3::jsonb where key = $1 and order_id = $2 and outcome is null',
      [key, orderId, JSON.stringify(outcome)],
    );
  }

  /** Lets the key be used again: what came of it was nothing the caller did. */
  async drop(key: string, orderId: string): Promise<void> {
    await this.#database.query('delete from idempotency_keys where key = $1 and order_id = $2 and outcome is null', [
      key,
      orderId,
    ]);
  }

  /** Keys whose work broke off. */
  async findAbandoned(leasesOverBy: Date): Promise<{ readonly key: string; readonly orderId: string }[]> {
    const rows = await this.#database.query<{ key: string; order_id: string }>(
      'select key, order_id from idempotency_keys where outcome is null and lease_until <= $1 limit 500',
      [leasesOverBy],
    );
    return rows.map((row) => ({ key: row.key, orderId: row.order_id }));
  }

  async forgetOld(now: Date): Promise<void> {
    await this.#database.query('delete from idempotency_keys where started_at <= $1 and lease_until <= $2', [
      new Date(now.getTime() - KEPT_MS),
      now,
    ]);
  }
}
