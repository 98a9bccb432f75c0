// The rules of upstream.md, section 7, by their numbers; F19 and F20.
import { describe, expect, test } from 'vitest';
import { UpstreamError } from '../../../gateway/errors/upstream-error.ts';
import type { ErrorCode } from '../../../gateway/errors/catalogue.ts';
import type { Call } from '../../../gateway/upstream/call.ts';
import { callError } from '../../../gateway/upstream/classify.ts';
import type { UpstreamEvent } from '../../../gateway/upstream/events.ts';
import { retry } from '../../../gateway/upstream/policies/retry.ts';
import { RetryBudget } from '../../../gateway/upstream/policies/retry-budget.ts';
import { defaultUpstreamSettings, type UpstreamSettings } from '../../../gateway/upstream/settings.ts';
import type { UpstreamResponse } from '../../../gateway/upstream/upstream-call.ts';
import { FakeClock } from '../fake-clock.ts';
import { answer, makeCall, turn, type RequestParts } from './call.ts';

type Step = (call: Call) => UpstreamResponse;

function setUp(settings: Partial<UpstreamSettings['retry']> = {}, random = () => 0.5) {
  const clock = new FakeClock();
  const events: UpstreamEvent[] = [];
  const own = { ...defaultUpstreamSettings.retry, ...settings };
  const budget = new RetryBudget(own.budget, clock);
  const policy = retry({
    settings: own,
    budget,
    clock,
    random,
    emit: (event) => events.push(event),
  });
  /** Runs a call whose attempts end as the steps say, the last one for all further attempts. */
  const run = async (steps: readonly Step[], parts: RequestParts = {}, call = makeCall(clock, parts)) => {
    let attempts = 0;
    const waits: number[] = [];
    const outcome = policy(call, async (attempt) => steps[Math.min(attempts++, steps.length - 1)]!(attempt)).then(
      (response) => response.status,
      (error: unknown) => error as UpstreamError,
    );
    // A call that has ended has no timer.
    await turn();
    for (let [waitMs] = clock.pending; waitMs !== undefined; [waitMs] = clock.pending) {
      waits.push(waitMs);
      clock.advance(waitMs);
      await turn();
    }
    return { outcome: await outcome, attempts, waits };
  };
  return { clock, events, policy, budget, run };
}

const gives =
  (status: number, headers: Record<string, string> = {}): Step =>
  () =>
    answer(status, Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])));

const fails =
  (code: ErrorCode, isDispatched: boolean, reason?: string): Step =>
  (call) => {
    call.progress.dispatched = isDispatched;
    throw callError(call, code, { reason });
  };

const failsInTls =
  (code: string): Step =>
  (call) => {
    const cause = Object.assign(new Error(code), { code });
    throw callError(call, 'UPSTREAM_UNREACHABLE', { reason: 'tls', cause });
  };

const unreachable = fails('UPSTREAM_UNREACHABLE', false, 'refused');
const lost = fails('UPSTREAM_UNREACHABLE', true, 'closed');

describe('retry', () => {
  test('rule 1: at most 3 attempts, then the last outcome', async () => {
    const { run } = setUp();
    expect(await run([gives(503)])).toMatchObject({ attempts: 3, outcome: 503 });
    expect(await run([lost])).toMatchObject({ attempts: 3, outcome: { code: 'UPSTREAM_UNREACHABLE' } });
  });

  test('the first success ends it', async () => {
    expect(await setUp().run([lost, gives(200)])).toMatchObject({ attempts: 2, outcome: 200 });
  });

  test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
    'rule 2: %s that was never sent is tried again',
    async (method) => {
      expect(await setUp().run([unreachable], { method })).toMatchObject({ attempts: 3 });
    },
  );

  test.each<[string, RequestParts, number]>([
    ['GET', { method: 'GET' }, 3],
    ['HEAD', { method: 'HEAD' }, 3],
    ['OPTIONS', { method: 'OPTIONS' }, 3],
    ['PUT', { method: 'PUT' }, 1],
    ['PUT, idempotent', { method: 'PUT', idempotent: true }, 3],
    ['DELETE', { method: 'DELETE' }, 1],
    ['DELETE, idempotent', { method: 'DELETE', idempotent: true }, 3],
    ['PUT with an Idempotency-Key', { method: 'PUT', headers: { 'idempotency-key': 'a' } }, 1],
    ['POST', { method: 'POST' }, 1],
    ['POST with an Idempotency-Key', { method: 'POST', headers: { 'idempotency-key': 'a' } }, 3],
    ['POST, idempotent (a GraphQL query)', { method: 'POST', idempotent: true }, 3],
    ['PATCH', { method: 'PATCH' }, 1],
  ])('rule 3: once bytes were sent, %s', async (_name, parts, attempts) => {
    expect(await setUp().run([lost], parts)).toMatchObject({ attempts });
    expect(await setUp().run([fails('UPSTREAM_TIMEOUT', true)], parts)).toMatchObject({ attempts });
    expect(await setUp().run([fails('UPSTREAM_TRUNCATED', true)], parts)).toMatchObject({ attempts });
    expect(await setUp().run([gives(503)], parts)).toMatchObject({ attempts });
  });

  test.each([
    [502, 3],
    [503, 3],
    [504, 3],
    [500, 1],
    [501, 1],
    [404, 1],
    [429, 1],
  ])('rule 4: status %i has %i attempts', async (status, attempts) => {
    expect(await setUp().run([gives(status)])).toMatchObject({ attempts, outcome: status });
  });

  test('rule 4: 429 is tried again when its Retry-After fits', async () => {
    expect(await setUp().run([gives(429, { 'retry-after': '1' }), gives(200)])).toMatchObject({
      attempts: 2,
      waits: [1000],
      outcome: 200,
    });
    expect(await setUp().run([gives(429, { 'retry-after': '9' })])).toMatchObject({ attempts: 1, outcome: 429 });
  });

  test.each(['soon', '-5', 'Thu, 01 Jan 1998 00:00:00 GMT'])(
    'rule 4: 429 with Retry-After %s is not',
    async (value) => {
      expect(await setUp().run([gives(429, { 'retry-after': value })])).toMatchObject({ attempts: 1, outcome: 429 });
    },
  );

  test('rule 5: waits are a random part of 50 ms, then 100 ms', async () => {
    expect((await setUp({}, () => 0.999).run([lost])).waits.map(Math.round)).toEqual([50, 100]);
    expect((await setUp({}, () => 0.25).run([lost])).waits).toEqual([12.5, 25]);
    expect((await setUp({ backoff: { baseMs: 50, maxMs: 60 } }, () => 0.5).run([lost])).waits).toEqual([25, 30]);
  });

  test.each<[string, Record<string, string>, number[]]>([
    ['seconds', { 'retry-after': '2' }, [2000, 2000]],
    ['0', { 'retry-after': '0' }, [25, 50]],
    ['3600', { 'retry-after': '3600' }, []],
    ['negative', { 'retry-after': '-5' }, [25, 50]],
    ['garbage', { 'retry-after': 'soon' }, [25, 50]],
    [
      'a date 1 s after the one the service sent, whatever our clock says',
      { date: 'Thu, 01 Jan 1998 00:00:00 GMT', 'retry-after': 'Thu, 01 Jan 1998 00:00:01 GMT' },
      [1000, 1000],
    ],
    ['a date long past', { 'retry-after': 'Thu, 01 Jan 1998 00:00:00 GMT' }, [25, 50]],
    ['a date far off', { 'retry-after': 'Thu, 01 Jan 2099 00:00:00 GMT' }, []],
  ])('rule 6: Retry-After %s', async (_name, headers, waits) => {
    expect(await setUp().run([gives(503, headers)])).toMatchObject({ waits, outcome: 503 });
  });

  test('rule 8: in a storm of 60 s, retries are at most 20 % of the calls plus 3 a second, and one window more', async () => {
    const { clock, policy, events } = setUp({}, () => 0);
    let attempts = 0;
    const calls = 30_000;
    const running: Promise<unknown>[] = [];
    for (let call = 0; call < calls; call++) {
      running.push(
        policy(makeCall(clock), async () => {
          attempts++;
          return answer(503);
        }),
      );
      if (call % 100 === 99) {
        await turn();
        clock.advance(200);
      }
    }
    for (let round = 0; round < 5; round++) {
      await turn();
      clock.advance(0);
    }
    await Promise.all(running);
    const retries = attempts - calls;
    expect(retries).toBeLessThanOrEqual(calls * 0.2 + 3 * 60 + 3 * 10);
    expect(retries).toBeGreaterThan(calls * 0.15);
    expect(events.filter(({ kind }) => kind === 'budget-exhausted').length).toBeGreaterThan(0);
  });

  test('rule 8: what the budget still allows is known at any time', async () => {
    const { run, clock, budget } = setUp({ budget: { ratio: 0.5, windowMs: 10_000, floorPerSecond: 0.2 } });
    expect(budget.left()).toBe(2);
    await run([gives(503)]);
    // Two and a half, of which two are used.
    expect(budget.left()).toBe(0);
    await run([gives(200)]);
    expect(budget.left()).toBe(1);
    clock.advance(11_000);
    expect(budget.left()).toBe(2);
  });

  test.each([
    [true, 2],
    [false, 1],
  ])('a wrong certificate: with another instance (%s) there are %d attempts', async (hasUntried, attempts) => {
    const { run } = setUp();
    const cause = Object.assign(new Error('expired'), { code: 'CERT_HAS_EXPIRED' });
    const refuse: Step = (call) => {
      call.progress.hasUntried = hasUntried;
      throw callError(call, 'UPSTREAM_UNREACHABLE', { reason: 'tls', cause });
    };
    expect(await run([refuse])).toMatchObject({ outcome: { reason: 'tls' }, attempts });
  });

  test('rule 8: the budget comes back as the window moves on', async () => {
    const { run, clock } = setUp({ budget: { ratio: 0, windowMs: 10_000, floorPerSecond: 0.2 } });
    expect((await run([lost])).attempts).toBe(3);
    expect((await run([lost])).attempts).toBe(1);
    clock.advance(10_000);
    expect((await run([lost])).attempts).toBe(3);
  });

  test('rule 9: not after the client left, neither before nor during the wait', async () => {
    const { clock, policy } = setUp();
    const client = new AbortController();
    let attempts = 0;
    const result = policy(makeCall(clock, {}, client.signal), async () => {
      attempts++;
      return answer(503);
    });
    await clock.untilScheduled(25);
    const left = new Error('left');
    client.abort(left);
    await expect(result).rejects.toBe(left);
    expect(clock.pending).toEqual([]);
    expect(attempts).toBe(1);

    expect(await policy(makeCall(clock, {}, client.signal), async () => answer(503))).toMatchObject({ status: 503 });
  });

  test('rule 9: not when the time left is under 1.2 times the median latency', async () => {
    const { clock, policy, run } = setUp();
    for (let call = 0; call < 3; call++) {
      await policy(makeCall(clock), async () => {
        clock.advance(1000);
        return answer(200);
      });
    }
    const ending = (leftMs: number) => makeCall(clock, { context: { deadlineAt: clock.now() + leftMs } });
    expect((await run([gives(503)], {}, ending(1225))).attempts).toBe(1);
    expect((await run([gives(503), gives(200)], {}, ending(1226))).attempts).toBe(2);
  });

  test('rule 9: not when the call is older than maxAge', async () => {
    expect((await setUp({ maxAgeMs: 24 }).run([lost])).attempts).toBe(1);
    expect((await setUp({ maxAgeMs: 74 }).run([lost])).attempts).toBe(2);
  });

  test('rule 10: a request that is repeated above is not repeated here', async () => {
    expect((await setUp().run([lost], { context: { retryAttempt: 1 } })).attempts).toBe(1);
  });

  test.each<ErrorCode>([
    'UPSTREAM_INVALID_RESPONSE',
    'UPSTREAM_TOO_LARGE',
    'INTERNAL_SERVER_ERROR',
    'UPSTREAM_SATURATED',
  ])('rule 11: %s is not tried again', async (code) => {
    expect((await setUp().run([fails(code, true)])).attempts).toBe(1);
  });

  test('a certificate is as wrong a moment later, a broken handshake may not be', async () => {
    expect((await setUp().run([failsInTls('CERT_HAS_EXPIRED')])).attempts).toBe(1);
    expect((await setUp().run([failsInTls('ERR_SSL_WRONG_VERSION_NUMBER')])).attempts).toBe(3);
  });
});
