// Whatever a service answers, through the real client: an error names the connector and the place, nothing of the body is in
// it, nothing crashes, and no prototype is touched (connectors.md 4, 10; strict mode "all", so that nothing is silent).
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createUpstream } from '../../../gateway/upstream/index.ts';
import { head, loadSubgraph, RestServer, type Answer } from '../harness.ts';

const upstream = createUpstream({ settings: { retry: { retries: 0 }, breaker: { enabled: false } } });
afterAll(() => upstream.close());

let server: RestServer;
afterEach(() => server.stop());

/** Stands in every body; must not be in any answer to a client. */
const secret = 'sesame';

const sdl = `${head()}
  type Query { thing: Thing @connect(source: "a", http: { GET: "/thing" },
    selection: "id list { x } part { deep: a.a.a.a.a.a x } names: tags->joinNotNull(',') size: number->add(1)") }
  type Thing { id: ID list: [Part] part: Part names: String size: Int }
  type Part { x: Int deep: String }`;

const everything = '{ thing { id list { x } part { x deep } names size } }';
const nest = (open: string, close: string, depth: number): string =>
  open.repeat(depth) + `"${secret}"` + close.repeat(depth);
const sound = {
  id: 1,
  list: [{ x: 1 }],
  part: { x: 1, a: { a: { a: { a: { a: { a: 'd' } } } } } },
  tags: ['t'],
  number: 1,
};

const unreadable: readonly [string, Answer, string][] = [
  ['HTML', { body: `<html>${secret}</html>`, headers: { 'content-type': 'text/html' } }, 'UPSTREAM_INVALID_RESPONSE'],
  ['HTML that says it is JSON', { body: `<html>${secret}</html>` }, 'UPSTREAM_INVALID_RESPONSE'],
  ['cut off in the middle', { body: `{"id":"${secret}`, isTruncated: true }, 'UPSTREAM_TRUNCATED'],
  ['JSON that ends too early', { body: `{"id":"${secret}"` }, 'UPSTREAM_INVALID_RESPONSE'],
  ['JSON with something behind it', { body: `{"id":1} ${secret}` }, 'UPSTREAM_INVALID_RESPONSE'],
  [
    'bytes that are no UTF-8',
    { body: `{"id":"${secret}"}`, headers: { 'content-type': 'application/json; charset=nope' } },
    'UPSTREAM_INVALID_RESPONSE',
  ],
  ['binary', { body: secret, headers: { 'content-type': 'application/octet-stream' } }, 'UPSTREAM_INVALID_RESPONSE'],
  [
    'XML that does not close',
    { body: `<a><b>${secret}</a>`, headers: { 'content-type': 'application/xml' } },
    'UPSTREAM_INVALID_RESPONSE',
  ],
  [
    'XML with a DOCTYPE',
    { body: `<!DOCTYPE a [<!ENTITY e "${secret}">]><a>&e;</a>`, headers: { 'content-type': 'application/xml' } },
    'UPSTREAM_INVALID_RESPONSE',
  ],
  ['a failure', { status: 500, body: { message: secret } }, 'CONNECTOR_FETCH'],
  ['10,000 levels deep', { body: `{"part":${nest('{"x":', '}', 10_000)}}` }, 'UPSTREAM_INVALID_RESPONSE'],
  ['10,000 lists deep', { body: nest('[', ']', 10_000) }, 'UPSTREAM_INVALID_RESPONSE'],
];

/** Read as far as they fit; the place of the first problem. */
const misfit: readonly [string, unknown, RegExp][] = [
  ['a text', JSON.stringify(secret), /string/],
  ['a number', '7', /number/],
  ['a list of lists', `[[["${secret}"]]]`, /string/],
  ['of wrong types', { ...sound, tags: [{ secret }], number: secret }, /joinNotNull|add/],
  ['without a field', { ...sound, part: { x: 1 }, secret }, /Property \.a/],
  ['with a text where an object belongs', { ...sound, part: secret }, /Property \.(a|x)/],
  ['with null where a list of objects belongs', { ...sound, list: [null, { x: 1 }, secret] }, /Property \.x/],
  ['100 levels deep', `{"part":${nest('{"x":', '}', 100)}}`, /Property/],
  ['100 lists deep', nest('[', ']', 100), /string/],
  [
    'full of __proto__',
    `{"__proto__":{"id":"${secret}","polluted":true},"constructor":{"prototype":{"polluted":true}},"part":{"__proto__":{"x":7,"polluted":true}}}`,
    /Property \.id/,
  ],
];

async function ask(answer: Answer) {
  server = await RestServer.start(() => answer);
  const shop = loadSubgraph(sdl, server.origin, { strict: 'all' }, upstream.call);
  const result = await shop.query(everything);
  // Only what was asked for may hold what the service sent
  expect(JSON.stringify(result.errors)).not.toContain(secret);
  expect(JSON.stringify(result.errors)).not.toContain('127.0.0.1');
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect(result.errors?.length).toBeGreaterThan(0);
  for (const { extensions } of result.errors!) {
    expect(extensions).toMatchObject({ service: 'shop', connector: { coordinate: 'shop:Query.thing[0]' } });
    expect(extensions!['code']).not.toBe('INTERNAL_SERVER_ERROR');
  }
  return result;
}

describe('an answer that cannot be read', () => {
  test.each(unreadable)('(%s) is one error at the field', async (_name, answer, code) => {
    const { data, errors } = await ask(answer);
    expect(data).toEqual({ thing: null });
    expect(errors).toMatchObject([{ path: ['thing'], extensions: { code } }]);
  });
});

describe('an answer that does not fit', () => {
  test.each(misfit)('(%s) is an error with its place in the file', async (_name, body, message) => {
    const { errors } = await ask({ body });
    for (const { extensions } of errors!) {
      expect(extensions).toMatchObject({
        code: 'CONNECTOR_MAPPING_PROBLEM',
        problem: { location: 'Selection', at: expect.stringMatching(/^shop\.graphql:\d+:\d+$/) as string },
      });
    }
    expect(errors!.map((error) => error.message).join('\n')).toMatch(message);
  });

  test.each([
    ['nothing', undefined],
    ['null', 'null'],
  ])('(%s) is null and no error', async (_name, body) => {
    server = await RestServer.start(() => ({ body }));
    const shop = loadSubgraph(sdl, server.origin, { strict: 'all' }, upstream.call);
    expect(await shop.query(everything)).toEqual({ data: { thing: null } });
  });

  test('keeps what fits', async () => {
    const { data } = await ask({ body: { ...sound, number: 'x' } });
    expect(data).toEqual({
      thing: { id: '1', list: [{ x: 1 }], part: { x: 1, deep: 'd' }, names: 't', size: null },
    });
  });

  test('has no field of a prototype, whatever its name', async () => {
    server = await RestServer.start(() => ({ body: '{"__proto__":{"id":1},"part":{}}' }));
    const names = sdl.replace('"id list', '"id: toString list').replace('part {', 'part: constructor {');
    const { data } = await loadSubgraph(names, server.origin, {}, upstream.call).query('{ thing { id part { x } } }');
    expect(data).toEqual({ thing: { id: null, part: null } });
  });
});
