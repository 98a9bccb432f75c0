/** Runs one service as a program of its own: `npm run service -- catalog`. */
import { findPackageFile } from './chassis/find-contract.ts';
import { parseArgs } from 'node:util';
import { stopOnSignals, surviveRejections } from 'tributary-gateway';
import {
  chooseStorage,
  createBookshopService,
  defaultPorts,
  serviceNames,
  type ServiceName,
} from './start-bookshop.ts';

const usage = `Usage: npm run service -- <${serviceNames.join('|')}> [--port N] [--host ADDRESS] [--ephemeral]`;

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { port: { type: 'string' }, host: { type: 'string' }, ephemeral: { type: 'boolean' } },
  });
  const name = serviceNames.find((known) => known === positionals[0]);
  if (name === undefined) {
    process.stderr.write(`${positionals[0] === undefined ? '' : `No service "${positionals[0]}". `}${usage}\n`);
    return 2;
  }
  const { env } = process;
  const folder = values.ephemeral === true ? undefined : (env['DATA_DIR'] ?? findPackageFile('.data'));
  const service = await createBookshopService(name, {
    storage: chooseStorage(name, { env, folder }),
    isSeeded: true,
    catalogUrl: env['CATALOG_URL'] ?? `http://127.0.0.1:${defaultPorts.catalog}`,
    inventoryUrl: env['INVENTORY_URL'] ?? `http://127.0.0.1:${defaultPorts.inventory}`,
    onError: (error, requestId) => console.error(`[${name}] ${requestId}`, error),
  });
  surviveRejections((error) => console.error(`[${name}]`, error));
  const host = values.host ?? env['HOST'] ?? '127.0.0.1';
  const url = await service.listen({ host, port: readPort(name, values.port, env) });
  console.log(`${name} answers at ${url}`);
  await stopOnSignals(() => service.close());
  return 0;
}

function readPort(name: ServiceName, flag: string | undefined, env: NodeJS.ProcessEnv): number {
  const text = flag ?? env[`${name.toUpperCase()}_PORT`] ?? env['PORT'];
  if (text === undefined) return defaultPorts[name];
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new RangeError(`Port is "${text}", expected a number from 0 to 65535`);
}

try {
  process.exitCode = await run();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
