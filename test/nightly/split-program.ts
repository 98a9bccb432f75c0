/**
 * A gateway between two services, one of which it cannot reach any more while that one still reaches the gateway: see F58. Runs in a
 * network of its own, and takes the way to a service away and gives it back by `tc`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer, loadSettings } from 'tributary-gateway';
import { dropToPort, FILTER_PLACE } from './drop-packets.ts';

export interface SplitResult {
  /** Ends of calls to the lost service, in order: 'answered' or a code. */
  readonly before: readonly string[];
  readonly during: readonly string[];
  readonly after: string;
  /** Questions that the lost service asked the gateway meanwhile, and how many were answered in full. */
  readonly asked: number;
  readonly answered: number;
  readonly transitions: readonly string[];
}

const tc = (text: string) => execFileSync('sh', ['-c', `tc ${text}`]);
tc(FILTER_PLACE);

const ports = { books: 4999, authors: 4998 };
const services = Object.values(ports).map((port) =>
  createHttpServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end('{"id":"1","name":"Flaubert"}');
  }).listen(port, '127.0.0.1'),
);

const folder = mkdtempSync(join(tmpdir(), 'tributary-split-'));
for (const [name, port] of Object.entries(ports)) {
  const schema = `extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"])
    @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@connect"])
  type Query {
    ${name}(id: ID!): String
      @connect(http: { GET: "http://127.0.0.1:${port}/{$args.id}" }, selection: "$.name")
  }`;
  writeFileSync(join(folder, `${name}.graphql`), schema);
}
const file = join(folder, 'tributary.yaml');
const written = {
  server: { port: 0, admin: { enabled: false }, rateLimit: { enabled: false } },
  services: {
    books: {
      schema: './books.graphql',
      upstream: {
        deadline: { connect: '200ms', attempt: '500ms', call: '5s' },
        breaker: { open: '500ms', ramp: { from: 1 } },
      },
    },
    authors: { schema: './authors.graphql' },
  },
  log: { level: 'fatal' },
};
writeFileSync(file, JSON.stringify(written));
const transitions: string[] = [];
const server = await createServer({
  settings: loadSettings({ file, env: {} }).settings,
  env: {},
  onUpstreamEvent: (event) => {
    if (event.kind === 'breaker-changed') transitions.push(`${event.service} ${event.to}`);
  },
});
const url = `${await server.listen()}/graphql`;

let id = 0;
async function ask(field: keyof typeof ports): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: `query ($id: ID!) { ${field}(id: $id) }`, variables: { id: String(id++) } }),
  });
  const { data, errors } = (await response.json()) as { data: any; errors?: { extensions: { code: string } }[] };
  return data?.[field] === 'Flaubert' ? 'answered' : (errors?.[0]?.extensions.code ?? 'nothing');
}
const askMany = (field: keyof typeof ports, count: number) =>
  Promise.all(Array.from({ length: count }, () => ask(field)));

const before = await askMany('books', 5);
tc(dropToPort(ports.books));
let isSplit = true;
let asked = 0;
let answered = 0;
const asking = (async () => {
  while (isSplit) {
    await sleep(5);
    asked++;
    if ((await ask('authors')) === 'answered') answered++;
  }
})();
const during: string[] = [];
while (during.at(-1) !== 'CIRCUIT_OPEN') during.push(...(await askMany('books', 20)), await ask('books'));
tc('filter del dev lo egress');
let after = '';
while (after !== 'answered') {
  await sleep(20);
  after = await ask('books');
}
isSplit = false;
await asking;

console.log(JSON.stringify({ before, during, after, asked, answered, transitions } satisfies SplitResult));
await server.close();
for (const service of services) {
  service.closeAllConnections();
  service.close();
}
rmSync(folder, { recursive: true });
