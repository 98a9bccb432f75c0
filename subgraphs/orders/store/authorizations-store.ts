/**
 * Authorizations in SQL. Deciding about an order and writing it down is one transaction under a lock of the customer:
 * otherwise two orders at once could both fit below a limit that they break together.
 */
import type { Database, Sql } from '../../chassis/database.ts';
import {
  decideAuthorization,
  limits,
  type Authorization,
  type AuthorizationRequest,
  type CustomerHistory,
  type Decision,
} from '../domain/authorization.ts';
import { authorizeOrder, totalOf, type OpenOrder } from '../domain/order.ts';
import { saveOrder } from './orders-store.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

interface AuthorizationRow {
  readonly id: string;
  readonly customer: string;
  readonly amount_cents: number;
  readonly currency: string;
  readonly order_id: string | null;
  readonly decision: Decision['decision'];
  readonly reasons: Authorization['reasons'];
  readonly history: CustomerHistory;
  readonly decided_at: Date;
}

export class AuthorizationsStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Decides about an amount, for somebody who only asks. */
  async decide(id: string, request: AuthorizationRequest, now: Date): Promise<Authorization> {
    return decideAndKeep(this.#database, id, request, now);
  }

  /** Decides about an order being placed; when granted, the order is ready to be committed. */
  decideOrder(
    id: string,
    order: OpenOrder,
    now: Date,
  ): Promise<{ readonly authorization: Authorization; readonly order: OpenOrder }> {
    const { customer, currency } = order;
    return this.#database.transaction(async (sql) => {
      await sql.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`customer:${customer}`]);
      const request = { customer, currency, amount: totalOf(order), orderId: order.id };
      const authorization = await decideAndKeep(sql, id, request, now);
      if (authorization.decision === 'REFUSED') return { authorization, order };
      const authorized = authorizeOrder(order, id);
      await saveOrder(sql, authorized, 'commit');
      return { authorization, order: authorized };
    });
  }

  async find(id: string): Promise<Authorization | undefined> {
    const [row] = await this.#database.query<AuthorizationRow>(
      'select *, amount_cents::float8 as amount_cents from authorizations where id = $1',
      [id],
    );
    return row === undefined ? undefined : toAuthorization(row);
  }
}

async function decideAndKeep(sql: Sql, id: string, request: AuthorizationRequest, now: Date): Promise<Authorization> {
  const history = await readHistory(sql, request, now);
  const decision = decideAuthorization({ ...request, history });
  await sql.query(
    `insert into authorizations
       (id, customer, amount_cents, currency, order_id, decision, reasons, history, decided_at)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb, $9)`,
    [
      id,
      request.customer,
      request.amount,
      request.currency,
      request.orderId,
      decision.decision,
      JSON.stringify(decision.reasons),
      JSON.stringify(history),
      now,
    ],
  );
  return { ...request, ...decision, id, history, decidedAt: now.toISOString() };
}

/** An order that is authorized but not yet confirmed counts as open: it is about to be. */
async function readHistory(sql: Sql, request: AuthorizationRequest, now: Date): Promise<CustomerHistory> {
  const [row] = await sql.query<{ open_amount: number; refusals: number; is_on_hold: boolean }>(
    `select coalesce(sum(total_cents) filter (
              where currency = $2 and placed_at > $3
                and (status = 'CONFIRMED' or (status = 'OPEN' and authorization_id is not null))), 0)::float8 as open_amount,
            (count(*) filter (
              where placed_at > $4 and refusal ->> 'reason' = 'authorization-refused'))::int as refusals,
            exists (select 1 from customers_on_hold where customer = $1) as is_on_hold
       from orders where customer = $1 and placed_at > $3`,
    [
      request.customer,
      request.currency,
      new Date(now.getTime() - limits.openDays * DAY_MS),
      new Date(now.getTime() - DAY_MS),
    ],
  );
  return { openAmount: row!.open_amount, refusalsInADay: row!.refusals, isOnHold: row!.is_on_hold };
}

const toAuthorization = (row: AuthorizationRow): Authorization => ({
  id: row.id,
  customer: row.customer,
  amount: row.amount_cents,
  currency: row.currency,
  orderId: row.order_id,
  ...({ decision: row.decision, reasons: row.reasons } as Decision),
  history: row.history,
  decidedAt: row.decided_at.toISOString(),
});
