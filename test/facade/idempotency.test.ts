/** Idempotency-Key (facade.md 3.2, P23 to P26; suite K). */
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../gateway/facade/response/idempotency-store.ts';
import { jsonOf, openShop, upstreamError, type Sent, type Shop } from './bookshop.ts';

const book = { title: 'Bouvard', authorIds: ['gustave-flaubert'], price: '9.90' };
const order = { customer: 'emma', lines: [{ bookId: 'madame-bovary', quantity: 1 }] };
const post = (body: unknown, key = 'k-1', headers: Record<string, string> = {}): Sent => ({
  method: 'POST',
  body,
  headers: { 'idempotency-key': key, ...headers },
});
const writes = (shop: Shop) => shop.executed.length;

describe('Idempotency-Key', () => {
  it('P26: a repeat gets the very answer of the first, and writes nothing', async () => {
    const shop = openShop();
    const first = await shop.send('/rest/books', post(book));
    const second = await shop.send('/rest/books', post(book));
    expect(first.status).toBe(201);
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(second).toEqual({ ...first, headers: { ...first.headers, 'idempotency-replayed': 'true' } });
    expect(writes(shop)).toBe(1);
  });

  it('P25: of 100 requests at once with one key one writes, the others are told to come back', async () => {
    const shop = openShop();
    const answers = await Promise.all(Array.from({ length: 100 }, () => shop.send('/rest/books', post(book))));
    const created = answers.filter(({ status }) => status === 201);
    const busy = answers.filter(({ status }) => status === 409);
    expect([created.length, busy.length, writes(shop)]).toEqual([1, 99, 1]);
    expect(busy[0]!.headers['retry-after']).toBe('1');
    expect(jsonOf(busy[0]!)['code']).toBe('IDEMPOTENCY_KEY_IN_USE');
    expect((await shop.send('/rest/books', post(book))).headers['idempotency-replayed']).toBe('true');
  });

  it('P24: the same key with another body is refused, and the first answer stays', async () => {
    const shop = openShop();
    await shop.send('/rest/books', post(book));
    const other = await shop.send('/rest/books', post({ ...book, title: 'Pécuchet' }));
    expect([other.status, jsonOf(other)['type']]).toEqual([422, '/rest/problems/idempotency-key-reused']);
    expect((await shop.send('/rest/books', post(book))).status).toBe(201);
    expect(writes(shop)).toBe(1);
  });

  it('an answer of 4xx is final too', async () => {
    const shop = openShop();
    const twin = { ...book, isbn: '9780140449129' };
    await shop.send('/rest/books', post(twin, 'k-0'));
    const refused = await shop.send('/rest/books', post(twin, 'k-2'));
    const again = await shop.send('/rest/books', post(twin, 'k-2'));
    expect([refused.status, again.status, again.headers['idempotency-replayed']]).toEqual([409, 409, 'true']);
    expect(writes(shop)).toBe(2);
  });

  it('a body that does not fit takes no key', async () => {
    const shop = openShop();
    expect((await shop.send('/rest/books', post({ title: 'x' }))).status).toBe(422);
    expect((await shop.send('/rest/books', post(book))).status).toBe(201);
  });

  it('two callers, two routes and two keys never meet', async () => {
    const shop = openShop();
    const statuses = [
      await shop.send('/rest/books', post(book, 'k', { authorization: 'Bearer a' })),
      await shop.send('/rest/books', post(book, 'k', { authorization: 'Bearer b' })),
      await shop.send('/rest/books', post(book, 'j', { authorization: 'Bearer a' })),
      await shop.send('/rest/orders', post(order, 'k', { authorization: 'Bearer a' })),
    ];
    expect(statuses.some(({ headers }) => 'idempotency-replayed' in headers)).toBe(false);
    expect(writes(shop)).toBe(4);
  });

  it('a key with quotes is the same key without', async () => {
    const shop = openShop();
    await shop.send('/rest/books', post(book, '"k"'));
    expect((await shop.send('/rest/books', post(book, 'k'))).headers['idempotency-replayed']).toBe('true');
  });

  it('a write without a key is done each time, and an empty key is refused', async () => {
    const shop = openShop();
    await shop.send('/rest/books', { method: 'POST', body: book });
    await shop.send('/rest/books', { method: 'POST', body: book });
    expect(writes(shop)).toBe(2);
    expect((await shop.send('/rest/books', post(book, ''))).status).toBe(400);
  });

  it.each([
    ['before it was sent', { code: 'CIRCUIT_OPEN', dispatched: false, retryAfterMs: 1000 }, 503],
    ['with no time for it', { code: 'UPSTREAM_UNREACHABLE', dispatched: false }, 502],
    ['by who asks', { code: 'UNAUTHENTICATED' }, 401],
  ])('a write that failed %s is done on the repeat', async (_, extensions, status) => {
    const shop = openShop();
    shop.failures.set('Mutation.createBook', upstreamError(extensions));
    expect((await shop.send('/rest/books', post(book))).status).toBe(status);
    shop.failures.clear();
    expect((await shop.send('/rest/books', post(book))).status).toBe(201);
  });

  it('a write whose outcome is unknown is not done again', async () => {
    const shop = openShop();
    shop.failures.set('Mutation.createBook', upstreamError({ code: 'UPSTREAM_TIMEOUT', dispatched: true }));
    expect((await shop.send('/rest/books', post(book))).status).toBe(504);
    shop.failures.clear();
    const again = await shop.send('/rest/books', post(book));
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([504, 'true']);
  });

  it('a service that has the key itself is asked again after a failure, and after "come back"', async () => {
    const shop = openShop();
    for (const extensions of [
      { code: 'UPSTREAM_TIMEOUT', dispatched: true },
      { code: 'CONFLICT', retryable: true, retryAfterMs: 1000 },
    ]) {
      shop.failures.set('Mutation.placeOrder', upstreamError(extensions));
      const failed = await shop.send('/rest/orders', post(order));
      expect([504, 409]).toContain(failed.status);
      if (failed.status === 409) expect(failed.headers['retry-after']).toBe('1');
    }
    shop.failures.clear();
    const placed = await shop.send('/rest/orders', post(order));
    expect([placed.status, shop.executed.at(-1)!.variables['key']]).toEqual([201, 'k-1']);
  });

  it('an answer lives as long as its ttl', async () => {
    let now = new Date('2026-01-01T00:00:00Z');
    const shop = openShop({ now: () => now });
    await shop.send('/rest/books', post(book));
    now = new Date('2026-01-01T23:59:59Z');
    expect((await shop.send('/rest/books', post(book))).headers['idempotency-replayed']).toBe('true');
    now = new Date('2026-01-02T00:00:00Z');
    expect((await shop.send('/rest/books', post(book))).headers).not.toHaveProperty('idempotency-replayed');
    expect(writes(shop)).toBe(2);
  });
});

describe('the store in memory', () => {
  it('gives up the oldest answers when it is full, never a key somebody works under', async () => {
    const store = createMemoryStore({ now: () => new Date(0), capacity: 2 });
    const claim = (scope: string) =>
      store.claim({ scope, fingerprint: 'f', ttlMs: 1000, leaseMs: 1000, isRepeatable: false });
    await claim('working');
    for (const scope of ['a', 'b']) {
      const claimed = await claim(scope);
      if (claimed.state === 'mine') await claimed.settle({ status: 200, headers: {}, body: undefined });
    }
    const states = await Promise.all(['working', 'b', 'a'].map(async (scope) => (await claim(scope)).state));
    expect(states).toEqual(['running', 'done', 'mine']);
  });
});

describe('a store that fails', () => {
  it('before the work: 503, and nothing is done', async () => {
    const faults: unknown[] = [];
    const idempotencyStore = { claim: () => Promise.reject(new Error('The database is gone')) };
    const shop = openShop({ idempotencyStore, onFault: (error) => void faults.push(error) });
    const answer = await shop.send('/rest/books', post(book));
    expect([answer.status, answer.headers['retry-after'], jsonOf(answer)['code']]).toEqual([
      503,
      '1',
      'IDEMPOTENCY_UNAVAILABLE',
    ]);
    expect([String(answer.body).includes('database'), faults.length, writes(shop)]).toEqual([false, 1, 0]);
  });

  it('after the work: the answer is given all the same', async () => {
    const faults: unknown[] = [];
    const settle = () => Promise.reject(new Error('The database is gone'));
    const idempotencyStore = { claim: () => Promise.resolve({ state: 'mine', settle } as const) };
    const shop = openShop({ idempotencyStore, onFault: (error) => void faults.push(error) });
    expect((await shop.send('/rest/books', post(book))).status).toBe(201);
    expect([faults.length, writes(shop)]).toEqual([1, 1]);
  });
});
