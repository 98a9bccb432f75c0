/**
 * Requests made from the OpenAPI document and then spoilt (facade.md 11, suite M): whatever comes, twelve things hold. In
 * this process over rows in memory, so that thousands fit; the seed is printed when one does not hold, `FUZZ_SEED` repeats it.
 */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { FacadeRequest, FacadeResponse, Json } from '../../gateway/facade/index.ts';
import { problemTypes } from '../../gateway/facade/response/problem-types.ts';
import { documents, oldDocuments, openShop, toRequest } from './bookshop.ts';
import { createResponseCheck } from './openapi/response-check.ts';

type Node = { readonly [name: string]: Json };

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 5_000);
const SEED = process.env['FUZZ_SEED'] === undefined ? undefined : Number(process.env['FUZZ_SEED']);

const shop = openShop({ documents: [...documents, ...oldDocuments] });
const { facade } = shop;

/** Every request meets the same rows, so that a counterexample stands alone. */
const tables = [shop.books, shop.reviews, shop.orders];
const original = tables.map((table) => structuredClone(table));
const restoreRows = (): void => {
  for (const [i, table] of tables.entries()) {
    table.clear();
    for (const [id, row] of original[i]!) table.set(id, structuredClone(row));
  }
};

const descriptions = ['v1', 'v2'].map((version) => {
  const document = facade.describe(version)!;
  return { prefix: `/rest/${version}`, document, check: createResponseCheck(document) };
});

interface Operation {
  readonly prefix: string;
  readonly path: string;
  readonly method: string;
  readonly node: Node;
  readonly document: Node;
}

const operations: readonly Operation[] = descriptions.flatMap(({ prefix, document }) =>
  Object.entries(document['paths'] as { [path: string]: { [method: string]: Node } }).flatMap(([path, item]) =>
    Object.entries(item).map(([method, node]) => ({ prefix, path, method: method.toUpperCase(), node, document })),
  ),
);

const follow = (document: Node, node: Node): Node => {
  if (typeof node['$ref'] !== 'string') return node;
  return node['$ref']
    .slice(2)
    .split('/')
    .reduce<Node>((at, key) => at[key] as Node, document);
};

const ids = fc.constantFrom('madame-bovary', 'gustave-flaubert', 'r1', 'o1', 'nothing');
const oddText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e9',
    'null',
    'true',
    '%',
    '..',
    "'; drop table books; --",
    '\u0000',
    'é'.repeat(300),
  ),
  fc.constantFrom('2147483648', '9007199254740993', 'NaN', '[]', '{}', 'a,b,,c', '*', '"1"', 'W/"1"'),
);

/** Values a schema allows, mostly. */
function valueOf(document: Node, schema: Node, depth = 0): fc.Arbitrary<Json> {
  const node = follow(document, schema);
  const [type] = [node['type']].flat();
  if (Array.isArray(node['enum'])) return fc.constantFrom(...node['enum']);
  if (Array.isArray(node['anyOf']) && depth < 5) {
    return fc.oneof(...node['anyOf'].map((one) => valueOf(document, one as Node, depth + 1)));
  }
  switch (type) {
    case 'integer':
      return fc.integer({ min: -3, max: 3_000 });
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(valueOf(document, node['items'] as Node, depth + 1), { maxLength: 3 });
    case 'object': {
      const properties = Object.entries((node['properties'] ?? {}) as { [name: string]: Node });
      const members = properties.map(([name, one]) => [name, valueOf(document, one, depth + 1)] as const);
      return fc.record(Object.fromEntries(members), { requiredKeys: (node['required'] ?? []) as string[] });
    }
    case 'null':
      return fc.constant(null);
    default:
      return typeof node['pattern'] === 'string'
        ? fc.constantFrom('12.90', '-0', 'x', '2026-01-01')
        : fc.oneof(ids, oddText);
  }
}

const printValue = (value: Json): string =>
  Array.isArray(value)
    ? value.map(printValue).join(',')
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);

interface Sent {
  readonly operation: Operation;
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
}

/** How a sound request is spoilt; most spoil nothing but the values. */
const spoilings = ['none', 'method', 'path', 'query', 'body', 'bytes', 'media', 'accept', 'header', 'drop'] as const;
const oddBody = fc.oneof(
  fc.json(),
  fc.constantFrom(
    '',
    '{',
    '{"a":1,"a":2}',
    '['.repeat(2_000),
    '{"__proto__":{"x":1}}',
    '"\\ud800"',
    '{"title":1e400}',
    '\ufeff{}',
  ),
);
const oddAccept = fc.constantFrom('text/html', '*/*;q=0', 'application/hal+json', 'a/b', ';;', 'application/*;q=0.1');
const oddHeaders = fc.dictionary(
  fc.constantFrom(
    'if-match',
    'if-none-match',
    'prefer',
    'idempotency-key',
    'x-reader',
    'range',
    'expect',
    'content-encoding',
  ),
  fc.constantFrom(
    '*',
    '"1"',
    '"3.x"',
    'W/"1"',
    'return=minimal',
    'handling=lenient',
    'gzip',
    'bytes=0-1',
    '100-continue',
    '',
  ),
  { maxKeys: 3 },
);

function requestFor(operation: Operation): fc.Arbitrary<Sent> {
  const { document, node, prefix, path } = operation;
  const parameters = ((node['parameters'] ?? []) as Node[]).map((one) => follow(document, one));
  const content = (node['requestBody'] as { content?: { [media: string]: Node } } | undefined)?.content;
  const [first] = Object.entries(content ?? {});
  const [media, schema] = [first?.[0], first?.[1]['schema']];
  const values = fc.tuple(
    ...parameters.map((one) =>
      fc.option(valueOf(document, one['schema'] as Node), { nil: undefined, freq: one['required'] === true ? 20 : 1 }),
    ),
  );
  const body = schema === undefined ? fc.constant(undefined) : valueOf(document, schema as Node);
  return fc
    .record({
      values,
      body,
      id: ids,
      spoiling: fc.constantFrom(...spoilings),
      method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'),
      odd: oddText,
      oddBody,
      oddAccept,
      oddHeaders,
    })
    .map((drawn): Sent => {
      const { spoiling } = drawn;
      const given = parameters.flatMap((one, i) => {
        const value = drawn.values[i];
        return value === undefined || value === null ? [] : [[one, printValue(value)] as const];
      });
      const filled = path.replaceAll(/\{(\w+)\}/g, () =>
        encodeURIComponent(spoiling === 'path' ? drawn.odd : drawn.id),
      );
      const query = given
        .filter(([one]) => one['in'] === 'query')
        .map(([one, value]) => `${encodeURIComponent(one['name'] as string)}=${encodeURIComponent(value)}`);
      if (spoiling === 'query') query.push(`${encodeURIComponent(drawn.odd)}=${encodeURIComponent(drawn.odd)}`);
      const headers: Record<string, string> = {};
      for (const [one, value] of given)
        if (one['in'] === 'header') headers[(one['name'] as string).toLowerCase()] = value;
      if (spoiling === 'header') Object.assign(headers, drawn.oddHeaders);
      if (spoiling === 'accept') headers['accept'] = drawn.oddAccept;
      const isSpoilt = spoiling === 'body' || spoiling === 'bytes';
      const text = isSpoilt ? drawn.oddBody : drawn.body === undefined ? undefined : JSON.stringify(drawn.body);
      const hasBody = text !== undefined && spoiling !== 'drop';
      if (hasBody) headers['content-type'] = spoiling === 'media' ? 'application/xml' : (media ?? 'application/json');
      return {
        operation,
        method: spoiling === 'method' ? drawn.method : operation.method,
        url: `${prefix}${filled}${query.length > 0 ? `?${query.join('&')}` : ''}`,
        headers,
        body: hasBody ? text : undefined,
      };
    });
}

const toFacade = ({ method, url, headers, body }: Sent): FacadeRequest =>
  toRequest(url, { method, headers, ...(body === undefined ? {} : { body: Buffer.from(body, 'utf8') }) });

interface Exchange {
  readonly sent: Sent;
  readonly answer: FacadeResponse;
  readonly json: Record<string, Json> | undefined;
}

const outcomes = ['duplicate-isbn', 'out-of-stock', 'unknown-book', 'authorization-refused', 'not-cancellable'];
const isKnownType = (type: Json | undefined): boolean => {
  const name = (type as string).replace('/rest/problems/', '');
  return (
    name in problemTypes ||
    outcomes.includes(name) ||
    Object.values(problemTypes).some((one) => 'uri' in one && one.uri === type)
  );
};

/** What holds for every exchange; each gives what it saw and what it wants to see. */
const invariants: Readonly<Record<string, (exchange: Exchange) => readonly [unknown, unknown] | undefined>> = {
  'no fault of ours': ({ answer }) => [answer.status < 500 || answer.status === 501, true],
  'a refusal is a problem document': ({ answer, sent }) =>
    answer.status >= 400 && sent.method !== 'HEAD'
      ? [answer.headers['content-type'], 'application/problem+json']
      : undefined,
  'a problem has a known type': ({ answer, json }) =>
    answer.status >= 400 && json ? [isKnownType(json['type']), true] : undefined,
  'a problem says its own status': ({ answer, json }) =>
    answer.status >= 400 && json ? [json['status'], answer.status] : undefined,
  'an error is not kept': ({ answer }) =>
    answer.status >= 400 ? [answer.headers['cache-control'], 'no-store'] : undefined,
  '405 says what is allowed': ({ answer }) =>
    answer.status === 405 ? [answer.headers['allow'] !== undefined, true] : undefined,
  '401 says how': ({ answer }) =>
    answer.status === 401 ? [answer.headers['www-authenticate'] !== undefined, true] : undefined,
  '201 says where': ({ answer }) =>
    answer.status === 201 ? [answer.headers['location'] !== undefined, true] : undefined,
  '429 and 503 say when': ({ answer }) =>
    answer.status === 429 || answer.status === 503 ? [answer.headers['retry-after'] !== undefined, true] : undefined,
  '204, 304 and HEAD have no body': ({ answer, sent }) =>
    answer.status === 204 || answer.status === 304 || sent.method === 'HEAD' ? [answer.body, undefined] : undefined,
  'a body is JSON and tells nothing of the inside': ({ answer, json }) =>
    answer.body === undefined
      ? undefined
      : [json !== undefined && !/\bat \S+ \(|node_modules/.test(String(answer.body)), true],
  'the document describes the answer': ({ sent, answer }) => {
    const { check, prefix } = descriptions.find((one) => one.prefix === sent.operation.prefix)!;
    const { status, headers, body } = answer;
    const url = sent.url.slice(prefix.length);
    return [
      check({ method: sent.method, url, status, headers, body: body === undefined ? undefined : String(body) }),
      [],
    ];
  },
};

const seen = new Map<number, number>();

describe('requests spoilt at random', () => {
  it(`hold ${Object.keys(invariants).length} invariants in ${RUNS} requests`, { timeout: 240_000 }, async () => {
    const request = fc.constantFrom(...operations).chain(requestFor);
    await fc.assert(
      fc.asyncProperty(request, async (sent) => {
        restoreRows();
        const answer = await facade.handle(toFacade(sent));
        seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
        const json = answer.body === undefined ? undefined : (JSON.parse(String(answer.body)) as Record<string, Json>);
        for (const [name, hold] of Object.entries(invariants)) {
          const [is, wanted] = hold({ sent, answer, json }) ?? [];
          expect(
            is,
            `${name}: ${sent.method} ${sent.url} ${sent.body} gives ${answer.status} ${String(answer.body)}`,
          ).toEqual(wanted);
        }
      }),
      { numRuns: RUNS, ...(SEED === undefined ? {} : { seed: SEED }) },
    );
  });

  it('HEAD has the headers of GET, for every route that is read', async () => {
    restoreRows();
    for (const { prefix, path } of operations.filter(({ method }) => method === 'GET')) {
      const url =
        prefix +
        path.replace(
          /^(\/\w+\/)\{\w+\}/,
          (_, start: string) =>
            start +
            ({ '/books/': 'madame-bovary', '/authors/': 'gustave-flaubert', '/reviews/': 'r1', '/orders/': 'o1' }[
              start
            ] ?? 'x'),
        ) +
        (path === '/orders' ? '?customer=emma' : '');
      const [get, head] = [await shop.send(url), await shop.send(url, { method: 'HEAD' })];
      const { 'content-length': length, ...rest } = head.headers;
      expect([head.status, rest], url).toEqual([get.status, get.headers]);
      expect(length, url).toBe(String(Buffer.byteLength(get.body ?? '')));
    }
  });
});

describe('the requests', () => {
  afterAll(() => seen.clear());

  it('reach the good statuses and the bad ones, so that the invariants were put to the test', () => {
    expect([...seen.keys()]).toEqual(expect.arrayContaining([200, 201, 400, 404, 405, 406, 412, 415, 422, 428]));
  });
});
