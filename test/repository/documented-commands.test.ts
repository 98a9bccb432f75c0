/**
 * Every curl line in README, tutorial and explanations is run against the bookshop, and gives what the text says. Output that
 * is shown is compared: what stands between "..." and line ends must be in the real one.
 */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serviceNames } from './compose.ts';
import { readText, root } from './root.ts';
import { findFreePort, runProgram, startProgram, type Program } from './run-program.ts';
import { stageImage, type StagedImage } from './stage-image.ts';

/** What each block of shell lines has to give, in the order of the blocks of its page. */
const pages: readonly (readonly [file: string, blocks: readonly (readonly RegExp[])[]])[] = [
  [
    'README.md',
    [[/"title":"Madame Bovary"/, /HTTP\/1.1 200 OK/, /content-type: application\/hal\+json/, /"Le Petit Prince"/]],
  ],
  [
    'docs/tutorial/rest-and-graphql.md',
    [
      [/"title":"Madame Bovary"/, /"name":"Gustave Flaubert"/, /"average":[\d.]+,"count":\d+/, /"stock":\d+/],
      [/HTTP\/1.1 200 OK/, /etag: "/i, /"title":"Madame Bovary"/],
      [/HTTP\/1.1 304 Not Modified/],
      [/"data":\{"book":null\}/, /HTTP\/1.1 404 Not Found/, /application\/problem\+json/],
      [/"hasNextPage":true/, /link: .*rel="next"/i],
      [/"_links":/],
      [/"__typename":"OutOfStock"/, /"available":\d+/],
      [/HTTP\/1.1 409 Conflict/, /out-of-stock/, /"available":\d+/],
      [/HTTP\/1.1 200 OK/, /"ok":false/, /"status":404/],
      [/"ok":true,"result":\{"id":"madame-bovary"/],
      [/HTTP\/1.1 428 Precondition Required/, /application\/problem\+json/],
      [/"search":/, /"reviews":\{"href"/, /"_embedded":/],
      [/"name":"one book"/, /"rounds":1/, /"overFetch":0/],
    ],
  ],
  [
    'docs/explanation/services.md',
    [[/HTTP\/1.1 200 OK/, /deprecation: /i, /sunset: /i, /successor-version/, /"authorId":/, /"authors":/]],
  ],
  ['docs/how-to/run-one-service.md', [[/Madame Bovary/, /"status":"ready"/]]],
];

/** Blocks of shell lines that ask something of the running bookshop. */
const curlBlocks = (file: string): string[] =>
  [...readText(file).matchAll(/^```sh\n([\s\S]*?)^```/gm)]
    .map(([, text]) => text!)
    .filter((text) => text.includes('curl '));

/** The output shown after a block, in parts; none when the page shows none. */
function shownOutput(file: string, block: string): string[] {
  const after = readText(file).split(block)[1]!.split('```sh')[0]!;
  const [, text = ''] = /<!-- output: curl -->\n+```text\n([\s\S]*?)^```/m.exec(after) ?? [];
  return text.split(/\s*\.\.\.\s*|\n\s*/).filter((part) => part !== '');
}

const hasCurl = await runProgram(['curl', '--version'], { folder: root }).then(
  ({ code }) => code === 0,
  () => false,
);

describe.skipIf(!hasCurl)(`curl lines of the documentation${hasCurl ? '' : ' (there is no curl here)'}`, () => {
  let image: StagedImage;
  let bookshop: Program;
  let started: string;
  const ports = new Map<string, string>();

  beforeAll(async () => {
    image = stageImage();
    cpSync(join(root, 'tributary.yaml'), join(image.folder, 'tributary.yaml'));
    const documented = ['4000', ...serviceNames.map((_, index) => String(4001 + index))];
    for (const port of documented) ports.set(port, String(await findFreePort()));
    const env: Record<string, string> = {
      TRIBUTARY_SERVER__PORT: ports.get('4000')!,
      ...Object.fromEntries(
        serviceNames.map((name, index) => [`${name.toUpperCase()}_PORT`, ports.get(String(4001 + index))!]),
      ),
    };
    bookshop = startProgram(['node', 'dist/subgraphs/bookshop.js', '--ephemeral'], { folder: image.folder, env });
    started = await bookshop.listening;
  }, 180_000);

  afterAll(async () => {
    await bookshop?.stop();
    image?.remove();
  });

  test('npm start prints what README.md shows', () => {
    const [, shown] = /<!-- output: npm start -->\n+```text\n([\s\S]*?)^```/m.exec(readText('README.md'))!;
    const actual = [...ports].reduce(
      (text, [documented, port]) => text.replaceAll(`:${port}`, `:${documented}`),
      started,
    );
    expect(actual.trim()).toBe(shown!.trim());
  });

  test.each(pages)('%s has as many blocks as are expected here', (file, blocks) => {
    expect(curlBlocks(file).length).toBe(blocks.length);
  });

  const rows = pages.flatMap(([file, blocks]) => blocks.map((expected, index) => [file, index + 1, expected] as const));

  test.each(rows)('%s, block %i gives what the page says', async (file, number, expected) => {
    const text = curlBlocks(file)[number - 1]!;
    const script = text.replaceAll(/127\.0\.0\.1:(400\d)/g, (_, port: string) => `127.0.0.1:${ports.get(port)}`);
    const { code, out, err } = await runProgram(['sh', '-ec', script], { folder: image.folder });
    expect(code === 0 ? '' : err).toBe('');
    for (const part of expected) expect(out).toMatch(part);
    for (const part of shownOutput(file, text)) expect(out).toContain(part);
    expect(out).not.toMatch(/HTTP\/1.1 5\d\d|UPSTREAM_|INTERNAL_/);
  });
});
