// What is kept, for whom and for how long: RFC 9111 (sections in brackets) and RFC 5861, row by row.
import { describe, expect, test } from 'vitest';
import { callError } from '../../../gateway/upstream/classify.ts';
import { cache } from '../../../gateway/upstream/policies/cache.ts';
import { MemoryStore } from '../../../gateway/upstream/policies/memory-store.ts';
import { defaultUpstreamSettings } from '../../../gateway/upstream/settings.ts';
import type { UpstreamEvent } from '../../../gateway/upstream/events.ts';
import type { UpstreamResponse } from '../../../gateway/upstream/upstream-call.ts';
import { FakeClock } from '../fake-clock.ts';
import { startHarness } from '../harness.ts';
import { httpAnswer } from '../raw-server.ts';
import { deferred, makeCall, turn, type RequestParts } from './call.ts';

type Fields = Record<string, string>;
const httpDate = (clock: FakeClock, offsetMs = 0) => new Date(clock.wallTime() + offsetMs).toUTCString();

function setUp(overrides: Partial<typeof defaultUpstreamSettings.cache> = {}) {
  const clock = new FakeClock();
  const events: UpstreamEvent[] = [];
  const background: Promise<unknown>[] = [];
  const asked: Fields[] = [];
  const policy = cache({
    store: new MemoryStore({ ...defaultUpstreamSettings.cache, ...overrides }),
    callMs: 10_000,
    clock,
    emit: (event) => events.push(event),
    onBackground: (work) => background.push(work),
  });
  /** What the service answers; the body counts its answers. */
  let service = (_fields: Fields): Promise<[status: number, fields: Fields]> => Promise.resolve([200, {}]);
  const get = async (parts: RequestParts = {}) => {
    const response = await policy(makeCall(clock, parts), async ({ request }) => {
      asked.push(request.headers as Fields);
      const [status, fields] = await service(request.headers as Fields);
      const headers = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, [value]]));
      return { status, headers, body: { kind: 'text', text: `answer ${asked.length}` } };
    });
    return { text: (response.body as { text: string }).text, ...response };
  };
  const answers = (fields: Fields, status = 200) => (service = () => Promise.resolve([status, fields]));
  const serves = (next: typeof service) => (service = next);
  return { clock, events, background, asked, get, answers, serves };
}

const statusOf = ({ headers }: Pick<UpstreamResponse, 'headers'>) => headers['cache-status'];

describe('is it used again 59 s later, and 61 s later?', () => {
  const rows: readonly [why: string, fields: (clock: FakeClock) => Fields, after59: boolean, after61: boolean][] = [
    ['nothing said about freshness: not kept', () => ({}), false, false],
    [
      'a validator alone is no freshness',
      () => ({ etag: '"1"', 'last-modified': 'Mon, 01 Jan 2001 00:00:00 GMT' }),
      false,
      false,
    ],
    ['max-age (5.2.2.1)', () => ({ 'cache-control': 'max-age=60' }), true, false],
    ['names in any case, a quoted value (5.2)', () => ({ 'cache-control': 'Max-Age="60"' }), true, false],
    ['the first of two directives counts (4.2.1)', () => ({ 'cache-control': 'max-age=60, max-age=9' }), true, false],
    ['max-age that is no number is stale (4.2.1)', () => ({ 'cache-control': 'max-age=6o' }), false, false],
    ['private: this cache is (5.2.2.7)', () => ({ 'cache-control': 'private, max-age=60' }), true, false],
    ['s-maxage is for shared caches (5.2.2.10)', () => ({ 'cache-control': 's-maxage=60' }), false, false],
    ['no-store (5.2.2.5)', () => ({ 'cache-control': 'max-age=60, no-store' }), false, false],
    ['no-cache (5.2.2.4)', () => ({ 'cache-control': 'max-age=60, no-cache' }), false, false],
    ['Expires (5.3)', (clock) => ({ expires: httpDate(clock, 60_000) }), true, false],
    [
      'Expires is measured by the Date beside it (4.2.1)',
      (clock) => ({ date: httpDate(clock, 7000), expires: httpDate(clock, 67_000) }),
      true,
      false,
    ],
    [
      'max-age goes before Expires (5.3)',
      (clock) => ({ 'cache-control': 'max-age=60', expires: httpDate(clock, -1) }),
      true,
      false,
    ],
    ['Expires that is no date is in the past (5.3)', () => ({ expires: '0' }), false, false],
    ['Age counts (4.2.3)', () => ({ 'cache-control': 'max-age=60', age: '2' }), false, false],
    [
      'an old Date counts (4.2.3)',
      (clock) => ({ 'cache-control': 'max-age=60', date: httpDate(clock, -2000) }),
      false,
      false,
    ],
    ['Vary on anything (4.1)', () => ({ 'cache-control': 'max-age=60', vary: '*' }), false, false],
  ];
  test.each(rows)('%s', async (_why, fields, after59, after61) => {
    for (const [ms, expected] of [
      [59_000, after59],
      [61_000, after61],
    ] as const) {
      const { clock, asked, get, answers } = setUp();
      answers(fields(clock));
      await get();
      clock.advance(ms);
      await get();
      expect(asked.length === 1).toBe(expected);
    }
  });

  test.each([
    [200, true],
    [404, true],
    [410, true],
    [301, true],
    [201, false],
    [206, false],
    [302, false],
    [500, false],
    [503, false],
  ])('status %i (3)', async (status, isKept) => {
    const { asked, get, answers } = setUp();
    answers({ 'cache-control': 'max-age=60' }, status);
    await get();
    expect((await get()).status).toBe(status);
    expect(asked.length === 1).toBe(isKept);
  });

  test('the answer tells its age (5.1), and what the cache did (RFC 9211)', async () => {
    const { clock, get, answers } = setUp();
    answers({ 'cache-control': 'max-age=60', 'cache-status': 'Near; hit' });
    expect(statusOf(await get())).toEqual(['Near; hit', 'Tributary; fwd=uri-miss; stored']);
    clock.advance(12_500);
    const kept = await get();
    expect([kept.text, kept.headers['age']]).toEqual(['answer 1', ['12']]);
    expect(statusOf(kept)).toEqual(['Near; hit', 'Tributary; hit; ttl=48']);
  });

  test('a slow answer was made when it was asked for (4.2.3)', async () => {
    const { clock, asked, get, serves } = setUp();
    serves(() => {
      clock.advance(8000);
      return Promise.resolve([200, { 'cache-control': 'max-age=10' }]);
    });
    await get();
    clock.advance(3000);
    await get();
    expect(asked).toHaveLength(2);
  });
});

describe('for whom', () => {
  const kept = { 'cache-control': 'max-age=60' };
  const shared = { 'cache-control': 'max-age=60, public' };
  const ann = { context: { identity: 'ann' }, headers: { authorization: 'Bearer ann' } };
  const bob = { context: { identity: 'bob' }, headers: { authorization: 'Bearer bob' } };

  test.each<[string, Fields, RequestParts, RequestParts, boolean]>([
    ['the same identity', kept, ann, ann, true],
    ['never another identity', kept, ann, bob, false],
    [
      'never another identity with the same fields',
      kept,
      { context: { identity: 'ann' } },
      { context: { identity: 'bob' } },
      false,
    ],
    ['public is shared, also with Authorization (3.5)', shared, ann, bob, true],
    ['public and private at once is private', { 'cache-control': 'max-age=60, public, private' }, ann, bob, false],
    ['public with a cookie for one is private', { ...shared, 'set-cookie': 'a=1' }, ann, bob, false],
    ['public that varies by who asks is private', { ...shared, vary: 'Accept, Authorization' }, ann, bob, false],
    ['another URL', kept, { url: 'http://catalog/a' }, { url: 'http://catalog/b' }, false],
    [
      'another field of the connector (4.1)',
      shared,
      { headers: { 'accept-language': 'en' } },
      { headers: { 'accept-language': 'fr' } },
      false,
    ],
    [
      'a request that says no-store (5.2.1.5)',
      kept,
      { headers: { 'cache-control': 'no-store' } },
      { headers: { 'cache-control': 'no-store' } },
      false,
    ],
    ['a request that says no-cache (5.2.1.4)', kept, {}, { headers: { 'cache-control': 'no-cache' } }, false],
    [
      'a condition of its own (4.3.1)',
      kept,
      { headers: { 'if-none-match': '"1"' } },
      { headers: { 'if-none-match': '"1"' } },
      false,
    ],
    ['POST', kept, { method: 'POST' }, { method: 'POST' }, false],
    ['GET with a body', kept, { body: '{}' }, { body: '{}' }, false],
  ])('%s', async (_why, fields, first, second, isShared) => {
    const { asked, get, answers } = setUp();
    answers(fields);
    await get(first);
    await get(second);
    expect(asked.length === 1).toBe(isShared);
  });

  test.each([
    ['PUT', 204, 2],
    ['DELETE', 200, 2],
    ['PUT', 409, 1],
    ['HEAD', 200, 1],
  ] as const)(
    'a %s answered %i: what was kept of that URL is asked for %i times (4.4)',
    async (method, status, times) => {
      const { asked, get, answers } = setUp();
      answers(kept);
      await get();
      answers({}, status);
      await get({ method });
      answers(kept);
      await get();
      expect(asked).toHaveLength(times + 1);
    },
  );
});

describe('asking whether it still holds (4.3)', () => {
  const first = { 'cache-control': 'max-age=10', etag: '"1"', 'last-modified': 'Mon, 01 Jan 2001 00:00:00 GMT' };

  test('304: the body that was kept, the fields that were sent, fresh again (4.3.4)', async () => {
    const { clock, asked, get, answers } = setUp();
    answers(first);
    await get();
    clock.advance(10_000);
    answers({ 'cache-control': 'max-age=20', 'x-served-by': 'b' }, 304);
    const again = await get();
    expect(asked[1]).toEqual({ 'if-none-match': '"1"', 'if-modified-since': first['last-modified'] });
    expect(again).toMatchObject({ status: 200, text: 'answer 1', headers: { etag: ['"1"'], 'x-served-by': ['b'] } });
    expect(statusOf(again)).toEqual(['Tributary; fwd=stale; fwd-status=304; stored']);
    clock.advance(19_000);
    expect((await get()).text).toBe('answer 1');
    expect(asked).toHaveLength(2);
  });

  test('200: the new answer takes its place', async () => {
    const { clock, asked, get, answers } = setUp();
    answers(first);
    await get();
    clock.advance(10_000);
    expect((await get()).text).toBe('answer 2');
    expect((await get()).text).toBe('answer 2');
    expect(asked).toHaveLength(2);
  });

  test('no-cache with a validator is kept, and asked about each time (5.2.2.4)', async () => {
    const { asked, get, answers } = setUp();
    answers({ 'cache-control': 'no-cache', etag: '"1"' });
    await get();
    answers({ 'cache-control': 'no-cache' }, 304);
    expect((await get()).text).toBe('answer 1');
    expect((await get()).text).toBe('answer 1');
    expect(asked.map((fields) => fields['if-none-match'])).toEqual([undefined, '"1"', '"1"']);
  });
});

describe('stale answers (RFC 5861)', () => {
  const whileRevalidate = { 'cache-control': 'max-age=10, stale-while-revalidate=5' };
  const ifError = { 'cache-control': 'max-age=10, stale-if-error=60' };

  test('stale-while-revalidate: at once, and asked for once behind it, also when the caller leaves', async () => {
    const { clock, asked, background, events, get, answers, serves } = setUp();
    answers(whileRevalidate);
    await get();
    clock.advance(12_000);
    const answered = deferred<[number, Fields]>();
    serves(() => answered.promise);
    for (let n = 0; n < 3; n++) {
      const stale = await get();
      expect([stale.text, statusOf(stale)]).toEqual(['answer 1', ['Tributary; hit; ttl=-2; detail=stale']]);
    }
    expect([asked.length, background.length]).toEqual([2, 1]);
    answered.resolve([200, whileRevalidate]);
    await Promise.all(background);
    expect((await get()).text).toBe('answer 2');
    expect(events.map((event) => 'how' in event && event.how)).toEqual(['stale', 'stale', 'stale', 'hit']);
  });

  test("stale-while-revalidate: a failure behind it is nobody's error, and later it is asked for again", async () => {
    const { clock, asked, background, get, answers, serves } = setUp();
    answers(whileRevalidate);
    await get();
    clock.advance(12_000);
    serves(() => Promise.reject(new Error('away')));
    expect((await get()).text).toBe('answer 1');
    await Promise.all(background);
    await turn();
    expect((await get()).text).toBe('answer 1');
    expect(asked).toHaveLength(3);
  });

  test('too stale for that: it is asked for, and waited for', async () => {
    const { clock, get, answers } = setUp();
    answers(whileRevalidate);
    await get();
    clock.advance(15_000);
    expect((await get()).text).toBe('answer 2');
  });

  test.each([
    ['an error', ifError, 69_000, 'error', true],
    ['an error, too stale', ifError, 70_000, 'error', false],
    ['a 503', ifError, 20_000, 503, true],
    ['a 404 is an answer', ifError, 20_000, 404, false],
    [
      'must-revalidate wins (5.2.2.2)',
      { 'cache-control': 'max-age=10, stale-if-error=60, must-revalidate', etag: '"1"' },
      20_000,
      'error',
      false,
    ],
    ['nothing said about errors', { 'cache-control': 'max-age=10' }, 20_000, 'error', false],
  ] as const)('stale-if-error: %s', async (_why, fields, afterMs, end, isUsed) => {
    const { clock, get, answers, serves } = setUp();
    answers(fields);
    await get();
    clock.advance(afterMs);
    const failure = callError(makeCall(clock), 'CIRCUIT_OPEN', {});
    serves(() => (end === 'error' ? Promise.reject(failure) : Promise.resolve([end, {}])));
    const answer = await get().catch((error: unknown) => error);
    if (isUsed) {
      expect(answer).toMatchObject({ status: 200, text: 'answer 1' });
      expect(statusOf(answer as UpstreamResponse)![0]).toContain('detail=stale-if-error');
    } else if (end === 'error') expect(answer).toBe(failure);
    else expect(answer).toMatchObject({ status: end });
  });

  test('a caller who has left gets no stale answer', async () => {
    const { clock, get, answers, serves } = setUp();
    answers(ifError);
    await get();
    clock.advance(20_000);
    const leaving = new AbortController();
    const left = callError(makeCall(clock), 'REQUEST_CANCELLED', {});
    serves(() => {
      leaving.abort();
      return Promise.reject(left);
    });
    await expect(get({ context: { signal: leaving.signal } })).rejects.toBe(left);
  });
});

describe('limits', () => {
  const kept = { 'cache-control': 'max-age=60' };
  const url = (n: number) => ({ url: `http://catalog/${n}` });

  test('the answer used longest ago goes first', async () => {
    const { asked, get, answers } = setUp({ entries: 2 });
    answers(kept);
    for (const n of [1, 2, 1, 3, 1, 2]) await get(url(n));
    expect(asked).toHaveLength(4);
  });

  test('size: one that is too large is not kept, and all together stay below the limit', async () => {
    const small = setUp({ entryBytes: 50 });
    small.answers(kept);
    await small.get();
    await small.get();
    expect(small.asked).toHaveLength(2);
    const few = setUp({ bytes: 250 });
    few.answers(kept);
    for (const n of [1, 2, 3, 4, 4, 1]) await few.get(url(n));
    expect(few.asked).toHaveLength(5);
  });
});

test('in the pipeline: what is kept is answered while the breaker is open, and for a service that is gone', async () => {
  let isFailing = false;
  const { send, fail, server, clock } = await startHarness(({ socket }) =>
    socket.write(
      isFailing
        ? httpAnswer('{}', { status: '500 Internal Server Error' })
        : httpAnswer('{"ok":true}', {
            headers: ['content-type: application/json', 'cache-control: max-age=2, stale-if-error=600'],
          }),
    ),
  );
  await send();
  isFailing = true;
  for (let n = 0; n < 19; n++) await send({ path: `/others/${n}` });
  expect((await fail({ path: '/others' })).code).toBe('CIRCUIT_OPEN');
  expect((await send()).headers['cache-status']).toEqual(['Tributary; hit; ttl=2']);
  clock.advance(3000);
  expect((await send()).headers['cache-status']).toEqual(['Tributary; hit; ttl=-1; detail=stale-if-error']);
  expect(server.requests).toHaveLength(20);
});
