// docs/reference/metrics.md names every metric with its kind and labels, and no other.
import pino from 'pino';
import { expect, test } from 'vitest';
import type { UpstreamEvent } from 'tributary-gateway/upstream';
import { createObserver } from '../../../gateway/server/admin/observe-upstream.ts';
import { createLoadGuard } from '../../../gateway/server/overload/load-guard.ts';
import { loadMetrics } from '../../../gateway/server/overload/load-metrics.ts';
import { createReloadHistory } from '../../../gateway/server/reload/reload-history.ts';
import { createClientCounter } from '../../../gateway/server/versions/count-clients.ts';
import { readText } from '../../repository/root.ts';

const about = { service: 'catalog', requestId: 'r-1', call: 1, method: 'GET', url: 'http://127.0.0.1:1/books' };
const ended = { durationMs: 3, outcome: 'success', status: 200 } as const;

/** One of each that is counted, so that every metric has a sample to read labels from. */
const events: readonly UpstreamEvent[] = [
  { kind: 'call-started', ...about },
  { kind: 'attempt-ended', ...about, ...ended, attempt: 0 },
  { kind: 'call-ended', ...about, ...ended },
  { kind: 'call-cached', ...about, how: 'hit' },
  { kind: 'call-queued', ...about, waitedMs: 1 },
  { kind: 'breaker-changed', service: 'catalog', from: 'closed', to: 'open' },
  { kind: 'instance-ejected', service: 'catalog', instance: '127.0.0.1:1', failures: 5, times: 1, waitMs: 1 },
];

test('every metric, with its labels and kind', () => {
  const observer = createObserver({
    services: ['catalog'],
    logger: pino({ level: 'silent' }),
    sets: () => [{ service: 'catalog', type: 'dns', ageMs: 1, isStale: false, instances: [] }],
    upstream: () => ({ describe: () => [], forceBreaker: () => true }),
  });
  for (const event of events) observer.note(event);
  const logger = pino({ level: 'silent' });
  const guard = createLoadGuard({ settings: () => expect.fail('not asked'), onChange: () => {} });
  const clients = createClientCounter();
  clients.note({ version: 'v1', client: 'curl', isGone: false });
  const all = [
    ...observer.metrics(),
    ...createReloadHistory({ logger }).metrics(0),
    ...loadMetrics(guard.state),
    ...clients.metrics(),
  ];
  const served = all.map(({ name, type, samples }) => {
    const labels = Object.keys(samples[0]!.labels).filter((label) => label !== 'le');
    return `${name} ${type} ${labels.join(' ')}`;
  });
  const told = readText('docs/reference/metrics.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map(([, name, labels, kind]) => `${name} ${kind} ${labels!.replaceAll(',', '')}`);
  expect(told.toSorted()).toEqual(served.toSorted());
});

test('the report counts what was kept, shared and left out', () => {
  const observer = createObserver({
    services: ['catalog'],
    logger: pino({ level: 'silent' }),
    sets: () => [],
    upstream: () => ({ describe: () => [], forceBreaker: () => true }),
  });
  for (const event of events) observer.note(event);
  expect(observer.report().services[0]).toMatchObject({
    cached: { hit: 1, stale: 0, 'stale-if-error': 0 },
    ejections: 1,
    queued: 1,
    breaker: 'open',
    breakers: [],
    instances: [],
  });
});
