/**
 * Requests nobody would send, made from the paths of the OpenAPI documents: wild parameters, bodies and headers. Whatever
 * comes, the answer is never a 5xx, and every refusal is a problem document.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startTestShop, type ServiceName, type TestShop } from '../bookshop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop({ isCheckingAnswers: false });
});
afterAll(() => shop?.close());

interface Document {
  readonly paths: Record<string, Record<string, unknown>>;
}

const services = ['catalog', 'authors', 'reviews', 'inventory', 'orders'] as const;
const documents: readonly (readonly [string, Document])[] = [
  ['the facade', JSON.parse(readFileSync('schema/rest/openapi.json', 'utf8')) as Document],
  ...services.map(
    (name) => [name, parse(readFileSync(`schema/services/${name}.openapi.yaml`, 'utf8')) as Document] as const,
  ),
];

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e9',
    'null',
    'true',
    '%',
    '%00',
    '../..',
    "'; drop table books; --",
    '\u0000',
    '{}',
    'é'.repeat(300),
  ),
  fc.constantFrom('madame-bovary', 'gustave-flaubert', '2147483648', '9007199254740993', 'NaN'),
);
const oddBody = fc.oneof(
  fc.json().map((text) => ({ type: 'application/json', text })),
  fc.string({ maxLength: 60 }).map((text) => ({ type: 'application/json', text })),
  fc.constantFrom(
    { type: 'application/json', text: '{"__proto__":{"x":1},"constructor":1}' },
    { type: 'application/json', text: '['.repeat(2_000) },
    { type: 'application/json', text: '{"title":"\\u0000","lines":[{"bookId":"\\ud800","quantity":1e400}]}' },
    { type: 'application/merge-patch+json', text: '{"title":null,"price":{"amount":null}}' },
    { type: 'application/xml', text: '<a/>' },
    { type: 'a/b/c', text: 'x' },
  ),
);
const oddHeader = fc.dictionary(
  fc.constantFrom(
    'if-match',
    'if-none-match',
    'accept',
    'prefer',
    'idempotency-key',
    'x-reader',
    'accept-encoding',
    'range',
  ),
  fc.oneof(
    fc.string({ maxLength: 20 }).filter((text) => /^[\x20-\x7e]*$/.test(text)),
    fc.constantFrom('*', '"1"', 'W/"1"', '*/*;q=0', 'a/b'),
  ),
  { maxKeys: 3 },
);

const requestTo = (paths: readonly string[]) =>
  fc.record({
    method: fc.constantFrom(...methods),
    path: fc.constantFrom(...paths),
    values: fc.array(oddText, { minLength: 3, maxLength: 3 }),
    query: fc.array(
      fc.tuple(
        fc.constantFrom('first', 'after', 'ids', 'bookIds', 'year', 'sort', 'title', 'filter[year]', 'x'),
        oddText,
      ),
      { maxLength: 3 },
    ),
    headers: oddHeader,
    body: fc.option(oddBody, { nil: undefined }),
  });

describe.each(documents)('odd requests to %s', (name, { paths }) => {
  it('are never answered with a 5xx, and every refusal is a problem document', { timeout: 120_000 }, async () => {
    const origin = name === 'the facade' ? `${shop.url}/rest` : shop.serviceUrls[name as ServiceName];
    await fc.assert(
      fc.asyncProperty(requestTo(Object.keys(paths)), async ({ method, path, values, query, headers, body }) => {
        const filled = path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(wellFormed(values[0]!)));
        const search = query
          .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(wellFormed(value))}`)
          .join('&');
        const hasBody = body !== undefined && method !== 'GET' && method !== 'HEAD';
        const response = await fetch(`${origin}${filled}${search === '' ? '' : `?${search}`}`, {
          method,
          redirect: 'manual',
          headers: { ...headers, ...(hasBody ? { 'content-type': body.type } : {}) },
          ...(hasBody ? { body: body.text } : {}),
        });
        const text = await response.text();
        expect(response.status, text).toBeLessThan(500);
        if (response.status >= 400 && method !== 'HEAD') {
          expect(response.headers.get('content-type'), text).toMatch(/^application\/problem\+json/);
          expect(JSON.parse(text)).toMatchObject({ status: response.status });
        }
        if (response.status === 405) expect(response.headers.get('allow')).not.toBeNull();
        if (response.status === 201) expect(response.headers.get('location')).not.toBeNull();
      }),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 250) },
    );
  });
});

/** A lone surrogate cannot be percent-encoded. */
const wellFormed = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');
