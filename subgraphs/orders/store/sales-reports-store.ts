/** Sales reports in SQL: what was asked for, how far it is, and what came out. */
import type { Database } from '../../chassis/database.ts';
import type { Order } from '../domain/order.ts';
import type { Period, Sales, SalesReport } from '../domain/sales-report.ts';
import { toOrder, type OrderRow } from './order-rows.ts';
import type { Place } from './orders-store.ts';

interface ReportRow {
  readonly id: string;
  readonly from_at: Date;
  readonly until_at: Date;
  readonly status: SalesReport['status'];
  readonly progress: number;
  readonly sales: Sales | null;
}

function toReport({ id, from_at: from, until_at: until, status, progress, sales }: ReportRow): SalesReport {
  const facts = { id, from: from.toISOString(), until: until.toISOString() };
  switch (status) {
    case 'QUEUED':
    case 'FAILED':
      return { ...facts, status };
    case 'RUNNING':
      return { ...facts, status, progress };
    case 'SUCCEEDED':
      return { ...facts, status, sales: sales! };
  }
}

export class SalesReportsStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(id: string, { from, until }: Period, askedAt: Date): Promise<SalesReport> {
    await this.#database.query(
      `insert into sales_reports (id, from_at, until_at, status, progress, asked_at) values ($1, $2, $3, 'QUEUED', 0, $4)`,
      [id, from, until, askedAt],
    );
    return { id, from, until, status: 'QUEUED' };
  }

  async save(report: SalesReport): Promise<void> {
    const progress = report.status === 'RUNNING' ? report.progress : 0;
    const sales = report.status === 'SUCCEEDED' ? JSON.stringify(report.sales) : null;
    await this.#database.query('update sales_reports set status = $2, progress = $3, sales = $4::jsonb where id = $1', [
      report.id,
      report.status,
      progress,
      sales,
    ]);
  }

  async find(id: string): Promise<SalesReport | undefined> {
    const [row] = await this.#database.query<ReportRow>('select * from sales_reports where id = $1', [id]);
    return row && toReport(row);
  }

  /** Those that nobody has finished, the first asked for first. */
  async unfinished(): Promise<SalesReport[]> {
    const text = `select * from sales_reports where status in ('QUEUED', 'RUNNING') order by asked_at, id`;
    return (await this.#database.query<ReportRow>(text)).map(toReport);
  }

  async countOrders({ from, until }: Period): Promise<number> {
    const text = 'select count(*)::int as total from orders where placed_at >= $1 and placed_at < $2';
    const [counted] = await this.#database.query<{ total: number }>(text, [from, until]);
    return counted!.total;
  }

  /** Orders of the period behind a place, oldest first. */
  async ordersOf({ from, until }: Period, after: Place | undefined, limit: number): Promise<Order[]> {
    const rows = await this.#database.query<OrderRow>(
      `select * from orders
        where placed_at >= $1 and placed_at < $2 and ($3::timestamptz is null or (placed_at, id) > ($3, $4::text))
        order by placed_at, id limit $5`,
      [from, until, after?.placedAt ?? null, after?.id ?? null, limit],
    );
    return rows.map(toOrder);
  }
}
