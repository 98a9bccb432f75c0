/** Orders in SQL. A change is written only over the version it was made from, so two processes cannot both win. */
import type { Database, Sql } from '../../chassis/database.ts';
import type { OpenOrder, Order } from '../domain/order.ts';
import { changedValues, insertedColumns, insertedValues, toOrder, type OrderRow, type Step } from './order-rows.ts';

export interface Place {
  readonly placedAt: Date;
  readonly id: string;
}

/** Somebody else has taken the order over: a process that was thought dead, or recovery. */
export class OrderTakenOver extends Error {
  override readonly name = 'OrderTakenOver';
}

export class OrdersStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Writes a new order that is being placed, before anything is asked of another service. */
  async open(order: OpenOrder, leaseUntil: Date): Promise<void> {
    await this.#database.query(
      `insert into orders (${insertedColumns}, status, version, ended_at, refusal, authorization_id, step, lease_until)
       values ($1, $2, $3::jsonb, $4, $5, $6, $7, $8, $9, $10::jsonb, $11, 'reserve', $12)`,
      [...insertedValues(order), ...changedValues(order), leaseUntil],
    );
  }

  /** Writes the next version of an order. Throws OrderTakenOver when the version before is not there any more. */
  async save(order: Order, step: Step | null): Promise<void> {
    await saveOrder(this.#database, order, step);
  }

  /** Nothing is left to be done at another service. */
  async settle(id: string): Promise<void> {
    await this.#database.query(`update orders set step = null, lease_until = null where id = $1 and step = 'release'`, [
      id,
    ]);
  }

  /** Takes a lock, lets the domain decide, writes what it decided. Undefined when there is no such order. */
  change(
    id: string,
    options: { readonly step: Step | null; readonly leaseUntil: Date },
    decide: (current: Order) => Order,
  ): Promise<Order | undefined> {
    return this.#database.transaction(async (sql) => {
      const [row] = await sql.query<OrderRow>('select * from orders where id = $1 for update', [id]);
      if (row === undefined) return undefined;
      const [current, next] = [toOrder(row), decide(toOrder(row))];
      if (next.version === current.version) return current;
      await saveOrder(sql, next, options.step, options.leaseUntil);
      return next;
    });
  }

  /** Those that are there, by one statement. */
  async find(ids: readonly string[]): Promise<Order[]> {
    const rows = await this.#database.query<OrderRow>('select * from orders where id = any($1::text[])', [ids]);
    return rows.map(toOrder);
  }

  /** Newest first, up to `first + 1`: the last one only tells that there are more. */
  async listOf(
    customer: string,
    first: number,
    after: Place | undefined,
  ): Promise<{ readonly rows: readonly Order[]; readonly total: number }> {
    const rows = await this.#database.query<OrderRow>(
      `select * from orders
        where customer = $1 and ($2::timestamptz is null or (placed_at, id) < ($2, $3::text))
        order by placed_at desc, id desc limit $4`,
      [customer, after?.placedAt ?? null, after?.id ?? null, first + 1],
    );
    const [counted] = await this.#database.query<{ total: number }>(
      'select count(*)::int as total from orders where customer = $1',
      [customer],
    );
    return { rows: rows.map(toOrder), total: counted!.total };
  }

  /** Orders with a step left that nobody works on: leases over by `leasesOverBy`. They are the caller's until `leaseUntil`. */
  async claim(
    leasesOverBy: Date,
    leaseUntil: Date,
    limit: number,
  ): Promise<{ readonly order: Order; readonly step: Step }[]> {
    const rows = await this.#database.query<OrderRow & { step: Step }>(
      `update orders set lease_until = $2
        where id in (select id from orders where step is not null and lease_until <= $1
                      order by lease_until limit $3 for update skip locked)
        returning *`,
      [leasesOverBy, leaseUntil, limit],
    );
    return rows.map((row) => ({ order: toOrder(row), step: row.step }));
  }

  /** Lets somebody try again from `moment` on. */
  async postpone(id: string, moment: Date): Promise<void> {
    await this.#database.query('update orders set lease_until = $2 where id = $1 and step is not null', [id, moment]);
  }
}

/** Used by the store of authorizations as well, inside its transaction. */
export async function saveOrder(sql: Sql, order: Order, step: Step | null, leaseUntil?: Date): Promise<void> {
  const rows = await sql.query(
    `update orders set status = $2, version = $3, ended_at = $4, refusal = $5::jsonb, authorization_id = $6, step = $7,
            lease_until = case when $7::text is null then null else coalesce($8, lease_until) end
      where id = $1 and version = $3::int - 1 returning id`,
    [order.id, ...changedValues(order), step, leaseUntil ?? null],
  );
  if (rows.length === 0) throw new OrderTakenOver(`Order "${order.id}" was changed by somebody else`);
}
