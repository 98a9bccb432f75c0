// F28 of the fault table: a server closes an idle connection at the very moment at which the next request goes out on it.
import { describe, expect, onTestFinished, test } from 'vitest';
import type { UpstreamError } from '../../gateway/errors/upstream-error.ts';
import { startHarness } from '../upstream/harness.ts';
import { httpAnswer } from '../upstream/raw-server.ts';
import { startFaultProxy } from './fault-proxy.ts';
import { runOut, settle } from './wire.ts';

const rounds = 100;

async function startBehindProxy() {
  const harness = await startHarness(({ socket }) => socket.write(httpAnswer('{}')), { breaker: { enabled: false } });
  const proxy = await startFaultProxy({ target: Number(new URL(harness.server.url).port) });
  onTestFinished(() => proxy.close());
  return { ...harness, proxy };
}

describe('F28 an idle connection is closed as the next request goes out on it: no visible error', () => {
  test.each<[string, 'cut' | 'reset', { method: string; headers?: Record<string, string> }]>([
    ['GET', 'cut', { method: 'GET' }],
    ['GET', 'reset', { method: 'GET' }],
    ['POST with an Idempotency-Key', 'cut', { method: 'POST', headers: { 'idempotency-key': 'a' } }],
  ])('%s, %s: each of 100 is answered', async (_name, how, request) => {
    const { proxy, send, clock } = await startBehindProxy();
    for (let n = 0; n < rounds; n++) {
      const url = `${proxy.url}/${n}`;
      expect((await runOut(clock, send({ url, ...request }))).status).toBe(200);
      await settle();
      // So that the budget of retries is that of a service with some traffic, not of a storm.
      clock.advance(1000);
      proxy.endAll(how);
    }
    expect(proxy.connections).toBeGreaterThan(rounds / 2);
  });

  test('a POST that may have left is not sent again, and says so', async () => {
    const { proxy, send, clock, server } = await startBehindProxy();
    let answered = 0;
    for (let n = 0; n < rounds; n++) {
      const end = await runOut(
        clock,
        send({ url: `${proxy.url}/${n}`, method: 'POST', body: '{}' }).then(
          () => undefined,
          (error: UpstreamError) => error,
        ),
      );
      if (end === undefined) answered++;
      else expect(end).toMatchObject({ code: 'UPSTREAM_UNREACHABLE', dispatched: true, retryable: false });
      await settle();
      proxy.endAll('cut');
    }
    // Who got an answer was served once, and nobody was served twice.
    expect(server.requests).toHaveLength(answered);
    expect(answered).toBeGreaterThan(0);
  });

  test('a connection whose end was seen before is not used: nothing is lost, whatever the method', async () => {
    const { proxy, send, server } = await startBehindProxy();
    for (let n = 0; n < rounds; n++) {
      expect((await send({ url: `${proxy.url}/${n}`, method: 'POST', body: '{}' })).status).toBe(200);
      proxy.endAll('cut');
      while (proxy.open > 0) await settle(1);
      await settle();
    }
    expect([server.requests.length, proxy.connections]).toEqual([rounds, rounds]);
  });
});
