/** Levels 0 and 1 over the same documents (facade.md 4.2). */
import { describe, expect, it } from 'vitest';
import { jsonOf, openShop, type Shop } from './bookshop.ts';

const open = () => openShop({ settings: { levels: [0, 1, 2, 3] } });
const shop = open();
const call = async (url: string, body: unknown, from: Shop = shop) => {
  const response = await from.send(url, { method: 'POST', body });
  expect([response.status, response.headers['link'], response.headers['etag']]).toEqual([200, undefined, undefined]);
  return jsonOf(response) as { ok: boolean; result?: Record<string, unknown>; error?: Record<string, unknown> };
};
const book = { title: 'Bouvard', authorIds: ['gustave-flaubert'], price: '9.90' };

describe('level 0', () => {
  it('one endpoint, the name of an action, and its parameters', async () => {
    const { ok, result } = await call('/rest/l0', { action: 'GetBook', params: { id: 'madame-bovary' } });
    expect([ok, result]).toEqual([true, jsonOf(await shop.send('/rest/books/madame-bovary'))]);
  });

  it('query, header and body are parameters like any other', async () => {
    const own = open();
    const page = await call('/rest/l0', { action: 'ListBooks', params: { first: 1, title: 'a', ids: ['a', 'b'] } });
    expect(page.result).toMatchObject({ totalCount: 2 });
    const created = await call('/rest/l0', { action: 'CreateBook', params: { input: book } }, own);
    expect(created.result).toMatchObject({ id: 'bouvard', version: 1 });
    const params = { id: 'bouvard', patch: { year: 1881 }, 'If-Match': `"1.${'0'.repeat(24)}.json"` };
    const patched = await call('/rest/l0', { action: 'PatchBook', params }, own);
    expect(patched.result).toMatchObject({ year: 1881, version: 2 });
  });

  it.each([
    ['nothing is there', { action: 'GetBook', params: { id: 'nothing' } }, { code: 'NOT_FOUND', status: 404 }],
    ['a parameter is unknown', { action: 'ListBooks', params: { titel: 'x' } }, { code: 'UNKNOWN_PARAMETER' }],
    ['a parameter is missing', { action: 'GetBook' }, { detail: '"GetBook" needs "id"' }],
    ['the action is unknown', { action: 'GetBok' }, { detail: 'There is no action "GetBok"' }],
    ['there is no action', { params: {} }, { detail: 'Expected an object with the member "action"' }],
    [
      'a precondition is missing',
      { action: 'DeleteBook', params: { id: 'salammbo' } },
      { code: 'PRECONDITION_REQUIRED' },
    ],
  ])('is 200 even when %s', async (_, body, expected) => {
    const { ok, error } = await call('/rest/l0', body);
    expect(ok).toBe(false);
    expect(error).toMatchObject(expected);
  });
});

describe('level 1', () => {
  it('addresses, and an action in the body', async () => {
    const own = open();
    expect((await call('/rest/l1/books/salammbo', { action: 'get' })).result).toMatchObject({ title: 'Salammbô' });
    expect((await call('/rest/l1/books', { action: 'list', params: { first: 1 } })).result).toMatchObject({
      pageInfo: { hasNextPage: true },
    });
    expect((await call('/rest/l1/books', { action: 'create', params: { input: book } }, own)).ok).toBe(true);
    expect((await call('/rest/l1/orders/o1', { action: 'cancellation' }, own)).result).toMatchObject({
      status: 'CANCELLED',
    });
  });

  it('is 200 even when there is no such action or address', async () => {
    expect((await call('/rest/l1/books', { action: 'burn' })).error).toMatchObject({
      detail: 'There is no action "burn" here',
    });
    expect((await call('/rest/l1/nothing', { action: 'get' })).ok).toBe(false);
  });
});

describe('levels 0 and 1', () => {
  it('are off unless they are asked for', async () => {
    for (const url of ['/rest/l0', '/rest/l1/books']) {
      expect((await openShop().send(url, { method: 'POST', body: { action: 'get' } })).status).toBe(404);
    }
  });

  it('are served by POST alone', async () => {
    expect((await shop.send('/rest/l0')).status).toBe(404);
  });
});
