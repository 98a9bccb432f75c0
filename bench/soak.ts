/**
 * `npm run soak`: very many requests through the gateway to a service that fails five times in a hundred, and then the question
 * what is left: memory after collection, sockets, timers, warnings. Ends with 1 when anything is.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { createServer, loadSettings } from 'tributary-gateway';

const usage = 'Usage: npm run soak -- [--requests 200000] [--clients 40]';
const megabyte = 1024 * 1024;
/** Between the heap after the first fifth, when everything is compiled and every cache is full, and at the end. */
const allowedGrowthMb = 5;

const schema = `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"])
  @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@connect", "@source"])
  @source(name: "api", http: { baseURL: "http://127.0.0.1:1" })
type Query {
  book(id: ID!): Book @connect(source: "api", http: { GET: "/books/{$args.id}" }, selection: "id title", entity: true)
}
type Book @key(fields: "id") { id: ID! title: String }
`;

/** Of a hundred requests: one reset, one hung, one 503, one page of HTML, one answer that breaks off. */
const service = `
  const http = require('node:http');
  let n = 0;
  http.createServer((request, response) => {
    const body = JSON.stringify({ id: request.url.split('/').pop(), title: 'Madame Bovary' });
    switch (++n % 100) {
      case 10: return request.socket.resetAndDestroy();
      case 30: return;
      case 50: return response.writeHead(503).end();
      case 70: return response.setHeader('content-type', 'text/html').end('<h1>no</h1>');
      case 90: return response.writeHead(200, { 'content-length': 999 }).write(body, () => request.socket.destroy());
    }
    response.setHeader('content-type', 'application/json').end(body);
  }).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
`;

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '200000' },
    clients: { type: 'string', default: '40' },
    help: { type: 'boolean' },
  },
});
if (values.help === true) console.log(usage);
else process.exitCode = await run(Number(values.requests), Number(values.clients));

async function run(requests: number, clients: number): Promise<number> {
  const collect = globalThis.gc;
  if (collect === undefined || !(requests >= 10) || !(clients >= 1)) {
    console.error(collect === undefined ? 'Run it with --expose-gc' : usage);
    return 2;
  }
  let warnings = 0;
  process.on('warning', (warning) => {
    warnings++;
    console.error(warning);
  });
  const resourcesBefore = countResources();
  const child = spawn(process.execPath, ['-e', service], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const server = await startGateway(`http://127.0.0.1:${Number(String(line))}`);
  const pool = new Pool(await server.listen(), { connections: clients });

  const ends = new Map<string, number>();
  const heapsMb: number[] = [];
  const measure = async () => {
    await sleep(50);
    for (let turn = 0; turn < 4; turn++) collect();
    heapsMb.push(process.memoryUsage().heapUsed / megabyte);
  };
  for (let part = 0, sent = 0; part < 5; part++) {
    const until = Math.floor((requests * (part + 1)) / 5);
    const client = async () => {
      while (sent < until) {
        const end = await ask(pool, sent++);
        ends.set(end, (ends.get(end) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
    await measure();
    console.log(`${until} requests, ${heapsMb.at(-1)!.toFixed(1)} MB in use`);
  }
  await pool.destroy();
  await server.close();
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  await sleep(100);

  const growthMb = heapsMb.at(-1)! - heapsMb[0]!;
  const left = differences(resourcesBefore, countResources());
  const total = [...ends.values()].reduce((sum, count) => sum + count, 0);
  console.log(`
  requests             ${total}
  ends                 ${[...ends].map(([end, count]) => `${end} ${count}`).join(', ')}
  heap growth          ${growthMb.toFixed(1)} MB   (less than ${allowedGrowthMb})
  sockets, timers left ${left.length === 0 ? 'none' : left.join(', ')}
  warnings of Node     ${warnings}   (of listeners that pile up)`);
  return growthMb < allowedGrowthMb && left.length === 0 && warnings === 0 && !ends.has('unknown') ? 0 : 1;
}

async function startGateway(serviceUrl: string) {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-soak-'));
  writeFileSync(join(folder, 'books.graphql'), schema);
  const file = join(folder, 'tributary.yaml');
  const written = {
    server: { port: 0, admin: { port: 0 }, rateLimit: { enabled: false } },
    services: { books: { schema: './books.graphql' } },
    connectors: { sources: { 'books.api': { override_url: serviceUrl } } },
    // Hung requests are to come often, not to last long.
    upstream: { deadline: { attempt: '1s', call: '3s' } },
    log: { level: 'fatal' },
  };
  writeFileSync(file, JSON.stringify(written));
  const { settings } = loadSettings({ file, env: {} });
  const server = await createServer({ settings, env: {} });
  rmSync(folder, { recursive: true, force: true });
  return server;
}

/** Each asks for a book of its own, so that no answer is shared. */
async function ask(pool: Pool, n: number): Promise<string> {
  const { body } = await pool.request({
    path: '/graphql',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'query ($id: ID!) { book(id: $id) { id title } }', variables: { id: `b${n}` } }),
  });
  const answer = (await body.json()) as { data?: { book?: unknown }; errors?: { extensions?: { code?: string } }[] };
  if (answer.errors === undefined && answer.data?.book !== undefined) return 'answered';
  return answer.errors?.[0]?.extensions?.code ?? 'unknown';
}

function countResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function differences(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): string[] {
  return [...after].flatMap(([name, count]) => {
    const more = count - (before.get(name) ?? 0);
    return more > 0 ? [`${name} ${more}`] : [];
  });
}
