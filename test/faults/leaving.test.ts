// F35 and F42 of the fault table: clients that leave, and a service that is slow beside others.
import { describe, expect, onTestFinished, test } from 'vitest';
import { once, startHarness, type Harness } from '../upstream/harness.ts';
import { httpAnswer, startRawServer } from '../upstream/raw-server.ts';
import { seededRandom } from '../upstream/instances.ts';
import { settle, silent } from './wire.ts';

const transitions = ({ events }: Pick<Harness, 'events'>) =>
  events.flatMap((event) => (event.kind === 'breaker-changed' ? [`${event.from} > ${event.to}`] : []));

describe('F35 a client that leaves ends its calls down to the socket, and is neutral for the breaker', () => {
  test('at any moment of 50 calls: each connection is closed, and nothing is sent again', async () => {
    const random = seededRandom(35);
    const { fail, server, clock, events } = await startHarness(({ socket }) => {
      const answer = httpAnswer('{"a":"bcdefghij"}');
      socket.write(answer.subarray(0, Math.floor(random() * answer.length)));
    });
    let closed = 0;
    for (let n = 0; n < 50; n++) {
      const client = new AbortController();
      const left = fail({ path: `/${n}`, context: { signal: client.signal } });
      const { socket } = await server.request(n + 1);
      socket.on('close', () => closed++);
      await settle(Math.floor(random() * 10));
      client.abort();
      expect((await left).code).toBe('REQUEST_CANCELLED');
      while (closed <= n) await settle(1);
    }
    expect([closed, server.requests.length]).toEqual([50, 50]);
    expect(transitions({ events })).toEqual([]);
    // No time had to pass for any of it.
    expect(clock.pending).toEqual([]);
  });

  test('30 in a row that leave never open the breaker', async () => {
    const { fail, server, events } = await startHarness(silent);
    for (let n = 0; n < 30; n++) {
      const leaving = new AbortController();
      const left = fail({ path: `/books/${n}`, context: { signal: leaving.signal } });
      await server.request(n + 1);
      leaving.abort();
      await left;
    }
    expect(transitions({ events })).toEqual([]);
  });
});

describe('F42 one slow service costs the others nothing', () => {
  test('while it fills its places and its queue, 500 calls of another neither wait nor fail', async () => {
    const { send, clock, events } = await startHarness(silent, {
      ...once,
      coalesce: false,
      bulkhead: { batchFanOut: 500 },
    });
    const fast = await startRawServer(({ socket }) => socket.write(httpAnswer('{}')));
    onTestFinished(() => fast.close());
    const slowEnds = Array.from({ length: 500 }, (_, n) =>
      send({ path: `/${n}` }).then(
        () => 'answered',
        ({ code }: { code: string }) => code,
      ),
    );
    await settle();
    const startedAt = clock.now();
    for (let n = 0; n < 500; n++) {
      expect((await send({ service: 'authors', url: `${fast.url}/${n}` })).status).toBe(200);
    }
    const authors = events.filter((event) => 'service' in event && event.service === 'authors');
    expect(authors.filter(({ kind }) => kind === 'call-queued' || kind === 'retry-waiting')).toEqual([]);
    expect(clock.now()).toBe(startedAt);
    clock.advance(1000);
    clock.advance(9000);
    const counts = new Map<string, number>();
    for (const end of await Promise.all(slowEnds)) counts.set(end, (counts.get(end) ?? 0) + 1);
    // 128 in flight; 256 in the queue, which wait 1 s, and 116 that find it full.
    expect(Object.fromEntries(counts)).toEqual({ UPSTREAM_TIMEOUT: 128, UPSTREAM_SATURATED: 372 });
  });
});
