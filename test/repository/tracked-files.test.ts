/** What must not be in any file: places of one machine, registries, secrets. And every link in the documentation leads somewhere. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listTrackedFiles, root } from './root.ts';

const files = listTrackedFiles();

describe.skipIf(files === undefined)(`tracked files${files === undefined ? ' (not a git checkout)' : ''}`, () => {
  // Files that git lists and somebody has just removed are no concern of these tests.
  const present = (files ?? []).filter((file) => existsSync(join(root, file)));
  const texts = present
    .filter((file) => !/\.(png|ico|woff2?)$/.test(file))
    .map((file) => [file, readFileSync(join(root, file), 'utf8')] as const);

  test.each([
    ['a path of one machine', /(?<![\w.~-])\/(?:work|root|home\/\w+|Users\/\w+)\/[\w.-]/],
    ['a package registry', new RegExp(['registry', 'npmjs', 'org'].join(String.raw`\.`))],
    ['a private key', new RegExp(['-----BEGIN', '(?:[A-Z]+ )?PRIVATE', 'KEY-----'].join(' '))],
  ])('name no %s', (_what, pattern) => {
    const found = texts.flatMap(([file, text]) =>
      text
        .split('\n')
        .map((line, index) => [`${file}:${index + 1}`, line] as const)
        .filter(([, line]) => pattern.test(line)),
    );
    expect(found).toEqual([]);
  });

  test('hold no build, no dependency, no data', () => {
    expect(present.filter((file) => /(^|\/)(node_modules|dist|coverage|\.data|\.env)(\/|$)/.test(file))).toEqual([]);
  });

  test('links in Markdown lead to files that are there', () => {
    const broken = texts
      .filter(([file]) => file.endsWith('.md'))
      .flatMap(([file, text]) =>
        [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
          .map(([, target]) => target!.split('#')[0]!)
          .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
          .filter((target) => !existsSync(join(root, dirname(file), target)))
          .map((target) => `${file}: ${target}`),
      );
    expect(broken).toEqual([]);
  });
});

const withoutCode = (markdown: string): string => markdown.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '');
