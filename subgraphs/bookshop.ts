/** `npm start`: the five services of the bookshop, the gateway over them, the facade and the pages, in one process. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createServer, FaultsError, loadSettings, stopOnSignals } from 'tributary-gateway';
import { findPackageFile } from './chassis/find-contract.ts';
import { defaultPorts, serviceNames, startBookshop, type Bookshop, type ServiceName } from './start-bookshop.ts';

const usage = 'Usage: npm start -- [--ephemeral]    (keep no data between runs)';

async function run(): Promise<void> {
  const { values } = parseArgs({ options: { ephemeral: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help === true) return console.log(usage);
  const { env } = process;
  const settingsFile = findPackageFile('tributary.yaml');
  const folder = values.ephemeral === true ? undefined : (env['DATA_DIR'] ?? findPackageFile('.data'));
  // The settings are read first: a mistake in them must not cost a start of five services.
  loadSettings({ file: settingsFile, env });
  const bookshop = await startBookshop({
    env,
    folder,
    host: '127.0.0.1',
    ports: readPorts(env),
    onError: (error, requestId) => console.error(requestId, error),
  });
  try {
    await serveGateway(settingsFile, bookshop, { ...env, IDEMPOTENCY_STORE: chooseStore(env, folder) });
  } finally {
    await bookshop.close();
  }
}

async function serveGateway(file: string, bookshop: Bookshop, env: NodeJS.ProcessEnv): Promise<void> {
  const addresses = Object.entries(bookshop.urls).map(([name, url]) => [`${name.toUpperCase()}_URL`, url]);
  const load = () => loadSettings({ file, env: { ...env, ...Object.fromEntries(addresses) } });
  const loaded = load();
  const server = await createServer({ settings: loaded.settings, env: loaded.env, source: { file, load } });
  const url = await server.listen();
  console.log(describe(url, bookshop));
  if (server.adminUrl !== undefined) console.error(`\nAdmin        ${server.adminUrl}/admin/upstreams`);
  await stopOnSignals(() => server.close());
}

/** Answers under idempotency keys outlive the process where the data of the services does. */
function chooseStore({ IDEMPOTENCY_STORE, DATABASE_URL }: NodeJS.ProcessEnv, folder: string | undefined): string {
  const chosen = IDEMPOTENCY_STORE ?? DATABASE_URL ?? '';
  if (chosen !== '') return chosen;
  return folder === undefined ? 'memory' : `pglite:${resolve(folder, 'gateway')}`;
}

function readPorts(env: NodeJS.ProcessEnv): Record<ServiceName, number> {
  const ports = serviceNames.map((name) => [name, Number(env[`${name.toUpperCase()}_PORT`] ?? defaultPorts[name])]);
  return Object.fromEntries(ports) as Record<ServiceName, number>;
}

const describe = (url: string, { urls }: Bookshop): string => `
Bookshop     ${url}/
GraphQL      ${url}/graphql   (in a browser: the console; with ?ide=sandbox Apollo Sandbox, when the network allows)
Console      ${url}/console
REST         ${url}/rest
REST docs    ${url}/rest/docs
Comparison   ${url}/compare
Services     ${Object.entries(urls)
  .map(([name, address]) => `${name} ${address}`)
  .join('  ')}

A query over four services, to paste into ${url}/graphql :
  { books(first: 5) { nodes { title authors { name } rating { average count } stock } } }

Three lines for the shell:
  curl -s ${url}/rest/books/madame-bovary
  curl -si '${url}/rest/books?title=prince&first=3' -H 'accept: application/hal+json'
  curl -s ${url}/graphql -H 'content-type: application/json' -d '{"query":"{ book(id: \\"le-petit-prince\\") { title authors { name } stock } }"}'

Ctrl-C stops everything.`;

try {
  await run();
} catch (error) {
  const isKnown = error instanceof FaultsError || (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  console.error(isKnown ? (error as Error).message : error);
  process.exitCode = 1;
}
