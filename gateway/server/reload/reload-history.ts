/** What reloads have done: one log line each, counted, and the last one shown to the operator. */
import type { Logger } from 'pino';
import type { DisabledRouteSummary } from '../../facade/index.ts';
import type { MetricFamily } from '../admin/prometheus.ts';

export type ReloadOutcome =
  | {
      readonly state: 'applied';
      /** False when only settings of calls to services have changed. */
      readonly isGraphNew: boolean;
      /** Options that have changed and are read at a start only. */
      readonly restartNeeded: readonly string[];
    }
  | { readonly state: 'unchanged'; readonly restartNeeded: readonly string[] }
  /** What was there before goes on. */
  | { readonly state: 'refused'; readonly reason: string };

export interface ReloadHistory {
  note(outcome: ReloadOutcome, disabled: readonly DisabledRouteSummary[]): void;
  readonly last: (ReloadOutcome & { readonly at: string }) | undefined;
  metrics(disabledRoutes: number): MetricFamily[];
}

export interface ReloadHistoryOptions {
  readonly logger: Logger;
  readonly date?: () => Date;
}

export function createReloadHistory({ logger, date = () => new Date() }: ReloadHistoryOptions): ReloadHistory {
  const counts = { applied: 0, unchanged: 0, refused: 0 };
  let last: ReloadHistory['last'];
  const log = (outcome: ReloadOutcome, disabled: readonly DisabledRouteSummary[]) => {
    switch (outcome.state) {
      case 'applied':
        logger.info({ isGraphNew: outcome.isGraphNew }, 'reloaded');
        break;
      case 'refused':
        logger.error({ reason: outcome.reason }, 'reload refused: what was served before is served on');
        return;
      case 'unchanged':
        break;
    }
    if (outcome.restartNeeded.length > 0) {
      logger.warn({ options: outcome.restartNeeded }, 'changed options that need a restart');
    }
    if (outcome.state === 'unchanged') return;
    for (const { method, route, operation, file, line, reasons } of disabled) {
      logger.error({ method, route, operation, file, line, reasons }, 'route switched off: it does not fit the graph');
    }
  };
  return {
    note(outcome, disabled) {
      counts[outcome.state]++;
      last = { ...outcome, at: date().toISOString() };
      log(outcome, disabled);
    },
    get last() {
      return last;
    },
    metrics: (disabledRoutes) => [
      {
        name: 'graph_reloads',
        help: 'Reloads, by how they ended',
        type: 'counter',
        samples: Object.entries(counts).map(([outcome, value]) => ({ labels: { outcome }, value })),
      },
      {
        name: 'facade_routes_disabled',
        help: 'REST routes that are switched off because they do not fit the graph',
        type: 'gauge',
        samples: [{ labels: {}, value: disabledRoutes }],
      },
    ],
  };
}
