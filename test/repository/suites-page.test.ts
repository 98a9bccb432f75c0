/** test/facade/suites.md says which tests keep which promise of the REST side: its files are there, and name the rows they show. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readText, root } from './root.ts';

const page = readText('test/facade/suites.md');
const cells = (line: string): string[] => line.split('|').map((cell) => cell.trim());
const filesIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+\.ts)`/g)].map(([, file]) => file!);

const suites = [...page.matchAll(/^\| [A-M] .*$/gm)].map(([line]) => {
  const [, name = '', , checks, files = ''] = cells(line);
  return { name, checks: Number(checks), files: filesIn(files) };
});

/** `S1-S3` as its rows. */
function expand(part: string): string[] {
  const [, letter = '', from = '', to] = /^([PSEM])(\d+)(?:-[PSEM](\d+))?$/.exec(part)!;
  const [first, last] = [Number(from), Number(to ?? from)];
  return Array.from({ length: last - first + 1 }, (_, i) => `${letter}${first + i}`);
}

const shown = [...page.matchAll(/^\| [PSEM]\d.*$/gm)].flatMap(([line]) => {
  const [, rows = '', files = ''] = cells(line);
  return rows
    .split(', ')
    .flatMap(expand)
    .map((row) => ({ row, files: filesIn(files) }));
});

describe('suites', () => {
  test('are A to M, with more checks than were asked for', () => {
    expect(suites.map(({ name }) => name).join('')).toBe('ABCDEFGHIJKLM');
    expect(suites.reduce((sum, { checks }) => sum + checks, 0)).toBeGreaterThan(730);
  });

  test.each(suites)('$name has files that are there', ({ files }) => {
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    expect(files.length).toBeGreaterThan(0);
  });

  test('have every test of the facade', () => {
    const listed = new Set(suites.flatMap(({ files }) => files));
    const all = readdirSync(join(root, 'test/facade'), { recursive: true, encoding: 'utf8' });
    const tests = all.filter((file) => file.endsWith('.test.ts')).map((file) => `test/facade/${file}`);
    expect(tests.filter((file) => !listed.has(file))).toEqual([]);
  });

  test.each([
    ['D', 'test/facade/routes/cases'],
    ['E', 'test/facade/import/cases'],
  ])('%s has as many documents as its pages of cases', (name, folder) => {
    const documents = readdirSync(join(root, folder)).flatMap(
      (file) => readText(join(folder, file)).match(/^## /gm) ?? [],
    );
    expect(page.split('\n').find((line) => line.startsWith(`| ${name} `))).toMatch(
      new RegExp(`: ${documents.length}\\b`),
    );
  });
});

describe('rows of the decision table', () => {
  const rows = [...readText('docs/reference/decision-table.md').matchAll(/^\| ([PSEM]\d+) /gm)].map(([, row]) => row!);

  test('are shown by a test each, but for two that are others', () => {
    const listed = new Set(shown.map(({ row }) => row));
    expect(rows.filter((row) => !listed.has(row))).toEqual(['P5', 'P6']);
    expect(listed.size).toBe(shown.length);
  });

  test.each(shown)('$row is named in the tests that show it', ({ row, files }) => {
    for (const file of files) expect([file, new RegExp(`\\b${row}\\b`).test(readText(file))]).toEqual([file, true]);
  });
});
