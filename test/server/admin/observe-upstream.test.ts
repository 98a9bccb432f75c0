import pino from 'pino';
import { expect, test } from 'vitest';
import type { ServiceSet } from '../../../gateway/upstream/discovery/discover-services.ts';
import type { UpstreamEvent } from 'tributary-gateway/upstream';
import { createObserver } from '../../../gateway/server/admin/observe-upstream.ts';
import { writeMetrics } from '../../../gateway/server/admin/prometheus.ts';
import { startAdmin } from '../../../gateway/server/admin/start-admin.ts';

function startObserver(level: string, sets: readonly ServiceSet[] = []) {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level }, { write: (line: string) => void lines.push(JSON.parse(line) as never) });
  return {
    observer: createObserver({
      services: ['catalog'],
      logger,
      sets: () => sets,
      upstream: () => ({ describe: () => [], forceBreaker: () => true }),
    }),
    logger,
    lines,
  };
}

const about = { service: 'catalog', requestId: 'r-1', call: 1, method: 'GET', url: 'http://127.0.0.1:1/books' };
const ended: UpstreamEvent = {
  kind: 'call-ended',
  ...about,
  durationMs: 3,
  outcome: 'failure',
  code: 'UPSTREAM_UNREACHABLE',
  reason: 'ECONNREFUSED',
};

test('a failed call is one line at debug, with the id of the request', () => {
  const { observer, lines } = startObserver('debug');
  observer.note({ kind: 'call-started', ...about });
  observer.note(ended);
  observer.note({ ...ended, outcome: 'success' });
  expect(lines).toMatchObject([
    { level: 20, service: 'catalog', requestId: 'r-1', code: 'UPSTREAM_UNREACHABLE', reason: 'ECONNREFUSED' },
  ]);
});

test('a failed call writes nothing at info: an outage does not flood the log', () => {
  const { observer, lines } = startObserver('info');
  observer.note(ended);
  expect(lines).toEqual([]);
});

test('each transition of a breaker is one line, and is counted', () => {
  const { observer, lines } = startObserver('info');
  const changed = { kind: 'breaker-changed', service: 'catalog' } as const;
  observer.note({ ...changed, from: 'closed', to: 'open', waitMs: 5_000, calls: 20, failures: 20 });
  expect(observer.report().services[0]).toMatchObject({ breaker: 'open' });
  expect(writeMetrics(observer.metrics())).toContain('breaker_state{service="catalog"} 1\n');
  observer.note({ ...changed, from: 'open', to: 'half-open' });
  expect(writeMetrics(observer.metrics())).toContain('breaker_state{service="catalog"} 2\n');
  observer.note({ ...changed, from: 'half-open', to: 'closed' });
  expect(observer.report().services[0]).toMatchObject({ breaker: 'closed' });
  expect(lines).toMatchObject([
    { level: 40, msg: 'breaker open', service: 'catalog', from: 'closed', waitMs: 5_000 },
    { level: 30, msg: 'breaker half-open', from: 'open' },
    { level: 30, msg: 'breaker closed', from: 'half-open' },
  ]);
  const metrics = writeMetrics(observer.metrics());
  expect(metrics).toContain('breaker_state{service="catalog"} 0\n');
  expect(metrics).toContain('breaker_transitions{service="catalog",from="closed",to="open"} 1\n');
});

test('each ejection of an instance is one line and is counted by instance', () => {
  const { observer, lines } = startObserver('info');
  const about = { service: 'catalog', instance: '10.0.0.1:80' } as const;
  observer.note({ kind: 'instance-ejected', ...about, failures: 5, times: 1, waitMs: 10_000 });
  observer.note({ kind: 'instance-returned', ...about });
  expect(lines).toMatchObject([
    { level: 40, instance: '10.0.0.1:80', waitMs: 10_000 },
    { level: 30, instance: '10.0.0.1:80' },
  ]);
  expect(writeMetrics(observer.metrics())).toContain('ejections{service="catalog",instance="10.0.0.1:80"} 1\n');
});

test('each change of discovery is one line, and the age of a set is a gauge', () => {
  const set = { service: 'catalog', type: 'etcd', ageMs: 1_500, isStale: true, reason: 'gone', instances: [] };
  const { observer, lines } = startObserver('info', [set]);
  const version = observer.version();
  const about = { service: 'catalog', type: 'etcd' } as const;
  observer.noteDiscovery({ kind: 'instances-changed', ...about, instances: 2 });
  observer.noteDiscovery({ kind: 'registry-lost', ...about, reason: 'gone', instances: 2 });
  observer.noteDiscovery({ kind: 'registry-found', ...about });
  observer.noteDiscovery({ kind: 'instances-refused', ...about, refused: 1 });
  observer.noteDiscovery({ kind: 'snapshot-failed', reason: 'ENOSPC' });
  expect(lines.map(({ level }) => level)).toEqual([30, 40, 30, 40, 40]);
  expect(observer.version()).not.toBe(version);
  expect(observer.report().services[0]).toMatchObject({
    discovery: { type: 'etcd', ageSeconds: 1.5, isStale: true, reason: 'gone' },
  });
  expect(writeMetrics(observer.metrics())).toContain('discovery_age{service="catalog",type="etcd"} 1.5\n');
});

test('a service is as open as the worst breaker of its connectors', () => {
  const { observer } = startObserver('info');
  const changed = { kind: 'breaker-changed', service: 'catalog', from: 'closed' } as const;
  observer.note({ ...changed, connector: 'catalog:Query.books[0]', to: 'open' });
  observer.note({ ...changed, connector: 'catalog:Query.book[0]', to: 'closed' });
  expect(observer.report().services[0]).toMatchObject({ breaker: 'open' });
});

test('an admin port that is taken is a warning, and the rest goes on', async () => {
  const { observer, logger, lines } = startObserver('info');
  const settings = { enabled: true, host: '127.0.0.1', port: 0 };
  const first = await startAdmin(settings, { ...observer, logger });
  const port = Number(new URL(first!.url).port);
  expect(await startAdmin({ ...settings, port }, { ...observer, logger })).toBeUndefined();
  expect(lines).toMatchObject([{ level: 40, err: { code: 'EADDRINUSE' } }]);
  await first!.close();
  expect(await startAdmin({ ...settings, enabled: false }, { ...observer, logger })).toBeUndefined();
});
