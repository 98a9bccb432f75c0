import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

interface BuiltFile {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
}

const dist = fileURLToPath(new URL('../../web/dist', import.meta.url));
const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8')) as Readonly<Record<string, BuiltFile>>;
const kilobyte = 1024;

/** Every file the browser fetches before the page can be used: the page, its scripts, what they import, its styles. */
function filesOfFirstLoad(page: string): ReadonlySet<string> {
  const files = new Set([page]);
  const add = (entry: string) => {
    const built = manifest[entry];
    if (!built) throw new Error(`The build has no entry "${entry}"`);
    if (files.has(built.file)) return;
    files.add(built.file);
    for (const style of built.css ?? []) files.add(style);
    for (const imported of built.imports ?? []) add(imported);
  };
  add(page);
  return files;
}

const gzipped = (files: Iterable<string>): number => {
  let bytes = 0;
  for (const file of files) bytes += gzipSync(readFileSync(join(dist, file))).length;
  return bytes;
};

describe('first load, gzipped', () => {
  it.each([
    ['index.html', 200],
    ['console.html', 350],
  ])('%s stays below %i KB', (page, limit) => {
    const files = filesOfFirstLoad(page);
    expect(files.size).toBeGreaterThan(2);
    expect(gzipped(files)).toBeLessThanOrEqual(limit * kilobyte);
  });

  it.each(['index.html', 'console.html', 'sandbox.html', 'rest-docs.html'])(
    '%s names no other host and holds no inline script',
    (page) => {
      const text = readFileSync(join(dist, page), 'utf8');
      expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
      for (const [, attributes, body] of text.matchAll(/<script([^>]*)>([^<]*)/g)) {
        expect(attributes).toContain('src="/');
        expect(body?.trim()).toBe('');
      }
    },
  );
});
