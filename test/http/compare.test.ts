/** The live comparison: what it measures, and what it refuses. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../gateway/compare/report.ts';
import { startTestShop, type TestShop } from '../bookshop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop?.close());

const json = { 'content-type': 'application/json' };
const run = (body: unknown, headers: Record<string, string> = json) =>
  fetch(`${shop.url}/compare/run`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

test('GET /compare is a page, and GET /compare/cases names what only reads', async () => {
  const page = await fetch(`${shop.url}/compare`);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  const answer = (await (await fetch(`${shop.url}/compare/cases`)).json()) as { cases: { name: string }[] };
  expect(answer.cases.map(({ name }) => name)).toContain('one book');
  expect(answer.cases.map(({ name }) => name)).not.toContain('two edits of one book at once');
});

test('a case is measured in every column, with the calls that each request made', async () => {
  const response = await run({ case: 'one book', runs: 1 });
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
  const report = (await response.json()) as Report;
  const cells = Object.values(report.cases[0]!.cells);
  expect(cells.map(({ kind }) => kind)).toEqual(Array.from({ length: 6 }, () => 'measured'));
  const { POST } = report.cases[0]!.cells;
  expect(POST).toMatchObject({ first: { rounds: 1, upstreamCalls: 1 }, overFetch: 0 });
});

test('another need shows what the steps of the case lack', async () => {
  const need = 'query ($id: ID!) { book(id: $id) { title authors { birthYear } } }';
  const report = (await (await run({ case: 'one book', need, runs: 1 })).json()) as Report;
  expect(report.cases[0]!.cells.L2).toMatchObject({ missing: ['birthYear'] });
  expect(report.cases[0]!.cells.POST).toMatchObject({ missing: [] });
});

describe('refused', () => {
  test.each<[string, unknown, Record<string, string>, number, string]>([
    ['a body of another type', '{}', { 'content-type': 'text/plain' }, 415, 'Send JSON'],
    ['a body that is no JSON', '{', json, 400, 'not JSON'],
    ['an unknown case', { case: 'nothing' }, json, 422, 'no such case'],
    ['a case that writes', { case: 'two edits of one book at once' }, json, 422, 'no such case'],
    ['a need that does not parse', { case: 'one book', need: '{' }, json, 422, 'Syntax Error'],
    [
      'a need that writes',
      { case: 'one book', need: 'mutation { deleteBook(id: "1") }' },
      json,
      422,
      'Expected a query',
    ],
    ['a need the graph does not know', { case: 'one book', need: '{ nothing }' }, json, 422, 'cannot be answered'],
    ['too many runs', { case: 'one book', runs: 1000 }, json, 422, 'runs'],
    ['an unknown member', { case: 'one book', rnus: 1 }, json, 422, 'rnus'],
  ])('%s', async (_name, body, headers, status, detail) => {
    const response = await run(body, headers);
    const problem = (await response.json()) as { detail: string };
    expect([response.status, response.headers.get('content-type')]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ]);
    expect(problem.detail).toContain(detail);
  });

  test('another method, with Allow', async () => {
    const response = await fetch(`${shop.url}/compare/run`);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('a second run while one is under way, with Retry-After', async () => {
    const both = await Promise.all([run({ case: 'one book', runs: 5 }), run({ case: 'one book', runs: 5 })]);
    const statuses = both.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).toEqual([200, 503]);
    expect(both.find(({ status }) => status === 503)!.headers.get('retry-after')).toBe('5');
  });
});
