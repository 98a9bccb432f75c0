/**
 * What the engine costs for the federated query of the comparison, without network and without the HTTP server: from the bytes of
 * the subgraphs to the bytes of the answer. Once with answers that never repeat, as far as the engine knows, once with answers
 * that do (docs/decisions/0028). CPU-ms a query, the lowest and the middle of some rounds; the sizes of both say what was done.
 *
 * node --import tsx --conditions=source bench/execution.ts [rounds]
 */
import { graphql, parse, type OperationDefinitionNode } from 'graphql';
import { createRequestContext } from '../gateway/execution/request-context.ts';
import { createRemoteTarget } from '../gateway/execution/remote-target.ts';
import { createTributaryEngine } from '../gateway/execution/tributary-engine.ts';
import { KnownAnswers } from '../gateway/upstream/known-answers.ts';
import type { CallUpstream, UpstreamBody } from '../gateway/upstream/upstream-call.ts';
import { subgraphs } from './comparison/subgraphs.ts';
import { composeSupergraph, workloads } from './comparison/workloads.ts';

const rounds = Number(process.argv[2] ?? 9);
const QUERIES = 300;

const { query } = workloads.find(({ name }) => name === 'federation')!;
const document = parse(query);
const operation = document.definitions[0] as OperationDefinitionNode;
const schemas = new Map(subgraphs.map(({ name, schema }) => [name, schema]));
const known = new Map<string, Buffer>();
let calls = 0;

/** Each subgraph answers a question once; after that its bytes are there. */
async function answerOf(service: string, body: string): Promise<Buffer> {
  const key = service + body;
  let bytes = known.get(key);
  if (bytes === undefined) {
    const { query: source, variables: variableValues } = JSON.parse(body) as { query: string; variables: never };
    bytes = Buffer.from(JSON.stringify(await graphql({ schema: schemas.get(service)!, source, variableValues })));
    known.set(key, bytes);
  }
  return bytes;
}

/** Runs one query, and gives the bytes of its answer. */
async function start(answers: KnownAnswers | undefined): Promise<() => Promise<Buffer>> {
  const callUpstream: CallUpstream = async ({ service, body }) => {
    calls++;
    const bytes = await answerOf(service, String(body));
    const read = (): UpstreamBody => ({ kind: 'json', value: JSON.parse(bytes.toString()) });
    return { status: 200, headers: {}, ...(answers?.read(bytes, 0, read) ?? { body: read() }) };
  };
  const targets = new Map(
    subgraphs.map(({ name }) => [name, createRemoteTarget({ name, url: `http://${name}/`, callUpstream })]),
  );
  const engine = createTributaryEngine({ supergraphSdl: composeSupergraph('http://shop'), targets });
  const { executor } = await engine.load({} as never);
  return async () => {
    const context = createRequestContext({
      face: 'graphql',
      headers: {},
      requestId: 'bench',
      signal: new AbortController().signal,
      deadlineAt: Number.POSITIVE_INFINITY,
    });
    const asked = { request: { variables: {} }, document, operation, queryHash: 'bench', context };
    const result = await executor!(asked as never);
    if (result.errors !== undefined) throw new AggregateError(result.errors, 'The query failed');
    return Buffer.from(engine.stringify(result as never));
  };
}

async function cpuMsOf(run: () => Promise<Buffer>): Promise<number> {
  const before = process.cpuUsage();
  for (let count = 0; count < QUERIES; count++) await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / QUERIES;
}

const contestants = [
  { name: 'answers that never repeat', run: await start(undefined), costs: [] as number[] },
  { name: 'answers that repeat', run: await start(new KnownAnswers()), costs: [] as number[] },
];
for (const { run } of contestants) await cpuMsOf(run);
// One after the other in each round, so that what else the machine does is shared out.
for (let round = 0; round < rounds; round++) {
  for (const { run, costs } of contestants) costs.push(await cpuMsOf(run));
}
for (const { name, run, costs } of contestants) {
  calls = 0;
  const { length } = await run();
  const sorted = costs.toSorted((one, other) => one - other);
  const [lowest, middle] = [sorted[0]!, sorted[sorted.length >> 1]!].map((cost) => cost.toFixed(3));
  console.log(`${name.padEnd(26)} ${lowest} lowest, ${middle} middle; ${calls} calls, ${length} bytes`);
}
