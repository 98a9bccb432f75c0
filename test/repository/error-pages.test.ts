/** docs/reference/errors has one page a code of the catalogue, and each page says what the catalogue says. Both ways. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../gateway/errors/catalogue.ts';
import { readText, root } from './root.ts';

const folder = 'docs/reference/errors';
const codes = Object.keys(catalogue) as (keyof typeof catalogue)[];
const pages = readdirSync(join(root, folder)).filter((file) => file.endsWith('.md') && file !== 'README.md');

/** The text below "## heading", up to the next one. */
const section = (page: string, heading: string): string =>
  (page.split(`\n## ${heading}\n`)[1] ?? '').split('\n## ')[0]!.trim();

test('every code of the catalogue has a page, and every page a code', () => {
  expect(pages.toSorted()).toEqual(codes.map((code) => `${code}.md`).toSorted());
});

test('the list of pages names every code with its status and title', () => {
  const rows = [...readText(`${folder}/README.md`).matchAll(/^\| \[`(\w+)`\]\(\1\.md\) +\| +(\S+) +\| ([^|]+?) +\|/gm)];
  const listed = rows.map(([, code, status, title]) => [code, { status, title }]);
  const expected = codes.map((code) => [code, { status: statusText(code), title: catalogue[code].title }]);
  expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(expected));
  expect(listed.length).toBe(expected.length);
});

/** Before the first request there is nobody to send a status to. */
function statusText(code: keyof typeof catalogue): string {
  const { stage, status } = catalogue[code];
  const isOfFiles = stage === 'config' || stage === 'composition' || stage === 'facade';
  return isOfFiles ? '-' : String(status);
}

describe.each(codes)('the page of %s', (code) => {
  const { title, message, stage } = catalogue[code];
  const page = pages.includes(`${code}.md`) ? readText(`${folder}/${code}.md`) : '';

  test('has its title, message, stage and status', () => {
    expect(page.split('\n')[0]).toBe(`# ${code}`);
    expect(page).toContain(`**${title}.**`);
    expect(page).toContain(`\n- Stage: ${stage}\n- Status: ${statusText(code)}\n- Message: \`${message}\`\n`);
  });

  test.each(['Cause', 'Example', 'Fix'])('says under "%s" what a person needs', (heading) => {
    expect(section(page, heading).length).toBeGreaterThan(20);
  });
});
