/** docs/how-to/before-your-own-service.md is followed to the letter: its files are written, its commands run, its answer compared. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { readText } from './root.ts';
import { findFreePort, runProgram, startProgram } from './run-program.ts';
import { stageImage, type StagedImage } from './stage-image.ts';

const page = readText('docs/how-to/before-your-own-service.md');

/** The code blocks of one language, in order. */
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text]) => text!);

const [service = ''] = blocks('js');
const [schema = '', route = ''] = blocks('graphql');
const [settings = '', facade = ''] = blocks('yaml');
const expected = JSON.parse(blocks('json')[0]!) as unknown;
const query = /-d '(\{"query":.*\})'/.exec(page)![1]!;

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
  write('service.mjs', service);
  write('people.graphql', schema);
  write('rest/people.graphql', route);
  write('tributary.yaml', `${settings}\n${facade}`);
});

afterAll(() => {
  image?.remove();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

const tributary = (...args: string[]) => ['node', join(image.folder, 'bin', 'tributary.js'), ...args];

test('tributary compose prints the supergraph of the page', async () => {
  const { code, out, err } = await runProgram(tributary('compose'), { folder });
  expect(`${code} ${err}`).toBe('0 ');
  expect(out).toContain('type Person');
});

test('tributary plan shows the calls of a query', async () => {
  const { code, out } = await runProgram(tributary('plan', '{ people { name } }'), { folder });
  expect(code).toBe(0);
  expect(out).toContain('GET');
  expect(out).toContain('/people');
});

test('tributary serve answers the query as the page says, and the REST route', async () => {
  const people = startProgram(['node', 'service.mjs'], { folder });
  onTestFinished(async () => void (await people.stop()));
  await people.listening;
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

  const person = await fetch(`http://127.0.0.1:${port}/rest/people/1`);
  expect(person.status).toBe(200);
  expect(await person.json()).toEqual({ id: '1', name: 'Ada Lovelace', team: 'analytics' });
  expect((await fetch(`http://127.0.0.1:${port}/rest/people/9`)).status).toBe(404);
  expect((await gateway.stop()).code).toBe(0);
}, 120_000);
