/** The client of the comparison: templates, links, cache and measures. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createClientCache } from '../../gateway/compare/client-cache.ts';
import { couplingOf } from '../../gateway/compare/coupling.ts';
import { expandLink } from '../../gateway/compare/expand-link.ts';
import { compareLeaves } from '../../gateway/compare/leaves.ts';
import { percentilesOf } from '../../gateway/compare/percentile.ts';
import { fillText, fillValue, UseCaseError } from '../../gateway/compare/template.ts';

describe('texts of a use case', () => {
  const scope = { id: 'a b', book: { authors: [{ id: 'x' }], pages: 3 } };

  test.each([
    ['/books/{$.id}', '/books/a%20b'],
    ['/authors/{$.book.authors->first.id}', '/authors/x'],
    ['/books', '/books'],
  ])('%s becomes %s', (text, expected) => {
    expect(fillText(text, scope, encodeURIComponent)).toBe(expected);
  });

  test('a text that is one hole keeps the type of its value', () => {
    expect(fillValue({ first: '{$.book.pages}', text: 'has {$.book.pages}' }, scope)).toEqual({
      first: 3,
      text: 'has 3',
    });
  });

  test.each(['/books/{$.nothing}', '/books/{$.(}'])('%s cannot be filled, and says so', (text) => {
    expect(() => fillText(text, scope)).toThrow(UseCaseError);
  });
});

describe('templates of links', () => {
  test.each([
    ['/books{?title,first}', { title: 'a&b', first: 2 }, '/books?title=a%26b&first=2'],
    ['/books{?title,first}', {}, '/books'],
    ['/books?first=2{&after}', { after: 'x' }, '/books?first=2&after=x'],
    ['/books/{id}', { id: 'a/b' }, '/books/a%2Fb'],
    ['/books/{id}/reviews', { id: 'a', unknown: 1 }, '/books/a/reviews'],
  ])('%s with %o is %s', (template, params, expected) => {
    expect(expandLink(template, params)).toBe(expected);
  });
});

describe('the cache of the client', () => {
  const request = { method: 'GET', path: '/books/1', headers: { accept: 'application/json' } };
  const answer = (headers: Record<string, string>, status = 200) => ({ status, headers, body: '{}' });

  test('a fresh answer is used again until its time is over', () => {
    let now = 0;
    const cache = createClientCache(() => now);
    cache.keep(request, answer({ 'cache-control': 'max-age=10' }));
    now = 9_999;
    expect(cache.find(request).kind).toBe('fresh');
    now = 10_000;
    expect(cache.find(request).kind).toBe('none');
  });

  test('an answer with a tag is asked for with it', () => {
    const cache = createClientCache(() => 0);
    cache.keep(request, answer({ 'cache-control': 'no-cache', etag: '"1"' }));
    expect(cache.find(request)).toMatchObject({ kind: 'stale', headers: { 'if-none-match': '"1"' } });
  });

  test.each([
    ['no-store', answer({ 'cache-control': 'no-store', etag: '"1"' })],
    ['another status', answer({ 'cache-control': 'max-age=10', etag: '"1"' }, 404)],
  ])('%s is not kept', (_name, given) => {
    const cache = createClientCache(() => 0);
    cache.keep(request, given);
    expect(cache.find(request).kind).toBe('none');
  });

  test('another media type is another answer', () => {
    const cache = createClientCache(() => 0);
    cache.keep(request, answer({ 'cache-control': 'max-age=10' }));
    expect(cache.find({ ...request, headers: { accept: 'application/hal+json' } }).kind).toBe('none');
  });
});

describe('leaves', () => {
  test('what was asked for and nothing else is no over-fetch', () => {
    const data = { book: { title: 'Dune', tags: ['a', 'b'] } };
    expect(compareLeaves(data, [data])).toEqual({ missing: [], overFetch: 0 });
  });

  test('the share of bytes nobody needed is counted by name and value', () => {
    const { missing, overFetch } = compareLeaves({ book: { title: 'Dune' } }, [{ title: 'Dune', other: 'Dune' }]);
    expect(missing).toEqual([]);
    expect(overFetch).toBeCloseTo('"other":"Dune"'.length / ('"title":"Dune"'.length + '"other":"Dune"'.length));
  });

  test('a value that came once does not count for two that were needed', () => {
    expect(compareLeaves([{ rating: 5 }, { rating: 5 }], [{ rating: 5 }]).missing).toEqual(['rating']);
  });

  test('where each run has values of its own, names count', () => {
    expect(compareLeaves({ id: 'run-1' }, [{ id: 'run-2' }], false).missing).toEqual([]);
  });

  test('a property: a need is always met by its own answer', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { missing } = compareLeaves(value as never, [value as never]);
        expect(missing).toEqual([]);
      }),
    );
  });
});

test('a client has to know addresses, and names of actions, rels or fields', () => {
  expect(couplingOf('L0', [[{ action: 'GetBook' }, { action: 'GetBook' }]])).toEqual({
    addresses: ['/l0'],
    names: ['GetBook'],
  });
  expect(couplingOf('L2', [[{ get: '/books/{$.id}' }], [{ get: '/books/{$.item.id}?first=1' }]])).toEqual({
    addresses: ['/books/{}'],
    names: [],
  });
  expect(couplingOf('L3', [[{ follow: 'entry' }], [{ follow: 'item', named: 'book' }]])).toEqual({
    addresses: ['/'],
    names: ['item (book)'],
  });
  expect(couplingOf('POST', [[{ query: '{ book { title } author { name } }' }]])).toEqual({
    addresses: ['/graphql'],
    names: ['book', 'author'],
  });
});

test('percentiles are values that were measured', () => {
  expect(percentilesOf([4, 1, 3, 2])).toEqual({ p50: 2, p95: 4, p99: 4, runs: 4 });
  expect(percentilesOf([])).toEqual({ p50: 0, p95: 0, p99: 0, runs: 0 });
});
