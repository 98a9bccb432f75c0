// Answers kept in a Redis that several gateways share: the rules of cache.test.ts, and what is different. On the Redis of this
// machine at 127.0.0.1:6379; skipped where none answers there.
import { describe, expect, onTestFinished, test } from 'vitest';
import { createUpstream, type PartialUpstreamSettings, type UpstreamEvent } from 'tributary-gateway/upstream';
import { systemClock } from '../../../gateway/upstream/clock.ts';
import { startRawServer, httpAnswer, type Answer } from '../raw-server.ts';
import { hasRedis, startRedis, type TestRedis } from './redis.ts';
import { turn } from './call.ts';

const isThere = await hasRedis();

type Parts = {
  readonly path?: string;
  readonly method?: string;
  readonly identity?: string;
  readonly headers?: Record<string, string>;
};

/** A service whose answers count, and gateways before it that share a Redis. */
async function startShop(answer: (head: string, n: number) => Answer | Buffer) {
  const server = await startRawServer((request, n) => {
    const said = answer(request.head, n);
    if (Buffer.isBuffer(said)) request.socket.write(said);
    else said(request, n);
  });
  onTestFinished(() => server.close());
  return server;
}

const fields = (...more: string[]) => ({ headers: ['content-type: application/json', ...more] });

function startGateway(
  redis: Pick<TestRedis, 'url' | 'prefix'>,
  server: { readonly url: string },
  cache: PartialUpstreamSettings['cache'] = {},
  // Long, so that a busy machine is no slow Redis.
  timeoutMs = 10_000,
) {
  const events: UpstreamEvent[] = [];
  let shiftMs = 0;
  // Real timers and real sockets; only the time of day, by which ages are told, may be moved on.
  const clock = {
    ...systemClock,
    now: () => systemClock.now() + shiftMs,
    wallTime: () => systemClock.wallTime() + shiftMs,
  };
  const upstream = createUpstream({
    settings: {
      cache: { store: 'redis', url: redis.url, prefix: redis.prefix, timeoutMs, ...cache },
      retry: { retries: 0 },
    },
    clock,
    emit: (event) => events.push(event),
  });
  onTestFinished(() => upstream.close());
  const send = async ({ path = '/books', method = 'GET', identity = '', headers = {} }: Parts = {}) => {
    const response = await upstream.call({
      service: 'catalog',
      method,
      url: server.url + path,
      headers,
      context: {
        signal: new AbortController().signal,
        deadlineAt: clock.now() + 30_000,
        identity,
        requestId: 'r-1',
      },
    });
    const { body } = response;
    const value = body.kind === 'json' ? body.value : undefined;
    return { ...response, value, cacheStatus: response.headers['cache-status']?.[0] };
  };
  return {
    events,
    send,
    upstream,
    moveOn: (ms: number) => (shiftMs += ms),
    /** Sends until Redis is there: a gateway does not wait for it. */
    untilConnected: async () => {
      while ((await send({ path: '/connected' })).cacheStatus === undefined) await turn();
    },
    changes: () =>
      events.flatMap((event) => (event.kind === 'cache-store-changed' ? [event.isUp ? 'found' : 'lost'] : [])),
  };
}

const kept = (n: number, text = 'max-age=60') => httpAnswer(JSON.stringify({ n }), fields(`cache-control: ${text}`));

describe.skipIf(!isThere)('a cache in Redis (127.0.0.1:6379)', () => {
  test('what one gateway has asked, another answers, with its age; both say so', async () => {
    const redis = await startRedis();
    const server = await startShop((_head, n) => kept(n));
    const [one, other] = [startGateway(redis, server), startGateway(redis, server)];
    await one.untilConnected();
    await other.untilConnected();
    const first = await one.send();
    expect(first.cacheStatus).toBe('Tributary; fwd=uri-miss; stored');
    other.moveOn(20_000);
    const second = await other.send();
    expect(second.value).toEqual(first.value);
    expect([second.cacheStatus, second.headers['age']]).toEqual(['Tributary; hit; ttl=40', ['20']]);
    other.moveOn(41_000);
    expect((await other.send()).value).not.toEqual(first.value);
  });

  test('integers keep every digit, text and XML stay what they are', async () => {
    const redis = await startRedis();
    const bodies: Record<string, [type: string, body: string]> = {
      '/big': ['application/json', '{"id":12345678901234567890,"__proto__":{"a":1}}'],
      '/text': ['text/plain', 'a text'],
      '/xml': ['application/xml', '<a>1</a>'],
    };
    const server = await startShop((head) => {
      const [type, body] = bodies[head.split(' ')[1]!] ?? ['application/json', '{}'];
      return httpAnswer(body, { headers: [`content-type: ${type}`, 'cache-control: max-age=60'] });
    });
    const { send, untilConnected } = startGateway(redis, server);
    await untilConnected();
    for (const path of Object.keys(bodies)) {
      const [first, second] = [await send({ path }), await send({ path })];
      expect(second.cacheStatus).toMatch(/^Tributary; hit/);
      expect(second.body).toEqual(first.body);
    }
  });

  test('each identity has its own, `public` is for all, and no key and no value holds who asked', async () => {
    const redis = await startRedis();
    const server = await startShop((head, n) =>
      kept(n, head.includes('/public') ? 'public, max-age=60' : 'max-age=60'),
    );
    const { send, untilConnected } = startGateway(redis, server);
    await untilConnected();
    const as = (who: string, path: string) =>
      send({ path, identity: who, headers: { authorization: `Bearer of-${who}` } });
    expect((await as('ann', '/own')).value).not.toEqual((await as('bob', '/own')).value);
    expect((await as('ann', '/own')).cacheStatus).toMatch(/hit/);
    expect((await as('ann', '/public')).value).toEqual((await as('bob', '/public')).value);
    const stored = [...(await redis.keys()).keys(), ...(await redis.values())].join('\n');
    expect(stored).not.toMatch(/Bearer|ann|bob/);
  });

  test('304 renews it for all gateways; stale answers stay for that, and everything has a time to live', async () => {
    const redis = await startRedis();
    const server = await startShop((head, n) =>
      head.includes('if-none-match: "1"')
        ? httpAnswer('', { status: '304 Not Modified', headers: ['etag: "1"', 'cache-control: max-age=60'] })
        : httpAnswer(`{"n":${n}}`, fields('etag: "1"', 'cache-control: max-age=60')),
    );
    const [one, other] = [startGateway(redis, server), startGateway(redis, server)];
    await one.untilConnected();
    await other.untilConnected();
    const first = await one.send();
    one.moveOn(61_000);
    other.moveOn(61_000);
    const renewed = await one.send();
    expect([renewed.value, renewed.cacheStatus]).toEqual([first.value, 'Tributary; fwd=stale; fwd-status=304; stored']);
    expect((await other.send()).cacheStatus).toMatch(/^Tributary; hit/);
    const livesMs = [...(await redis.keys()).values()];
    expect(livesMs.length).toBeGreaterThan(0);
    expect(livesMs.every((ms) => ms > 60_000 && ms <= 3_660_000)).toBe(true);
  });

  test('stale-while-revalidate and stale-if-error, from what another gateway has kept', async () => {
    const redis = await startRedis();
    let isBroken = false;
    const server = await startShop((head, n) =>
      isBroken
        ? httpAnswer('{}', { status: '503 Service Unavailable' })
        : kept(n, head.includes('/while') ? 'max-age=1, stale-while-revalidate=60' : 'max-age=1, stale-if-error=60'),
    );
    const [one, other] = [startGateway(redis, server), startGateway(redis, server)];
    await one.untilConnected();
    await other.untilConnected();
    const [whileFirst, errorFirst] = [await one.send({ path: '/while' }), await one.send({ path: '/error' })];
    other.moveOn(5_000);
    const stale = await other.send({ path: '/while' });
    expect([stale.value, stale.cacheStatus]).toEqual([whileFirst.value, 'Tributary; hit; ttl=-4; detail=stale']);
    await other.upstream.drain();
    expect((await other.send({ path: '/while' })).cacheStatus).toBe('Tributary; hit; ttl=1');
    isBroken = true;
    const inNeed = await other.send({ path: '/error' });
    expect([inNeed.value, inNeed.status]).toEqual([errorFirst.value, 200]);
    expect(inNeed.cacheStatus).toMatch(/detail=stale-if-error$/);
  });

  test('a write through one gateway drops what all have kept of the URL, also what is under way meanwhile', async () => {
    const redis = await startRedis();
    let release: (() => void) | undefined;
    const server = await startShop((head, n) => {
      if (head.startsWith('POST')) return httpAnswer('{}');
      if (!head.includes('/slow')) return kept(n);
      return ({ socket }) => (release = () => socket.write(kept(n)));
    });
    const [one, other] = [startGateway(redis, server), startGateway(redis, server)];
    await one.untilConnected();
    await other.untilConnected();
    const first = await one.send();
    await other.send({ method: 'POST' });
    expect((await one.send()).value).not.toEqual(first.value);
    const underWay = one.send({ path: '/slow' });
    while (release === undefined) await turn();
    await other.send({ path: '/slow', method: 'POST' });
    release();
    const old = await underWay;
    release = undefined;
    const asked = other.send({ path: '/slow' });
    while (release === undefined) await turn();
    (release as () => void)();
    expect((await asked).value).not.toEqual(old.value);
  });

  test('an answer over entrySize is not kept', async () => {
    const redis = await startRedis();
    const server = await startShop((head) =>
      httpAnswer(
        JSON.stringify({ a: 'x'.repeat(head.includes('/large') ? 2000 : 10) }),
        fields('cache-control: max-age=60'),
      ),
    );
    const { send, untilConnected } = startGateway(redis, server, { entryBytes: 1000 });
    await untilConnected();
    expect((await send({ path: '/large' })).cacheStatus).toBeUndefined();
    // Commands of one connection are done in order, so what was sent before this answer is there.
    expect((await send({ path: '/connected' })).cacheStatus).toMatch(/hit/);
    expect((await redis.values()).filter((value) => value.includes('x'.repeat(20)))).toEqual([]);
  });

  test('a Redis that is dead costs nothing but itself: every call is answered, one line says so, and it is found again', async () => {
    const redis = await startRedis();
    const server = await startShop((_head, n) => kept(n));
    const { send, untilConnected, changes, events } = startGateway(redis, server);
    await untilConnected();
    await send();
    await redis.kill();
    while (changes().length === 0) await turn();
    for (let n = 0; n < 20; n++) expect((await send()).cacheStatus).toBeUndefined();
    expect(changes()).toEqual(['lost']);
    await redis.restart();
    while ((await send()).cacheStatus === undefined) await turn();
    expect(changes()).toEqual(['lost', 'found']);
    expect(JSON.stringify(events)).not.toContain('nobody-may-read-this');
  });

  test('a Redis that does not answer is waited for once, and then left alone', async () => {
    const redis = await startRedis();
    const server = await startShop((_head, n) => kept(n));
    const { send, untilConnected, changes, events } = startGateway(redis, server, {}, 50);
    await untilConnected();
    redis.freeze();
    const answers = [];
    while (changes().at(-1) !== 'lost') answers.push(await send());
    for (let n = 0; n < 20; n++) answers.push(await send());
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const lost = events.filter((event) => event.kind === 'cache-store-changed' && !event.isUp);
    expect(lost.at(-1)).toMatchObject({ reason: 'no answer within 50 ms' });
    redis.thaw();
  });

  test('a Redis that is not there at the start is as one that died', async () => {
    const redis = await startRedis();
    await redis.kill();
    const server = await startShop((_head, n) => kept(n));
    const { send, changes, untilConnected } = startGateway(redis, server);
    expect((await send()).status).toBe(200);
    while (changes().length === 0) await turn();
    await redis.restart();
    await untilConnected();
    expect(changes()).toEqual(['lost', 'found']);
  });

  test('a write that Redis did not hear of is remembered: this gateway does not answer from before it', async () => {
    const redis = await startRedis();
    const server = await startShop((head, n) => (head.startsWith('POST') ? httpAnswer('{}') : kept(n)));
    const { send, untilConnected, changes } = startGateway(redis, server);
    await untilConnected();
    const first = await send();
    await redis.kill();
    while (changes().length === 0) await turn();
    await send({ method: 'POST' });
    await redis.restart();
    await untilConnected();
    expect((await send()).value).not.toEqual(first.value);
  });
});
