/** Installed packages: what must be there once, what must agree, and what a machine must not leave behind. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readManifest, readText, root } from './root.ts';

interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly version?: string;
        readonly resolved?: string;
        readonly optionalDependencies?: Readonly<Record<string, string>>;
      }
    >
  >;
}

const lock = JSON.parse(readText('package-lock.json')) as Lock;
const manifest = readManifest();

const copiesOf = (name: string): string[] =>
  Object.keys(lock.packages).filter(
    (path) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`),
  );

describe('package-lock.json', () => {
  test.each(['graphql', '@apollo/federation-internals', '@apollo/query-graphs'])('has one copy of %s', (name) => {
    expect(copiesOf(name)).toEqual([`node_modules/${name}`]);
    expect(existsSync(join(root, 'node_modules', name, 'package.json'))).toBe(true);
  });

  test('has an entry for every optional package of every platform, or npm ci refuses the lock', () => {
    const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !(`node_modules/${name}` in lock.packages) && !(`${path}/node_modules/${name}` in lock.packages),
      ),
    );
    expect(missing).toEqual([]);
  });

  test('names no registry', () => {
    expect(Object.entries(lock.packages).filter(([, { resolved }]) => resolved?.startsWith('http'))).toEqual([]);
  });
});

describe('package.json', () => {
  test('has the same version of the five federation packages: two would nest a second federation-internals', () => {
    const names = ['composition', 'federation-internals', 'gateway', 'query-planner', 'subgraph'];
    const versions = new Set(names.map((name) => manifest.dependencies[`@apollo/${name}`]));
    expect(versions.size).toBe(1);
    expect(lock.packages['node_modules/@apollo/query-graphs']?.version).toBe([...versions][0]);
  });

  test('pins every direct dependency to one version, and that is the one installed', () => {
    const wanted = { ...manifest.dependencies, ...manifest.devDependencies };
    expect(Object.entries(wanted).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    expect(Object.fromEntries(Object.keys(wanted).map((name) => [name, installedVersion(name)]))).toEqual(wanted);
  });
});

function installedVersion(name: string): string {
  const text = readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
