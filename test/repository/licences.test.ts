/** README says under which licence each package that runs is used: it must say so of all of them, and rightly. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readManifest, readText, root } from './root.ts';

interface PackageFile {
  readonly license?: string;
  readonly name?: string;
}

const licenceOf = (path: string): string | undefined =>
  (JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) as PackageFile).license;

/** Rows of the table that starts with | package | licence |. */
function readTable(file: string): Map<string, string> {
  const table = /^\| package +\| licence +\|.*\n(?:\|.*\n)+/m.exec(readText(file))?.[0] ?? '';
  return new Map([...table.matchAll(/^\| `([^`]+)` +\| ([^|]+?) +\|/gm)].map(([, name, licence]) => [name!, licence!]));
}

const direct = Object.keys(readManifest().dependencies);

describe('the licences of direct dependencies', () => {
  test.each(['README.md', 'docs/decisions/0014-runtime-dependencies.md'])(
    '%s lists each one as its package says',
    (file) => {
      const actual = Object.fromEntries(direct.map((name) => [name, licenceOf(`node_modules/${name}`)]));
      expect(Object.fromEntries(readTable(file))).toEqual(actual);
    },
  );
});

describe('the licences of everything that is installed with the product', () => {
  /** Permissive ones, which ask for no more than their notice; and the one the README explains. */
  const accepted = new Set([
    ...['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0'],
    ...['(MIT AND BSD-3-Clause)', 'Elastic-2.0'],
  ]);
  const lock = JSON.parse(readText('package-lock.json')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean; optional?: boolean; license?: string }>;
  };
  const shipped = Object.entries(lock.packages).filter(([path, entry]) => path !== '' && entry.dev !== true);

  test('are those named in the README', () => {
    const strange = shipped.filter(([, { license }]) => license === undefined || !accepted.has(license));
    expect(strange).toEqual([]);
    const readme = readText('README.md');
    for (const licence of accepted) expect(readme).toContain(licence.replaceAll(/[()]/g, ''));
  });

  test('the Elastic License 2.0 covers the packages that the README names, and no others', () => {
    const covered = shipped.filter(([, { license }]) => license === 'Elastic-2.0').map(([path]) => path.slice(13));
    expect(covered.toSorted()).toEqual([
      '@apollo/composition',
      '@apollo/federation-internals',
      '@apollo/gateway',
      '@apollo/query-graphs',
      '@apollo/query-planner',
    ]);
    for (const name of covered) expect(readText('README.md')).toContain(name);
  });
});
