/** The ten tasks and the six statuses on the bookshop: what is counted is exact, so it is written down here. */
import { loadSettings } from 'tributary-gateway';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { columns, type Column } from '../../gateway/compare/columns.ts';
import { printCsv } from '../../gateway/compare/print-csv.ts';
import { printTable } from '../../gateway/compare/print-table.ts';
import { renderPage } from '../../gateway/compare/render-page.ts';
import type { CaseResult, Cell, Report } from '../../gateway/compare/report.ts';
import { runComparison } from '../../gateway/compare/run-comparison.ts';
import { startMeasuredServer, type MeasuredServer } from '../../gateway/server/compare/measured-server.ts';
import { readUseCases } from '../../gateway/server/compare/read-use-cases.ts';
import { startTestShop, type TestShop } from '../bookshop.ts';

let shop: TestShop;
let gateway: MeasuredServer;
let report: Report;

beforeAll(async () => {
  shop = await startTestShop();
  const addresses = Object.entries(shop.serviceUrls).map(([name, url]) => [`${name.toUpperCase()}_URL`, url]);
  const env = { ...Object.fromEntries(addresses), TRIBUTARY_LOG__LEVEL: 'fatal' } as Record<string, string>;
  const { settings } = loadSettings({ file: 'tributary.yaml', env });
  gateway = await startMeasuredServer({ settings, env, cpuMs: () => undefined });
  let number = 0;
  report = await runComparison({
    ...{ gateway, cases: readUseCases(['schema/compare']), at: new Date(0), mode: 'warm' },
    ...{ runs: 1, delayedRuns: 1, roundTrips: [0] },
    nextNumber: () => ++number,
    now: () => performance.now(),
  });
}, 240_000);
afterAll(async () => {
  await gateway?.close();
  await shop?.close();
});

const caseOf = (name: string): CaseResult => report.cases.find((one) => one.name === name)!;
const cellOf = (one: CaseResult, column: Column): Cell => {
  const cell = one.cells[column];
  if (cell.kind === 'skipped') throw new Error(`${one.name}, ${column}: ${cell.reason}`);
  return cell;
};
const countsOf = (one: CaseResult) =>
  columns.map((column) => {
    const { first, statuses } = cellOf(one, column);
    return [first.rounds, first.requests, [...new Set(statuses)].sort((a, b) => a - b).join(' ')].join(' / ');
  });

describe('round trips / requests / statuses, over L0, L1, L2, L3, POST, GET', () => {
  const once = '1 / 1 / 200';
  test.each<[string, string[]]>([
    ['one book', [once, once, once, '2 / 2 / 200', once, once]],
    ['the first page of a list', [once, once, once, '2 / 2 / 200', once, once]],
    ['a book, its author and three reviews', ['2 / 2 / 200', '2 / 2 / 200', '2 / 2 / 200', '3 / 3 / 200', once, once]],
    [
      'the books of an author, with their stock',
      ['2 / 6 / 200', '2 / 6 / 200', '2 / 6 / 200', '4 / 11 / 200', once, once],
    ],
    ['a search with conditions', [once, once, once, '2 / 2 / 200', once, once]],
    [
      'an order with its lines and their books',
      ['3 / 4 / 200', '3 / 4 / 200', '3 / 4 / 200 201', '4 / 5 / 200 201', '2 / 2 / 200', '2 / 2 / 200'],
    ],
    [
      'create a book and read it back, with the first answer lost',
      ['3 / 3 / 200', '3 / 3 / 200', '3 / 3 / 200 201', '4 / 4 / 200 201', '3 / 3 / 200', '3 / 3 / 200'],
    ],
    [
      'two edits of one book at once',
      ['3 / 3 / 200', '3 / 3 / 200', '3 / 3 / 200 201 412', '4 / 4 / 200 201 412', '3 / 3 / 200', '3 / 3 / 200'],
    ],
    ['a book while the reviews service is broken', [once, once, once, '2 / 2 / 200', once, once]],
    ['asking again for what has not changed', [once, once, once, '2 / 2 / 200', once, once]],
  ])('%s', (name, expected) => {
    expect(countsOf(caseOf(name))).toEqual(expected);
  });
});

const isWhole = ({ right, fault }: CaseResult): boolean => right === undefined && fault === undefined;

test('every column of every task receives all that is needed, unless a service is broken', () => {
  const lacking = report.cases
    .filter(isWhole)
    .flatMap((one) => columns.map((column) => [one.name, column, cellOf(one, column).missing.join(' ')]))
    .filter(([, , missing]) => missing !== '');
  expect(lacking).toEqual([]);
});

test('GraphQL over-fetches nothing in what reads; level 3 most', () => {
  for (const one of report.cases.filter(isWhole)) {
    if (one.asks !== undefined) continue;
    expect([one.name, cellOf(one, 'POST').overFetch]).toEqual([one.name, 0]);
    expect(cellOf(one, 'L3').overFetch).toBeGreaterThanOrEqual(cellOf(one, 'L2').overFetch!);
  }
});

test('a repeat is not modified at levels 2 and 3, and whole at levels 0 and 1', () => {
  const one = caseOf('asking again for what has not changed');
  const costs = columns.map((column) => {
    const { repeat, first } = cellOf(one, column);
    return [column, repeat!.notModified + repeat!.fromCache > 0, repeat!.bytesDown < first.bytesDown];
  });
  expect(costs.slice(0, 4)).toEqual([
    ['L0', false, false],
    ['L1', false, false],
    ['L2', true, true],
    ['L3', true, true],
  ]);
});

test('a creation sent twice is done once where a key is known, and twice over GraphQL, which has none', () => {
  const one = caseOf('create a book and read it back, with the first answer lost');
  expect(columns.map((column) => cellOf(one, column).verified)).toEqual(['1', '1', '1', '1', '2', '2']);
});

test('the second of two edits loses, in every column', () => {
  const one = caseOf('two edits of one book at once');
  expect(columns.map((column) => cellOf(one, column).verified)).toEqual(columns.map(() => '"novel"'));
});

test('levels 2 and 3 tell an intermediary what happened; levels 0 and 1 never do; GraphQL only what is refused before', () => {
  const table = report.cases
    .filter(({ right }) => right !== undefined)
    .map((one) => [one.name, ...columns.map((column) => cellOf(one, column).isStatusRight)]);
  expect(table).toEqual([
    ['status of what is not there', false, false, true, true, false, false],
    ['status while the service drops connections', false, false, true, true, false, false],
    ['status while the service hangs', false, false, true, true, false, false],
    ['status while the circuit breaker is open', false, false, true, true, false, false],
    ["status while the service limits the gateway's rate", false, false, true, true, false, false],
    ['status of input that does not fit', false, false, true, true, true, true],
  ]);
});

test('what a run has made is gone afterwards', async () => {
  const { data } = await shop.graphql('{ books(filter: { title: "Compared" }) { totalCount } }');
  expect(data.books.totalCount).toBe(0);
});

test('addresses of services are in no form of the report', () => {
  const ports = Object.values(shop.serviceUrls).map((url) => new URL(url).port);
  for (const text of [JSON.stringify(report), printTable(report), printCsv(report), renderPage(report)]) {
    expect(ports.filter((port) => text.includes(`127.0.0.1:${port}`))).toEqual([]);
  }
});

test('the table has every case, the CSV a line for every cell, and the page runs no script', () => {
  const table = printTable(report);
  for (const { name } of report.cases) expect(table).toContain(name);
  expect(printCsv(report).trimEnd().split('\r\n')).toHaveLength(1 + report.cases.length * columns.length);
  const page = renderPage(report);
  expect(page).not.toMatch(/<script|https?:\/\/(?!127\.0\.0\.1)[^"<\s]*\.(js|css)/);
  expect(page.match(/<svg role="img"/g)).toHaveLength(report.cases.length * columns.length);
});
