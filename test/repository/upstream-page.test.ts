/** docs/reference/upstream.md names every option of `upstream` with its true default, and no other. */
import { expect, test } from 'vitest';
import { readText } from './root.ts';

/** First and nth column of the tables, where the first is code. */
function readRows(file: string, column: number): Map<string, string> {
  const rows = readText(file)
    .split('\n')
    .flatMap((line) => {
      const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
      return /^`.*`$/.test(cells[1] ?? '') ? [[cells[1]!.slice(1, -1), cells[column]!] as const] : [];
    });
  return new Map(rows);
}

test('every option, with its default', () => {
  const options = [...readRows('docs/reference/settings.md', 3)]
    .filter(([name, byDefault]) => name.startsWith('upstream.') && byDefault !== '')
    .map(([name, byDefault]) => [name.slice('upstream.'.length), byDefault] as const)
    // Sources of addresses have a page of their own.
    .filter(([name]) => !name.startsWith('discovery.'));
  expect(options.length).toBeGreaterThan(50);
  expect(Object.fromEntries(readRows('docs/reference/upstream.md', 2))).toEqual(Object.fromEntries(options));
});
