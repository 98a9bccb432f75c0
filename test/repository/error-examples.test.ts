/** The examples on the pages of errors in files: each of them must give the error its page is about. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { composeFiles } from '../../gateway/cli/load-graph-offline.ts';
import { loadSettings } from '../../gateway/config/index.ts';
import { FaultsError } from '../../gateway/errors/fault.ts';
import { readText } from './root.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tributary-errors-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The first code block of the section Example. */
function exampleOf(code: string): string {
  const [, text] = /^## Example\n\n```\w+\n([\s\S]*?)^```/m.exec(readText(`docs/reference/errors/${code}.md`))!;
  return text!;
}

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

function codesOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof FaultsError) return error.faults.map(({ code }) => code);
    throw error;
  }
  return [];
}

test.each([
  'CONFIG_SYNTAX',
  'CONFIG_UNKNOWN_OPTION',
  'CONFIG_INVALID_VALUE',
  'CONFIG_CONTRADICTION',
  'CONFIG_MISSING_VARIABLE',
])('the settings on the page of %s give that error', (code) => {
  const services = 'services:\n  shop:\n    schema: shop.graphql\n';
  const example = exampleOf(code);
  const file = write('tributary.yaml', example.startsWith('services:') ? example : `${services}${example}`);
  expect(codesOf(() => loadSettings({ file, env: {} }))).toEqual([code]);
});

test('a settings file that is not there gives CONFIG_NOT_FOUND', () => {
  expect(codesOf(() => loadSettings({ file: join(folder, 'gateway.yaml'), env: {} }))).toEqual(['CONFIG_NOT_FOUND']);
});

test('a schema file that is not there gives COMPOSITION_SCHEMA_NOT_FOUND', () => {
  const locations = [{ name: 'catalog', schema: join(folder, 'catalog.graphql'), url: undefined }];
  expect(codesOf(() => composeFiles(locations))).toEqual(['COMPOSITION_SCHEMA_NOT_FOUND']);
});

const federation =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.13", import: ["@key", "@shareable"])\n';
const query = 'type Query { book(id: ID!): Book }\n';

test('the schema on the page of COMPOSITION_INVALID_SCHEMA gives that error', () => {
  const schema = write('shop.graphql', `${federation}${query}${exampleOf('COMPOSITION_INVALID_SCHEMA')}`);
  const locations = [{ name: 'shop', schema, url: 'http://127.0.0.1:4001/graphql' }];
  expect(codesOf(() => composeFiles(locations))).toEqual(['COMPOSITION_INVALID_SCHEMA']);
});

test('the schemas on the page of COMPOSITION_FAILED do not compose, for the reason the page names', () => {
  const [first, second] = exampleOf('COMPOSITION_FAILED').split('# archive.graphql');
  const locations = [
    { name: 'catalog', schema: write('catalog.graphql', `${federation}${query}${first}`) },
    { name: 'archive', schema: write('archive.graphql', `${federation}${second}`) },
  ].map((location) => ({ ...location, url: 'http://127.0.0.1:4001/graphql' }));
  expect(codesOf(() => composeFiles(locations))).toEqual(['FIELD_TYPE_MISMATCH']);
});
