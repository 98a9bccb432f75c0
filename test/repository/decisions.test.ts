/** A decision is one page of one shape: numbered, dated, with what it follows from and what follows from it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readText, root } from './root.ts';

const folder = 'docs/decisions';
const pages = readdirSync(join(root, folder))
  .filter((file) => file !== 'README.md')
  .toSorted();

test('decisions are numbered without a gap, and listed', () => {
  const numbers = pages.map((file) => Number(/^(\d{4})-[a-z0-9-]+\.md$/.exec(file)?.[1]));
  expect(numbers).toEqual(pages.map((_, index) => index + 1));
  const list = readText(`${folder}/README.md`);
  expect(pages.filter((file) => !list.includes(`(${file})`))).toEqual([]);
});

describe.each(pages)('%s', (file) => {
  const page = readText(`${folder}/${file}`);

  test('has a number, a status and a date', () => {
    expect(page).toMatch(new RegExp(`^# ${file.slice(0, 4)}: `));
    expect(page).toMatch(/^Status: (accepted|superseded by \d{4})\. Date: \d{4}-\d{2}-\d{2}\.$/m);
  });

  test('says context, decision and consequences', () => {
    const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(['Context', 'Decision', 'Consequences']);
  });
});
