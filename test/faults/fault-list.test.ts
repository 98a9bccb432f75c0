// docs/reference/faults.md says of each row when it is tested, and tests name their rows by the number they begin with.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readText, root } from '../repository/root.ts';

const page = readText('docs/reference/faults.md');
const rows = [...page.matchAll(/^\| F(\d+) .*\| (each run|each night|no broker) +\|$/gm)].map(([, number, when]) => ({
  number: Number(number),
  when: when!,
}));
const marked = (when: string) => rows.filter((row) => row.when === when).map(({ number }) => number);

/** The rows that tests of a folder are named after. */
function testedIn(folder: string): ReadonlySet<number> {
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith('.test.ts'));
  const titles = files.flatMap((file) => [...readText(`${folder}/${file}`).matchAll(/['"`]F(\d+)\b/g)]);
  return new Set(titles.map(([, number]) => Number(number)));
}

test('the list has every row from F1 to F58, in order', () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 58 }, (_, index) => index + 1));
});

test('every row has a test, but those about brokers, which nothing here uses', () => {
  expect(marked('no broker')).toEqual([43, 44, 45]);
});

test.each([
  ['each run', 'test/faults'],
  ['each night', 'test/nightly'],
])('every row marked "%s" has its test in %s', (when, folder) => {
  const tested = testedIn(folder);
  expect(marked(when).filter((number) => !tested.has(number))).toEqual([]);
});

test('every row that a test is named after is in the list, and no test in test/nightly is of a row of each run', () => {
  const all = new Set([...testedIn('test/faults'), ...testedIn('test/nightly')]);
  const known = new Set(rows.map(({ number }) => number));
  expect([...all].filter((number) => !known.has(number))).toEqual([]);
  const nightly = testedIn('test/nightly');
  expect(marked('each run').filter((number) => nightly.has(number))).toEqual([]);
});
