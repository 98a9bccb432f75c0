/** The guard of the process, for `/metrics`. */
import type { MetricFamily } from '../admin/prometheus.ts';
import type { LoadGuard } from './load-guard.ts';

export const loadMetrics = ({ operations, delayMs, pressure, refused }: LoadGuard['state']): MetricFamily[] => [
  {
    name: 'operations_in_flight',
    help: 'Requests for data under way',
    type: 'gauge',
    samples: [{ labels: {}, value: operations }],
  },
  {
    name: 'requests_shed',
    help: 'Requests refused with OVERLOADED',
    type: 'counter',
    samples: Object.entries(refused).map(([kind, value]) => ({ labels: { kind }, value })),
  },
  {
    name: 'event_loop_delay_seconds',
    help: 'Delay of the event loop, p99 of the last quarter of a second',
    type: 'gauge',
    samples: [{ labels: {}, value: Math.round(delayMs) / 1000 }],
  },
  {
    name: 'shed_share',
    help: 'Share of the queries that is refused because the event loop is late; above 1 writes are refused too',
    type: 'gauge',
    samples: [{ labels: {}, value: pressure }],
  },
];
