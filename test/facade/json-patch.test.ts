/** JSON Patch on items (facade.md 2.3; RFC 6902). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../gateway/facade/index.ts';
import { mergePatchOf } from '../../gateway/facade/routes/json-patch.ts';
import { jsonOf, openShop, upstreamError, type Shop } from './bookshop.ts';

const path = '/rest/books/madame-bovary';
const type = 'application/json-patch+json';
const tagOf = async (shop: Shop) => String((await shop.send(path)).headers['etag']);
const patch = async (shop: Shop, body: unknown, headers: Record<string, string> = {}) => {
  const tag = await tagOf(shop);
  shop.executed.length = 0;
  return shop.send(path, { method: 'PATCH', body, headers: { 'if-match': tag, 'content-type': type, ...headers } });
};
const names = (shop: Shop) => shop.executed.map(({ operationName }) => operationName);

describe('PATCH with a JSON Patch', () => {
  it('reads the item, sends what changes as a merge patch under the version read, and answers with the item', async () => {
    const shop = openShop();
    const answer = await patch(shop, [
      { op: 'test', path: '/title', value: 'Madame Bovary' },
      { op: 'replace', path: '/title', value: 'Emma' },
      { op: 'remove', path: '/genre' },
    ]);
    expect([answer.status, jsonOf(answer)['title'], jsonOf(answer)['genre']]).toEqual([200, 'Emma', null]);
    expect(names(shop)).toEqual(['GetBook', 'PatchBook']);
    expect(shop.executed[1]!.variables).toMatchObject({ id: 'madame-bovary', version: 3 });
    expect({ ...(shop.executed[1]!.variables['patch'] as object) }).toEqual({ title: 'Emma', genre: null });
    expect(answer.headers['etag']).toMatch(/^"4\./);
  });

  it.each<[string, unknown, number, string, string]>([
    ['no list', { op: 'add' }, 400, 'malformed-body', ''],
    ['an unknown operation', [{ op: 'merge', path: '/title', value: 1 }], 400, 'malformed-body', '/0'],
    ['an operation without a value', [{ op: 'add', path: '/title' }], 400, 'malformed-body', '/0'],
    ['a move without a place', [{ op: 'move', path: '/title' }], 400, 'malformed-body', '/0'],
    ['a path that is no pointer', [{ op: 'remove', path: 'title' }], 400, 'malformed-body', '/0'],
    ['a path with a broken escape', [{ op: 'remove', path: '/a~2' }], 400, 'malformed-body', '/0'],
    ['a path into the prototype', [{ op: 'add', path: '/__proto__/x', value: 1 }], 400, 'malformed-body', '/0'],
    [
      'a copy from the constructor',
      [{ op: 'copy', from: '/constructor', path: '/title' }],
      400,
      'malformed-body',
      '/0',
    ],
    ['a move below itself', [{ op: 'move', from: '/authors', path: '/authors/0' }], 400, 'malformed-body', '/0'],
    [
      'a test that fails',
      [
        { op: 'replace', path: '/title', value: 'x' },
        { op: 'test', path: '/year', value: 1 },
      ],
      409,
      'conflict',
      '/1',
    ],
    ['a place that is not there', [{ op: 'replace', path: '/nothing', value: 1 }], 409, 'conflict', '/0'],
    ['a member that cannot be changed', [{ op: 'replace', path: '/id', value: 'x' }], 422, 'validation', '/id'],
    ['a value of the wrong type', [{ op: 'replace', path: '/title', value: 5 }], 422, 'validation', '/title'],
  ])('refuses %s, and writes nothing', async (_, body, status, problem, pointer) => {
    const shop = openShop();
    const answer = await patch(shop, body);
    expect([answer.status, jsonOf(answer)['type']]).toEqual([status, `/rest/problems/${problem}`]);
    expect(jsonOf(answer)['errors']).toEqual(expect.arrayContaining([expect.objectContaining({ pointer })]));
    expect(names(shop)).not.toContain('PatchBook');
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('that is of no type but the whole document refuses anything but an object', async () => {
    const answer = await patch(openShop(), [{ op: 'replace', path: '', value: [] }]);
    expect(answer.status).toBe(422);
  });

  it.each([[[]], [[{ op: 'replace', path: '/title', value: 'Madame Bovary' }]]])(
    '%j changes nothing: 204',
    async (body) => {
      const shop = openShop();
      expect((await patch(shop, body)).status).toBe(204);
      expect(names(shop)).not.toContain('PatchBook');
    },
  );

  it('answers 412 for another state, 428 without one, 404 for what is not there', async () => {
    const shop = openShop();
    const body = [{ op: 'replace', path: '/title', value: 'Emma' }];
    const stale = { 'if-match': `"2.${'0'.repeat(24)}.json"`, 'content-type': type };
    expect((await shop.send(path, { method: 'PATCH', body, headers: stale })).status).toBe(412);
    expect((await shop.send(path, { method: 'PATCH', body, headers: { 'content-type': type } })).status).toBe(428);
    expect((await shop.send('/rest/books/nothing', { method: 'PATCH', body, headers: stale })).status).toBe(404);
    expect(names(shop)).not.toContain('PatchBook');
  });

  it('answers what the read answers when the item cannot be read', async () => {
    const shop = openShop();
    const tag = await tagOf(shop);
    shop.failures.set('Query.book', upstreamError({ code: 'CIRCUIT_OPEN', retryAfterMs: 1000 }));
    const body = [{ op: 'remove', path: '/genre' }];
    const answer = await shop.send(path, { method: 'PATCH', body, headers: { 'if-match': tag, 'content-type': type } });
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1']);
  });

  it('is listed beside the merge patch: Accept-Patch, 415, and the OpenAPI document', async () => {
    const shop = openShop();
    const both = 'application/merge-patch+json, application/json-patch+json';
    expect((await shop.send(path, { method: 'OPTIONS' })).headers['accept-patch']).toBe(both);
    const wrong = await patch(shop, {}, { 'content-type': 'application/json' });
    expect([wrong.status, wrong.headers['accept-patch']]).toEqual([415, both]);
    const paths = shop.facade.openapi['paths'] as Record<string, Record<string, { requestBody: { content: object } }>>;
    expect(Object.keys(paths['/books/{id}']!['patch']!.requestBody.content)).toEqual(both.split(', '));
  });
});

/** RFC 7396, as its section 2 writes it. */
function merge(target: Json, change: Json): Json {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) return change;
  const result: Record<string, Json> =
    typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete result[key];
    else result[key] = merge(result[key] ?? null, value);
  }
  return result;
}

describe('mergePatchOf', () => {
  it('says what makes one document the other', () => {
    const leaf = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.array(fc.integer(), { maxLength: 3 }));
    const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
      tree: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof({ depthSize: 'small' }, leaf, tie('tree')), {
        noNullPrototype: true,
      }),
    }));
    fc.assert(
      fc.property(tree, tree, (before, after) => {
        const change = mergePatchOf(before as Record<string, Json>, after as Record<string, Json>);
        expect(merge(before, change)).toEqual(after);
      }),
    );
  });
});
