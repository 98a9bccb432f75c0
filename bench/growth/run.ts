/**
 * `npm run bench:growth`: how CPU per request grows with the answer, the entities, the services, the depth, the operations kept
 * and the connections, with nothing shared between requests. Prints a table and writes docs/explanation/growth.svg with
 * `--write`. A point is the least of some rounds, because what else the machine does only adds. Straight lines are expected: the
 * last column is the exponent over the upper half of an axis, about 1 or less.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { startProgram, type Program } from '../comparison/program.ts';
import { axes, type Load } from './axes.ts';
import { drawPlots, type Line } from './draw-plots.ts';
import { startServices } from './services.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
  },
});

async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-growth-'));
  const services = await startServices();
  writeFileSync(join(folder, 'supergraph.graphql'), services.supergraphSdl);
  const gateway = await startProgram({
    file: fileURLToPath(import.meta.resolve('../serve.js')),
    env: { WORKLOAD: 'fed', SHARING: 'off', SUPERGRAPH: join(folder, 'supergraph.graphql') },
  });
  const rounds: Line[][] = [];
  try {
    // The compiler of the machine is warm before the first point, which would be the dearest otherwise.
    await measure(gateway, axes[1]!.load(64), 5000);
    for (let round = 1; round <= Number(values.rounds); round++) rounds.push(await measureAxes(gateway));
  } finally {
    await gateway.stop();
    services.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const lines = leastOf(rounds);
  console.log(printLines(lines));
  if (values.write) writeFileSync('docs/explanation/growth.svg', drawPlots(lines, 'CPU-milliseconds a request'));
}

async function measureAxes(gateway: Program): Promise<Line[]> {
  const lines: Line[] = [];
  for (const { name, values: along, load } of axes) {
    const points: { value: number; cpuMs: number }[] = [];
    for (const value of along) {
      points.push({ value, cpuMs: await measure(gateway, load(value), Number(values.seconds) * 1000) });
      console.error(`${name}: ${value} ${points.at(-1)!.cpuMs.toFixed(3)} CPU-ms`);
    }
    lines.push({ name, points });
  }
  return lines;
}

const leastOf = (rounds: readonly Line[][]): Line[] =>
  rounds[0]!.map(({ name, points }, axis) => ({
    name,
    points: points.map(({ value }, index) => ({
      value,
      cpuMs: Math.min(...rounds.map((lines) => lines[axis]!.points[index]!.cpuMs)),
    })),
  }));

/** CPU-milliseconds of the gateway for one request, over as many as fit into `forMs`, after as long a warm-up. */
async function measure(gateway: Program, { query, connections, before = [] }: Load, forMs: number): Promise<number> {
  const pool = new Pool(gateway.url, { connections });
  try {
    for (const other of before) await ask(pool, other);
    await askFor(pool, query, connections, forMs / 2);
    const start = await gateway.usage();
    const requests = await askFor(pool, query, connections, forMs);
    return ((await gateway.usage()).cpuMs - start.cpuMs) / requests;
  } finally {
    await pool.close();
  }
}

async function askFor(pool: Pool, query: string, connections: number, forMs: number): Promise<number> {
  const until = performance.now() + forMs;
  let requests = 0;
  const client = async (): Promise<void> => {
    do {
      await ask(pool, query);
      requests++;
    } while (performance.now() < until);
  };
  await Promise.all(Array.from({ length: connections }, client));
  return requests;
}

async function ask(pool: Pool, query: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await pool.request({ path: '/graphql', method: 'POST', headers, body: JSON.stringify({ query }) });
  const text = await answer.body.text();
  if (answer.statusCode !== 200 || text.includes('"errors"')) throw new Error(`${query}: ${text.slice(0, 300)}`);
}

/** The exponent k of cost = fixed + c * value ** k, over the upper half of an axis, where the fixed part weighs least. */
function exponentOf({ points }: Line): number {
  const [low, high] = [points[points.length >> 1]!, points.at(-1)!];
  return Math.log(high.cpuMs / low.cpuMs) / Math.log(high.value / low.value);
}

function printLines(lines: readonly Line[]): string {
  const rows = lines.map((line) => {
    const [first, last] = [line.points[0]!, line.points.at(-1)!];
    const costs = [first, last].map(({ value, cpuMs }) => `${cpuMs.toPrecision(3)} at ${value}`);
    return `| ${[line.name, ...costs, exponentOf(line).toFixed(2)].join(' | ')} |`;
  });
  return ['| axis | least, CPU-ms | most, CPU-ms | exponent |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

await run();
