/**
 * The gateway for a run of the benchmark, set up by the variables that every contestant gets: PORT, WORKLOAD, SUPERGRAPH.
 * ENGINE chooses the engine (tributary), SHARING=off lets no call share work with another. It is the product as users run
 * it: the supergraph is taken apart into subgraphs, and these are served by the settings written here.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Supergraph } from '@apollo/federation-internals';
import { createServer, loadSettings, stopOnSignals } from 'tributary-gateway';

const { PORT = '4000', WORKLOAD = 'fed', SUPERGRAPH, ENGINE = 'tributary', SHARING = 'on' } = process.env;
if (WORKLOAD !== 'fed' || SUPERGRAPH === undefined) {
  console.error('Only WORKLOAD=fed is served, with SUPERGRAPH naming the file of a supergraph');
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'tributary-bench-'));
const services: Record<string, unknown> = {};
for (const subgraph of Supergraph.build(readFileSync(SUPERGRAPH, 'utf8')).subgraphs()) {
  writeFileSync(join(folder, `${subgraph.name}.graphql`), sdlOf(subgraph.toString()));
  services[subgraph.name] = { schema: `${subgraph.name}.graphql`, url: subgraph.url };
}

/** What the parts of a supergraph do not say when printed: which fields may be shared, and that there is no Query. */
function sdlOf(printed: string): string {
  const shared = printed.replace(/^type (?!Query\b)\w+/gm, '$& @shareable');
  return /^type Query\b/m.test(shared) ? shared : shared.replace(/^schema([^{]*)\{[^}]*\}/, 'extend schema$1');
}

const written = {
  engine: ENGINE,
  server: { port: Number(PORT) },
  services,
  // As many calls at once as the load asks for: what is measured is work, not waiting.
  upstream: { coalesce: SHARING !== 'off', bulkhead: { concurrent: 10_000 } },
  log: { level: 'fatal' },
};
const file = join(folder, 'tributary.yaml');
writeFileSync(file, JSON.stringify(written, null, 2));
const { settings } = loadSettings({ file, env: {} });
const server = await createServer({ settings, env: {} });
rmSync(folder, { recursive: true, force: true });
console.log(await server.listen());
await stopOnSignals(() => server.close());
