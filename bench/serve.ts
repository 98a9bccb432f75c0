/**
 * The gateway for a run of the benchmark, set up by the variables that every contestant gets: PORT, WORKLOAD, SUPERGRAPH of
 * `fed`, SCHEMA and UPSTREAM_URL of `rest1`, `rest2` and `rest3`. ENGINE chooses the engine (tributary), SHARING=upstream lets
 * calls to services share work and whole requests not, SHARING=off neither; ANSWERS says whether what is made of an answer is
 * kept for equal ones (as SHARING, unless told); BATCH=on fetches the users of one request by key list. It is the product as
 * users run it: a supergraph is taken apart into subgraphs, a REST schema gets connectors, and these are served by the
 * settings written here.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Supergraph } from '@apollo/federation-internals';
import { createServer, loadSettings, stopOnSignals } from 'tributary-gateway';

const { PORT = '4000', WORKLOAD = 'fed', ENGINE = 'tributary', SHARING = 'on', BATCH = 'off' } = process.env;
const { ANSWERS = SHARING === 'off' ? 'off' : 'on' } = process.env;
const { SUPERGRAPH, SCHEMA, UPSTREAM_URL } = process.env;

const folder = mkdtempSync(join(tmpdir(), 'tributary-bench-'));
const services: Record<string, unknown> = {};
if (WORKLOAD === 'fed') writeSubgraphs(required(SUPERGRAPH, 'SUPERGRAPH'));
else writeConnectors(required(SCHEMA, 'SCHEMA'), required(UPSTREAM_URL, 'UPSTREAM_URL'));

function required(value: string | undefined, name: string): string {
  if (value !== undefined) return value;
  console.error(`WORKLOAD=${WORKLOAD} needs ${name}`);
  process.exit(2);
}

function writeSubgraphs(supergraph: string): void {
  for (const subgraph of Supergraph.build(readFileSync(supergraph, 'utf8')).subgraphs()) {
    writeFileSync(join(folder, `${subgraph.name}.graphql`), sdlOf(subgraph.toString()));
    services[subgraph.name] = { schema: `${subgraph.name}.graphql`, url: subgraph.url };
  }
}

/** What the parts of a supergraph do not say when printed: which fields may be shared, and that there is no Query. */
function sdlOf(printed: string): string {
  const shared = printed.replace(/^type (?!Query\b)\w+/gm, '$& @shareable');
  return /^type Query\b/m.test(shared) ? shared : shared.replace(/^schema([^{]*)\{[^}]*\}/, 'extend schema$1');
}

function writeConnectors(schema: string, upstreamUrl: string): void {
  const keyList = BATCH === 'on' ? '@tributaryKeyList(get: "/users", param: "id", style: REPEAT)' : '';
  const connect = (get: string, selection: string) =>
    `@connect(source: "shop", http: { GET: "${get}" }, selection: "${selection}")`;
  const head = `extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.13", import: ["@key"])
    @link(url: "https://specs.apollo.dev/connect/v0.4", import: ["@source", "@connect"])
    @source(name: "shop", http: { baseURL: "${upstreamUrl.replace(/\/$/, '')}" })\n`;
  const sdl = readFileSync(schema, 'utf8')
    .replace('posts: [Post]', `posts: [Post] ${connect('/posts', 'id userId title body')}`)
    .replace('greet: String!', `greet: String! @connect(selection: "$('Hello World!')")`)
    .replace(
      'user: User',
      `user: User ${connect('/users/{$this.userId}', 'id name username email phone website')} ${keyList}`,
    );
  writeFileSync(join(folder, 'shop.graphql'), head + sdl);
  services['shop'] = { schema: 'shop.graphql' };
}

const written = {
  engine: ENGINE,
  // As much at once as the load asks for: what is measured is work, not waiting and not refusing.
  server: {
    ...{ port: Number(PORT), admin: { enabled: false } },
    overload: { operations: 100_000, loopDelay: '10s' },
  },
  services,
  upstream: {
    coalesce: SHARING !== 'off',
    cache: { enabled: SHARING !== 'off' },
    bulkhead: { concurrent: 10_000 },
  },
  sharing: { operations: SHARING === 'on', answers: ANSWERS === 'on' },
  log: { level: 'fatal' },
};
const file = join(folder, 'tributary.yaml');
writeFileSync(file, JSON.stringify(written, null, 2));
const { settings } = loadSettings({ file, env: {} });
const server = await createServer({ settings, env: {} });
rmSync(folder, { recursive: true, force: true });
console.log(await server.listen());
await stopOnSignals(() => server.close());
