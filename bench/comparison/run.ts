/**
 * `npm run bench`: Tributary and its peers under the same load, one after the other, in one run. The figure is CPU-milliseconds
 * of the contestant's process per request; the ratio to the first peer is what can be compared between machines. The peers'
 * packages are installed on the first run, from the lock file in bench/peers.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { contestants, peersFolder, type Run } from './contestants.ts';
import { measure, type Measurement } from './measure.ts';
import { printTable } from './print-table.ts';
import { startProgram } from './program.ts';
import { composeSupergraph, restSchema, workloads, type Workload } from './workloads.ts';

const usage = `npm run bench -- [options]
  --workload ${workloads.map(({ name }) => name).join(',')}   (all)
  --only name,name    contestants, each by a part of its name (all)
  --connections N     1 leaves nothing to share (50 for federation, 100 for the others)
  --rounds 2 --warm-up 5 --seconds 10`;

const { values } = parseArgs({
  options: {
    workload: { type: 'string' },
    only: { type: 'string' },
    connections: { type: 'string' },
    rounds: { type: 'string', default: '2' },
    'warm-up': { type: 'string', default: '5' },
    seconds: { type: 'string', default: '10' },
    help: { type: 'boolean', default: false },
  },
});

async function run(): Promise<void> {
  if (values.help) return console.log(usage);
  const asked = values.workload?.split(',');
  const chosen = workloads.filter(({ name }) => asked?.includes(name) ?? true);
  if (chosen.length === 0) throw new RangeError(`No such workload\n${usage}`);
  if (!existsSync(join(peersFolder, 'node_modules'))) {
    console.error('Installing the packages of the peers ...');
    execFileSync('npm', ['ci', '--ignore-scripts', '--prefix', peersFolder], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  const folder = mkdtempSync(join(tmpdir(), 'tributary-comparison-'));
  const services = await startProgram({ file: fileURLToPath(import.meta.resolve('./services.js')), env: {} });
  try {
    for (const workload of chosen) await compare(workload, folder, services.url);
  } finally {
    await services.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(workload: Workload, folder: string, servicesUrl: string): Promise<void> {
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const given: Run = {
    ...{ workload, servicesUrl },
    supergraphFile: write('supergraph.graphql', composeSupergraph(servicesUrl)),
    schemaFile: write('schema.graphql', restSchema),
    answerFile: write('answer.json', JSON.stringify({ data: workload.expected })),
  };
  const effort = {
    connections: Number(values.connections ?? workload.connections),
    warmUpSeconds: Number(values['warm-up']),
    seconds: Number(values.seconds),
  };
  const asked = values.only?.split(',');
  const taking = contestants
    .filter(({ kinds }) => kinds.includes(workload.kind))
    .filter(({ name }) => asked?.some((part) => name.includes(part)) ?? true);
  const measurements: Measurement[] = [];
  // Every contestant once a round, so that what the machine does beside it is shared out.
  for (let round = 1; round <= Number(values.rounds); round++) {
    for (const contestant of taking) {
      try {
        const measurement = await measure(contestant, given, effort);
        measurements.push(measurement);
        console.error(
          `${workload.name}, round ${round}, ${contestant.name}: ${measurement.cpuMsPerRequest.toFixed(3)} CPU-ms`,
        );
      } catch (error) {
        process.exitCode = 1;
        console.error(`${workload.name}, round ${round}, ${contestant.name}: ${(error as Error).message}`);
      }
    }
  }
  console.log(`\n${workload.name}, ${effort.connections} connections, Node ${process.versions.node}\n`);
  console.log(printTable(measurements));
}

await run();
