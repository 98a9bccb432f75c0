/**
 * What it costs the gateway to refuse: requests that are made to be expensive, one after the other over HTTP, and the CPU time
 * of the gateway's process for each. Ends with 1 when one of them costs more than the target, or is not refused.
 *
 * node --import tsx --conditions=source bench/refusals.ts
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { createServer, loadSettings } from 'tributary-gateway';

const TARGET_MS = 20;
const [WARM_UP, ROUNDS] = [3, 15];

const sdl = `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key"])
  @link(url: "https://specs.apollo.dev/connect/v0.4", import: ["@connect"])
type Query {
  a(numbers: [Int], in: In): A @connect(selection: "b: $(1)")
}
input In { x: Int  in: In  list: [In] }
type A { a: A @connect(selection: "b: $(1)")  b: Int }
`;

/** A process of its own: what the sender of the requests costs is not counted. */
async function serve(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-refusals-'));
  const file = join(folder, 'tributary.yaml');
  writeFileSync(join(folder, 'one.graphql'), sdl);
  writeFileSync(file, 'services: { one: { schema: one.graphql } }\nlog: { level: fatal }\n');
  const env = { TRIBUTARY_SERVER__PORT: '0', TRIBUTARY_SERVER__ADMIN__ENABLED: 'false' };
  const server = await createServer({ settings: loadSettings({ file, env }).settings, env });
  rmSync(folder, { recursive: true, force: true });
  const url = await server.listen();
  process.on('message', () => process.send!(cpuMs()));
  process.on('disconnect', () => void server.close());
  process.send!(url);
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const times = (count: number, write: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => write(index)).join(' ');

const query = (text: string, variables?: unknown) => JSON.stringify({ query: text, variables });
const nested = (levels: number): unknown => (levels === 0 ? { x: 1 } : { in: nested(levels - 1) });
const last = 59;

/** Bodies by what is too much of them. */
const attacks: Readonly<Record<string, () => string>> = {
  '10,000 aliases': () => query(`{ ${times(10_000, (index) => `x${index}: a { b }`)} }`),
  '990 aliases of an unknown field': () => query(`{ ${times(990, (index) => `x${index}: no`)} }`),
  '500 levels': () => query(`${'{ a '.repeat(500)}{ b }${'}'.repeat(500)}`),
  'a query of 5 MB': () => query(`{ a { b } } #${'x'.repeat(5_000_000)}`),
  'a query of 0.9 MB': () => query(`{ a { b } } #${'x'.repeat(900_000)}`),
  'variables of 5 MB': () => query('{ a { b } }', { x: 'x'.repeat(5_000_000) }),
  'variables of 0.9 MB that do not fit': () =>
    query('query($n: [Int]) { a(numbers: $n) { b } }', { n: Array<string>(200_000).fill('x') }),
  'variables of 200 levels': () => query('query($in: In) { a(in: $in) { b } }', { in: nested(200) }),
  'variables of 90 levels that do not fit': () =>
    query('query($in: In) { a(in: $in) { b } }', { in: { in: nested(80), x: 'x' } }),
  'fragments that spread each other': () =>
    query('{ a { ...F } } fragment F on A { a { ...G } } fragment G on A { a { ...F } }'),
  'a ring of 190 fragments': () =>
    query(`{ a { ...F0 } } ${times(190, (index) => `fragment F${index} on A { a { ...F${(index + 1) % 190} } }`)}`),
  'a fragment bomb': () =>
    query(
      `{ a { ...F0 } } ${times(last + 1, (index) => `fragment F${index} on A { ${index === last ? 'b' : `x: a { ...F${index + 1} } y: a { ...F${index + 1} }`} }`)}`,
    ),
  'a fragment bomb of 190 with 40 spreads each': () =>
    query(
      `{ a { ...F0 } } ${times(190, (index) => `fragment F${index} on A { b ${`...F${Math.min(index + 1, 189)} `.repeat(index === 189 ? 0 : 40)} }`)}`,
    ),
  '2,000 directives': () => query(`{ a ${'@skip(if: false) '.repeat(2000)} { b } }`),
  '490 directives that nobody knows': () => query(`{ a ${'@no(if: false) '.repeat(490)} { b } }`),
  '3,000 invalid values': () => query(`{ a(numbers: [${'"x" '.repeat(3000)}]) { b } }`),
  '14,000 invalid values': () => query(`{ a(numbers: [${'"x" '.repeat(14_000)}]) { b } }`),
  '900 variables that are not used': () => query(`query(${times(900, (index) => `$v${index}: Int`)}) { a { b } }`),
  'a text that does not end': () => query('{ a '.repeat(30)),
  '10,000 operations in a list': () => JSON.stringify(Array(10_000).fill({ query: '{ a { b } }' })),
};

interface Cost {
  readonly name: string;
  readonly status: number;
  readonly message: string;
  readonly medianMs: number;
  readonly worstMs: number;
}

async function measure(): Promise<Cost[]> {
  const gateway = fork(process.argv[1]!, { execArgv: process.execArgv });
  try {
    const [url] = (await once(gateway, 'message')) as [string];
    const readCpu = async (): Promise<number> => {
      gateway.send('cpu');
      return ((await once(gateway, 'message')) as [number])[0];
    };
    const costs: Cost[] = [];
    for (const [name, write] of Object.entries(attacks)) {
      const cost = await measureOne(name, write(), url, readCpu);
      print(cost);
      costs.push(cost);
    }
    return costs;
  } finally {
    gateway.disconnect();
  }
}

async function measureOne(name: string, body: string, url: string, readCpu: () => Promise<number>): Promise<Cost> {
  const found: number[] = [];
  let told = { status: 0, message: '' };
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const before = await readCpu();
    told = await send(`${url}/graphql`, body);
    const spent = (await readCpu()) - before;
    if (round >= 0) found.push(spent);
  }
  found.sort((a, b) => a - b);
  return { name, ...told, medianMs: found[Math.floor(found.length / 2)]!, worstMs: found.at(-1)! };
}

async function send(url: string, body: string): Promise<{ status: number; message: string }> {
  try {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const answer = (await response.json()) as { errors?: { message: string }[]; title?: string; data?: unknown };
    const isAnswered = answer.errors === undefined && answer.title === undefined;
    return {
      status: response.status,
      message: isAnswered ? 'ANSWERED' : (answer.errors?.[0]?.message ?? answer.title!),
    };
  } catch {
    // A body beyond the limit is not read to its end.
    return { status: 413, message: 'The connection was closed' };
  }
}

const isMissed = ({ medianMs, message }: Cost): boolean => medianMs > TARGET_MS || message === 'ANSWERED';

function print(cost: Cost): void {
  const { name, status, message, medianMs, worstMs } = cost;
  const figures = `${medianMs.toFixed(1).padStart(7)} ms ${`(${worstMs.toFixed(1)})`.padStart(8)}`;
  console.log(`${isMissed(cost) ? '!' : ' '} ${name.padEnd(46)}${figures}  ${status} ${message.slice(0, 70)}`);
}

if (process.send === undefined) {
  const costs = await measure();
  console.log(`CPU of the gateway a refusal: median and worst of ${ROUNDS}; target ${TARGET_MS} ms`);
  process.exitCode = costs.some(isMissed) ? 1 : 0;
} else await serve();
