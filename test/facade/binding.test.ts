/** Properties of binding (facade.md 2.3): what goes through a URL or a body arrives as it was, and no input is our fault. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openShop, type Shop } from './bookshop.ts';

/** Text with a UTF-8 form and without U+0000, which is refused. */
const text = fc
  .string({ unit: 'binary' })
  .filter((value) => !value.includes('\u0000') && !/\p{Surrogate}/u.test(value));
const int32 = fc.integer({ min: -2147483648, max: 2147483647 });
const shop: Shop = openShop();

const lastVariables = () => shop.executed.at(-1)?.variables;

describe('binding', () => {
  it('every text survives a query parameter', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (title) => {
        await shop.send(`/rest/books?${new URLSearchParams({ title }).toString()}`);
        expect(lastVariables()?.['title']).toBe(title);
      }),
    );
  });

  it('every id survives a path', async () => {
    await fc.assert(
      fc.asyncProperty(
        text.filter((id) => id !== ''),
        async (id) => {
          await shop.send(`/rest/books/${encodeURIComponent(id)}`);
          expect(lastVariables()?.['id']).toBe(id);
        },
      ),
    );
  });

  it('every integer, enum value and list of texts survives a query', async () => {
    const sorts = fc.constantFrom('TITLE_ASC', 'TITLE_DESC', 'YEAR_ASC', 'YEAR_DESC', 'PRICE_ASC', 'PRICE_DESC');
    const lists = fc.array(
      text.filter((one) => one !== ''),
      { minLength: 1 },
    );
    await fc.assert(
      fc.asyncProperty(int32, sorts, lists, async (year, sort, isbn) => {
        const list = isbn.map(encodeURIComponent).join(',');
        await shop.send(`/rest/books?year=${year}&sort=${sort}&isbn=${list}`);
        expect(lastVariables()).toMatchObject({ year, sort, isbn });
      }),
    );
  });

  it('every text survives a body', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.option(text), async (title, genre) => {
        const body = { title, genre, authorIds: [], price: '1' };
        await shop.send('/rest/books', { method: 'POST', body });
        expect(lastVariables()?.['input']).toEqual(body);
      }),
    );
  });

  it('no request is answered with a 5xx while the services are well', async () => {
    const anything = fc.string({ unit: 'binary' });
    const path = fc.oneof(
      fc.constantFrom(
        '/rest/books',
        '/rest/books/x',
        '/rest/v2/books',
        '/rest/orders',
        '/rest/orders/o1/cancellation',
        '/rest/reviews/r1',
        '/rest/problems/x',
        '/rest',
      ),
      anything.map((one) => `/rest/${one}`),
      anything.map((one) => `/rest/books/${one}/reviews`),
    );
    const query = fc.oneof(
      fc.constant(''),
      anything,
      fc.constantFrom('first=1', 'year=1e3', 'after=%zz', 'isbn=,', 'first=99999999999', 'a[b]=c'),
    );
    const headers = fc.dictionary(
      fc.constantFrom(
        'accept',
        'content-type',
        'content-encoding',
        'if-match',
        'if-none-match',
        'prefer',
        'idempotency-key',
        'x-reader',
        'range',
      ),
      fc.oneof(
        anything,
        fc.constantFrom(
          'application/json',
          'application/merge-patch+json',
          'application/hal+json',
          '*',
          '"1.2.3"',
          'handling=lenient',
        ),
      ),
    );
    const body = fc.option(
      fc.oneof(
        fc.uint8Array(),
        fc.jsonValue().map((value) => new TextEncoder().encode(JSON.stringify(value))),
      ),
      { nil: undefined },
    );
    const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'FOO');
    await fc.assert(
      fc.asyncProperty(method, path, query, headers, body, async (verb, url, search, fields, bytes) => {
        const response = await shop.facade.handle({
          method: verb,
          path: url,
          query: search,
          headers: fields,
          body: bytes,
          requestId: 'fuzz',
          origin: 'http://127.0.0.1:4000',
          signal: new AbortController().signal,
          deadlineAt: Number.POSITIVE_INFINITY,
        });
        expect(response.status, JSON.stringify([response.body])).toBeLessThan(500);
        if (response.status < 400) return;
        expect(response.headers['content-type']).toBe('application/problem+json');
        if (response.status === 405) expect(response.headers['allow']).toBeTypeOf('string');
      }),
      { numRuns: 1500 },
    );
  });
});
