/** docs/reference/decision-table.md says what `decide` decides: every row, every status, every problem. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findProblemType } from '../../../gateway/facade/response/problem-types.ts';
import { readText, root } from '../../repository/root.ts';
import { answerOf, rows } from './decision-rows.ts';

interface PageRow {
  readonly id: string;
  readonly statuses: readonly number[];
  readonly problems: readonly string[];
}

const pageRows: readonly PageRow[] = [
  ...readText('docs/reference/decision-table.md').matchAll(/^\| ([PSEM]\d+) +\| [^|]+ \| ([^|]+) \|/gm),
].map(([, id = '', answer = '']) => ({
  id,
  statuses: [...answer.matchAll(/\b\d{3}\b/g)].map(Number),
  problems: [...answer.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name!),
}));

const upTo = (letter: string, last: number): string[] => Array.from({ length: last }, (_, i) => `${letter}${i + 1}`);

/** What `decide` answers to the situations of a row. */
function decidedFor(id: string) {
  const answers = rows.filter(({ row }) => row.split(' ')[0] === id).map(answerOf);
  return {
    statuses: new Set(answers.map(({ status }) => status)),
    types: new Set(
      answers.flatMap(({ status, body }) =>
        status < 400 ? [] : [(JSON.parse(String(body)) as { type: string }).type.replace(/^\/problems\//, '')],
      ),
    ),
  };
}

/** Rows that are refused before execution, with their problems, as the sources name them. */
const refusals = readdirSync(join(root, 'gateway/facade'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => [...readText(join('gateway/facade', file)).matchAll(/row: '(P\d+)',\s+problem: '([a-z-]+)'/g)])
  .map(([, row, problem]) => [row!, problem!] as const);

test('every row is there once, in order', () => {
  expect(pageRows.map(({ id }) => id)).toEqual([...upTo('P', 30), ...upTo('S', 16), 'M1', ...upTo('E', 24)]);
});

describe('after execution', () => {
  const decided = pageRows.filter(({ id }) => rows.some(({ row }) => row.split(' ')[0] === id));

  test('all rows but those about jobs, HEAD and clients that leave are decided here', () => {
    const others = pageRows.filter((row) => !row.id.startsWith('P') && !decided.includes(row)).map(({ id }) => id);
    expect(others).toEqual(['S12', 'S13', 'S16', 'E23']);
  });

  test.each(decided)('$id answers the statuses of the page, and no others', ({ id, statuses }) => {
    expect(decidedFor(id).statuses).toEqual(new Set(statuses));
  });

  test.each(decided.filter(({ problems }) => problems.length > 0))(
    '$id is the problem of the page',
    ({ id, problems }) => {
      expect([...decidedFor(id).types]).toEqual(expect.arrayContaining([...problems]));
    },
  );
});

describe('problems', () => {
  test.each(pageRows.filter(({ problems }) => problems.length > 0))(
    'of $id have a status of the row',
    ({ statuses, problems }) => {
      for (const name of problems)
        expect([name, statuses]).toEqual([name, expect.arrayContaining([findProblemType(name)?.status])]);
    },
  );

  test('that are refused before execution are on the page, at their row', () => {
    expect(refusals.length).toBeGreaterThan(20);
    const listed = new Map(pageRows.map(({ id, problems }) => [id, problems]));
    const missing = refusals.filter(([row, problem]) => !listed.get(row)!.includes(problem));
    expect(missing).toEqual([]);
  });
});
