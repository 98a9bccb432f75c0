/**
 * Makes sales reports, one after the other, a few orders at a time so that placing orders does not wait for them. Counting changes
 * nothing, so a report that a crash has left behind is simply made again.
 */
import { addOrders, checkPeriod, noSales, type Period, type Sales, type SalesReport } from '../domain/sales-report.ts';
import type { Place } from '../store/orders-store.ts';
import type { SalesReportsStore } from '../store/sales-reports-store.ts';

export interface SalesReportsDependencies {
  readonly reports: SalesReportsStore;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly onError: (error: unknown, requestId: string) => void;
  /** Orders read by one statement. */
  readonly batch?: number;
}

export class SalesReports {
  readonly #dependencies: SalesReportsDependencies;
  #work: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(dependencies: SalesReportsDependencies) {
    this.#dependencies = dependencies;
  }

  /** Throws InvalidPeriod. */
  async start(period: Period): Promise<SalesReport> {
    const { reports, newId, now } = this.#dependencies;
    const report = await reports.add(newId(), checkPeriod(period), now());
    this.#enqueue(report);
    return report;
  }

  find(id: string): Promise<SalesReport | undefined> {
    return this.#dependencies.reports.find(id);
  }

  /** Makes what was asked for before the service was started. */
  async resume(): Promise<void> {
    for (const report of await this.#dependencies.reports.unfinished()) this.#enqueue(report);
  }

  /** Resolves when nothing is left to be made. */
  idle(): Promise<void> {
    return this.#work;
  }

  /** Stops between two batches; what is not finished is made after the next start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#work;
  }

  #enqueue(report: SalesReport): void {
    const { reports, onError } = this.#dependencies;
    this.#work = this.#work
      .then(() => this.#make(report))
      .catch(async (error: unknown) => {
        onError(error, 'sales-report');
        await reports.save({ ...report, status: 'FAILED' });
      })
      .catch((error: unknown) => onError(error, 'sales-report'));
  }

  async #make(report: SalesReport): Promise<void> {
    const { reports, batch = 200 } = this.#dependencies;
    const total = await reports.countOrders(report);
    let sales: Sales = noSales;
    let after: Place | undefined;
    for (let seen = 0; !this.#isClosed;) {
      const progress = total === 0 ? 0 : Math.min(99, Math.floor((seen / total) * 100));
      await reports.save({ ...report, status: 'RUNNING', progress });
      const orders = await reports.ordersOf(report, after, batch);
      sales = addOrders(sales, orders);
      const last = orders.at(-1);
      if (last === undefined || orders.length < batch) return reports.save({ ...report, status: 'SUCCEEDED', sales });
      seen += orders.length;
      after = { placedAt: new Date(last.placedAt), id: last.id };
    }
  }
}
