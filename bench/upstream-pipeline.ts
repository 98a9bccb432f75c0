/**
 * What the upstream pipeline costs: CPU time of this process a call, with everything on and no fault, beside bare
 * `Pool.request` with its body parsed. Both in one run, in turns, so that a noisy machine hits both. Then the breaker alone.
 *
 *     npm run build:server && node --import tsx bench/upstream-pipeline.ts [rounds]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { createUpstream, systemClock } from 'tributary-gateway/upstream';

/** Of the build: what runs sources adds work to each function they make. */
const built = <Module>(path: string) =>
  import(new URL(`../dist/gateway/upstream/${path}.js`, import.meta.url).href) as Promise<Module>;
const { composePolicies, startCall } = await built<typeof import('../gateway/upstream/call.ts')>('call');
const { createStaticDiscovery } =
  await built<typeof import('../gateway/upstream/discovery/static.ts')>('discovery/static');
const { createBreaker } = await built<typeof import('../gateway/upstream/policies/breaker.ts')>('policies/breaker');
const { Circuit } = await built<typeof import('../gateway/upstream/policies/circuit.ts')>('policies/circuit');
const { defaultUpstreamSettings } = await built<typeof import('../gateway/upstream/settings.ts')>('settings');

const callsARound = 4000;
const atOnce = 16;
const targetMs = 0.05;
const targetBreakerNs = 1000;
const body = JSON.stringify({
  items: Array.from({ length: 10 }, (_, id) => ({ id, title: 'Madame Bovary', price: 9.5 })),
});

/** In a process of its own, so that its CPU time is not counted. */
async function serve(): Promise<void> {
  const ports = [];
  for (let n = 0; n < 2; n++) {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ports.push((server.address() as AddressInfo).port);
  }
  process.send!(ports);
}

const context = () => ({
  signal: new AbortController().signal,
  deadlineAt: performance.now() + 30_000,
  identity: 'anonymous',
  requestId: 'bench',
});

/** CPU milliseconds a call. */
async function measure(call: (n: number) => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  let next = 0;
  const work = async () => {
    while (next < callsARound) await call(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / callsARound;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const inMs = (values: readonly number[]) =>
  `${median(values).toFixed(4)} ms (${Math.min(...values).toFixed(4)} to ${Math.max(...values).toFixed(4)})`;

async function measurePipeline(origins: readonly string[], rounds: number): Promise<boolean> {
  const pools = origins.map((origin) => new Pool(origin, { connections: atOnce }));
  let events = 0;
  const upstream = createUpstream({
    discovery: { catalog: createStaticDiscovery(origins) },
    // Somebody always listens: metrics, the log, the console.
    emit: () => events++,
  });
  const bare = async (n: number) => {
    const { body: answer } = await pools[n % pools.length]!.request({ path: `/books/${n}`, method: 'GET' });
    return answer.json();
  };
  // A client request makes several calls.
  let ofRequest = context();
  const whole = (n: number) => {
    if (n % 4 === 0) ofRequest = context();
    const url = `http://catalog/books/${n}`;
    return upstream.call({ service: 'catalog', method: 'GET', url, headers: {}, context: ofRequest });
  };
  for (let n = 0; n < 3; n++) {
    await measure(bare);
    await measure(whole);
  }
  const rows = { bare: [] as number[], whole: [] as number[], difference: [] as number[] };
  for (let n = 0; n < rounds; n++) {
    const isBareFirst = n % 2 === 0;
    const first = await measure(isBareFirst ? bare : whole);
    const second = await measure(isBareFirst ? whole : bare);
    const [ofBare, ofWhole] = isBareFirst ? [first, second] : [second, first];
    rows.bare.push(ofBare);
    rows.whole.push(ofWhole);
    rows.difference.push(ofWhole - ofBare);
  }
  await Promise.all([upstream.close(), ...pools.map((pool) => pool.destroy())]);
  console.log(
    `CPU a call, median of ${rounds} paired rounds of ${callsARound} calls, ${atOnce} at once (lowest to highest)`,
  );
  for (const [name, values] of Object.entries(rows)) console.log(`  ${name.padEnd(10)} ${inMs(values)}`);
  return report(`difference at most ${targetMs} ms`, median(rows.difference) <= targetMs);
}

/** Nanoseconds a time, the best of some rounds. */
async function measureNs(times: number, action: () => unknown): Promise<number> {
  const rounds = [];
  for (let round = 0; round < 8; round++) {
    const startedAt = process.hrtime.bigint();
    for (let n = 0; n < times; n++) await action();
    rounds.push(Number(process.hrtime.bigint() - startedAt) / times);
  }
  return Math.min(...rounds);
}

async function measureBreaker(): Promise<boolean> {
  const clock = systemClock;
  const settings = defaultUpstreamSettings.breaker;
  const circuit = new Circuit({ settings, slowMs: 4000, clock, random: Math.random, onTransition: () => {} });
  const { policy } = createBreaker({
    service: 'catalog',
    settings,
    attemptMs: 5000,
    clock,
    random: Math.random,
    emit: () => {},
  });
  const request = { service: 'catalog', method: 'GET', url: 'http://catalog/', headers: {}, context: context() };
  const call = startCall({ request, id: 1, startedAt: 0 });
  const response = { status: 200, headers: {}, body: { kind: 'empty' as const } };
  const last = () => Promise.resolve(response);
  const [without, within] = [composePolicies([], last), composePolicies([policy], last)];
  const states = await measureNs(300_000, () => {
    const pass = circuit.enter();
    if (pass.kind === 'pass') circuit.leave(pass.generation, 'success', 1);
  });
  const bare = await measureNs(300_000, () => without(call));
  const whole = await measureNs(300_000, () => within(call));
  console.log(`breaker: ${Math.round(states)} ns for its states, ${Math.round(whole - bare)} ns as a policy`);
  return report(`breaker under ${targetBreakerNs} ns`, whole - bare < targetBreakerNs);
}

function report(target: string, isMet: boolean): boolean {
  console.log(`${isMet ? 'met' : 'MISSED'}: ${target}`);
  return isMet;
}

if (process.send !== undefined) {
  await serve();
} else {
  const server = fork(fileURLToPath(import.meta.url));
  try {
    const [ports] = (await once(server, 'message')) as [readonly number[]];
    const origins = ports.map((port) => `http://127.0.0.1:${port}`);
    const results = [await measurePipeline(origins, Number(process.argv[2] ?? 20)), await measureBreaker()];
    if (results.includes(false)) process.exitCode = 1;
  } finally {
    server.kill();
  }
}
