// Fed by a real client over a raw server, so that the events are those of real calls (upstream.md, section 12).
import { expect, onTestFinished, test } from 'vitest';
import { createUpstream, type PartialUpstreamSettings, type UpstreamError } from 'tributary-gateway/upstream';
import { writeMetrics } from '../../../gateway/server/admin/prometheus.ts';
import { UpstreamStatistics } from '../../../gateway/server/admin/upstream-statistics.ts';
import { httpAnswer, startRawServer, type Answer } from '../../upstream/raw-server.ts';

async function startStatistics(answer: Answer, settings: PartialUpstreamSettings = {}) {
  const server = await startRawServer(answer);
  const statistics = new UpstreamStatistics({ services: ['orders'], date: () => new Date('2026-01-01') });
  const upstream = createUpstream({ settings, emit: statistics.note });
  onTestFinished(async () => {
    await upstream.close();
    await server.close();
  });
  const call = (path = '/') =>
    upstream
      .call({
        service: 'catalog',
        method: 'GET',
        url: server.url + path,
        headers: {},
        context: {
          signal: new AbortController().signal,
          deadlineAt: performance.now() + 10_000,
          identity: '',
          requestId: 'r',
        },
      })
      .catch((error: unknown) => error as UpstreamError);
  const lines = () => writeMetrics(statistics.metrics()).split('\n');
  return { statistics, call, lines };
}

test('calls, retries and latency of a service are counted; one that was never called is listed with zeros', async () => {
  let answers = 0;
  const { statistics, call, lines } = await startStatistics(({ socket }) => {
    const status = ++answers === 1 ? '503 Service Unavailable' : '200 OK';
    socket.write(httpAnswer('{}', { status }));
  });
  await call('/a');
  await call('/b');
  const [orders, catalog] = statistics.report();
  expect(orders).toMatchObject({ name: 'orders', inFlight: 0, attempts: 0, latencyMs: undefined });
  expect(catalog).toMatchObject({
    name: 'catalog',
    inFlight: 0,
    calls: { success: 2, failure: 0, neutral: 0 },
    attempts: 3,
    retries: 1,
    latencyMs: { count: 2 },
    lastFailure: undefined,
  });
  expect(lines()).toContain('upstream_requests{service="catalog",outcome="success"} 2');
  expect(lines()).toContain('upstream_attempts{service="catalog",outcome="failure",attempt="0"} 1');
  expect(lines()).toContain('upstream_attempts{service="catalog",outcome="success",attempt="1"} 1');
  expect(lines()).toContain('upstream_request_duration_seconds_count{service="catalog",outcome="success"} 2');
});

test('a failure says its code and when, and an exhausted budget is counted', async () => {
  const { statistics, call, lines } = await startStatistics(({ socket }) => socket.destroy(), {
    retry: { budget: { ratio: 0, windowMs: 10_000, floorPerSecond: 0 } },
  });
  await call();
  expect(statistics.report()[1]).toMatchObject({
    calls: { failure: 1 },
    budgetExhausted: 1,
    lastFailure: { code: 'UPSTREAM_UNREACHABLE', at: '2026-01-01T00:00:00.000Z' },
  });
  expect(lines()).toContain('budget_exhausted{service="catalog"} 1');
});

test('calls under way are shown, and waits for a place are measured', async () => {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const { statistics, call, lines } = await startStatistics(
    ({ socket }) => void held.then(() => socket.write(httpAnswer('{}'))),
    {
      bulkhead: { concurrent: 1 },
    },
  );
  const calls = [call('/a'), call('/b')];
  expect(statistics.report()[1]).toMatchObject({ inFlight: 2 });
  expect(lines()).toContain('upstream_in_flight{service="catalog"} 2');
  release();
  await Promise.all(calls);
  expect(statistics.report()[1]).toMatchObject({ inFlight: 0, queued: 1, calls: { success: 2 } });
  expect(lines()).toContain('queue_wait_count{service="catalog"} 1');
});
