/**
 * docs/how-to/before-your-own-service.md is followed to the letter, against the foreign service: its files are written, its
 * commands run, its answers compared.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { readText, root } from './root.ts';
import { findFreePort, runProgram, startProgram } from './run-program.ts';
import { stageImage, type StagedImage } from './stage-image.ts';

const page = readText('docs/how-to/before-your-own-service.md');

/** The code blocks of one language, in order. */
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text]) => text!);

const [schema = '', route = ''] = blocks('graphql');
const [settings = '', suite = '', facade = ''] = blocks('yaml');
const [shown, expected] = blocks('json').map((text) => JSON.parse(text) as unknown);
const query = /-d '(\{"query":.*\})'/.exec(page)![1]!;

interface Page {
  readonly data: {
    readonly people: {
      readonly nodes: readonly { readonly id: string }[];
      readonly edges: readonly { readonly node: { readonly id: string } }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    };
  };
}

let image: StagedImage;
let folder: string;
let servicePort: number;

beforeAll(async () => {
  image = stageImage();
  folder = mkdtempSync(join(tmpdir(), 'tributary-how-to-'));
  servicePort = await findFreePort();
  // Ports are the one thing that is changed: those of the page may be taken.
  const write = (file: string, text: string) =>
    writeFileSync(join(folder, file), text.replaceAll('4100', String(servicePort)));
  mkdirSync(join(folder, 'rest'));
  write('people.graphql', schema);
  write('people.connectors.yaml', suite);
  write('rest/people.graphql', route);
  write('tributary.yaml', `${settings}\n${facade}`);
});

afterAll(() => {
  image?.remove();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

async function startForeignService(): Promise<void> {
  const env = { PORT: String(servicePort) };
  const service = startProgram(['node', 'test/foreign-service/service.mjs'], { folder: root, env });
  onTestFinished(async () => void (await service.stop()));
  await service.listening;
}

const tributary = (...args: string[]) => ['node', join(image.folder, 'bin', 'tributary.js'), ...args];

test('tributary compose prints the supergraph of the page', async () => {
  const { code, out, err } = await runProgram(tributary('compose'), { folder });
  expect(`${code} ${err}`).toBe('0 ');
  expect(out).toContain('type Person');
});

test('tributary plan shows the calls of a query', async () => {
  const { code, out } = await runProgram(tributary('plan', '{ people { nodes { name } } }'), { folder });
  expect(code).toBe(0);
  expect(out).toContain('GET');
  expect(out).toContain('/people');
});

test('the service answers as the page shows', async () => {
  await startForeignService();
  const answer = await fetch(`http://127.0.0.1:${servicePort}/api/people?page_size=1`);
  expect(await answer.json()).toEqual(shown);
});

test('tributary connector run shows a call and what came of it, connector test runs the suite', async () => {
  await startForeignService();
  const one = await runProgram(tributary('connector', 'run', 'Query.person', '--args', '{"id":"2"}'), { folder });
  expect(`${one.code} ${one.err}`).toBe('0 ');
  expect(one.out).toContain(`GET http://127.0.0.1:${servicePort}/api/people/2`);
  expect(one.out).toContain('"name": "Grace Hopper"');
  const nobody = await runProgram(tributary('connector', 'run', 'Query.person', '--args', '{"id":"9"}'), { folder });
  expect(nobody.out).toMatch(/status 404\nnull/);
  const many = await runProgram(tributary('connector', 'run', 'Person', '--batch', '[{"id":"4"},{"id":"1"}]'), {
    folder,
  });
  expect(many.out).toContain('{"person_ids":[4,1]}');
  expect(many.out).toMatch(/Radia Perlman[\s\S]*Ada Lovelace/);
  const suites = await runProgram(tributary('connector', 'test'), { folder });
  expect(suites.out).toContain('1 passed');
  expect(suites.code).toBe(0);
});

test('tributary serve answers the query as the page says, and the REST route', async () => {
  await startForeignService();
  const port = await findFreePort();
  const gateway = startProgram(tributary('serve', '--port', String(port)), { folder });
  onTestFinished(async () => void (await gateway.stop()));
  await gateway.listening;

  const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: query,
  });
  expect(await answer.json()).toEqual(expected);

  const ask = async (text: string): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ query: text });
    return (await fetch(`http://127.0.0.1:${port}/graphql`, { method: 'POST', headers, body })).json();
  };
  const pages: unknown[] = [];
  for (let after = '', hasNext = true; hasNext;) {
    const page = (await ask(
      `{ people(first: 2 ${after}) { nodes { id } edges { node { id } } pageInfo { hasNextPage endCursor } } }`,
    )) as Page;
    const { nodes, edges, pageInfo } = page.data.people;
    expect(edges.map(({ node }) => node)).toEqual(nodes);
    pages.push(nodes.map(({ id }) => id));
    after = `after: "${pageInfo.endCursor}"`;
    hasNext = pageInfo.hasNextPage;
  }
  expect(pages).toEqual([['1', '2'], ['3', '4'], ['5']]);
  expect(await ask('{ person(id: "9") { name } }')).toEqual({ data: { person: null } });
  expect(await ask('{ people(first: 0) { totalCount } }')).toEqual({ data: { people: { totalCount: 5 } } });
  expect(await ask('{ people(after: "Mg") { totalCount } }')).toMatchObject({
    data: { people: null },
    errors: [{ message: '"after" is no cursor of this list', extensions: { code: 'BAD_USER_INPUT' } }],
  });
  const badToken = Buffer.from('["QUJD",0,2]').toString('base64url');
  expect(await ask(`{ people(after: "${badToken}") { totalCount } }`)).toMatchObject({
    data: { people: null },
    errors: [{ message: 'No such page', extensions: { code: 'BAD_PAGE' } }],
  });

  const person = await fetch(`http://127.0.0.1:${port}/rest/people/1`);
  expect(person.status).toBe(200);
  expect(await person.json()).toEqual({ id: '1', name: 'Ada Lovelace', team: 'analytics' });
  expect((await fetch(`http://127.0.0.1:${port}/rest/people/9`)).status).toBe(404);
  expect((await gateway.stop()).code).toBe(0);
}, 120_000);
