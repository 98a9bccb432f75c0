/** Everything that listens to calls to services and to discovery: what is counted, what is logged, and what is shown of it. */
import type { Logger } from 'pino';
import type { DiscoveryEvent } from '../../upstream/discovery/events.ts';
import type { ServiceSet } from '../../upstream/discovery/discover-services.ts';
import type { UpstreamEvent, UpstreamClient } from '../../upstream/index.ts';
import { createDiscoveryLog, createUpstreamLog } from './log-upstream.ts';
import type { BreakerControl } from './breaker-control.ts';
import type { MetricFamily } from './prometheus.ts';
import { UpstreamStatistics } from './upstream-statistics.ts';

export interface Observer {
  readonly note: (event: UpstreamEvent) => void;
  readonly noteDiscovery: (event: DiscoveryEvent) => void;
  /** What `/admin/upstreams` shows. */
  readonly report: () => { readonly services: readonly object[] };
  readonly metrics: () => readonly MetricFamily[];
  /** Changes when the report does. */
  readonly version: () => number;
  readonly breakers: BreakerControl;
}

export interface ObserverOptions {
  readonly services: readonly string[];
  readonly logger: Logger;
  /** Sets that come from a registry or a file. */
  readonly sets: () => readonly ServiceSet[];
  readonly upstream: () => Pick<UpstreamClient, 'describe' | 'forceBreaker'>;
}

export function createObserver({ services, logger, sets, upstream }: ObserverOptions): Observer {
  const statistics = new UpstreamStatistics({ services });
  const log = createUpstreamLog(logger);
  const logDiscovery = createDiscoveryLog(logger);
  let changes = 0;
  return {
    note(event) {
      statistics.note(event);
      log(event);
    },
    noteDiscovery(event) {
      changes++;
      logDiscovery(event);
    },
    report() {
      const described = upstream().describe();
      const found = sets();
      return {
        services: statistics.report().map((service) => {
          const known = described.find((one) => one.service === service.name);
          const set = found.find((one) => one.service === service.name);
          return {
            ...service,
            breakers: known?.breakers ?? [],
            instances: known?.instances ?? [],
            retriesLeft: known?.retriesLeft ?? null,
            discovery: set && {
              type: set.type,
              ageSeconds: seconds(set.ageMs),
              isStale: set.isStale,
              reason: set.reason,
            },
          };
        }),
      };
    },
    metrics: () => [...statistics.metrics(), discoveryAge(sets())],
    version: () => statistics.version + changes,
    breakers: {
      services: () => statistics.report().map(({ name }) => name),
      force: (service, position) => upstream().forceBreaker(service, position),
      onForced(service, command) {
        changes++;
        logger.warn({ service, command }, 'breaker told by the operator');
      },
    },
  };
}

const discoveryAge = (sets: readonly ServiceSet[]): MetricFamily => ({
  name: 'discovery_age',
  help: 'Seconds since the registry last confirmed the set',
  type: 'gauge',
  samples: sets.map(({ service, type, ageMs }) => ({ labels: { service, type }, value: seconds(ageMs) })),
});

const seconds = (ms: number): number => Math.round(ms) / 1000;
