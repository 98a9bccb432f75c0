/** Everything that listens to calls to services: what is counted, and what is logged. */
import type { Logger } from 'pino';
import type { UpstreamEvent } from '../../upstream/index.ts';
import { createUpstreamLog } from './log-upstream.ts';
import type { MetricFamily } from './prometheus.ts';
import { UpstreamStatistics, type ServiceReport } from './upstream-statistics.ts';

export interface Observer {
  readonly note: (event: UpstreamEvent) => void;
  readonly report: () => { readonly services: readonly ServiceReport[] };
  readonly metrics: () => readonly MetricFamily[];
  /** Changes when the report does. */
  readonly version: () => number;
}

export interface ObserverOptions {
  readonly services: readonly string[];
  readonly logger: Logger;
}

export function createObserver({ services, logger }: ObserverOptions): Observer {
  const statistics = new UpstreamStatistics({ services });
  const log = createUpstreamLog(logger);
  return {
    note(event) {
      statistics.note(event);
      log(event);
    },
    report: () => ({ services: statistics.report() }),
    metrics: () => statistics.metrics(),
    version: () => statistics.version,
  };
}
