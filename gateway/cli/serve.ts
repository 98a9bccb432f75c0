/** `tributary serve`: the gateway alone, over a user's own services, until it is told to stop. */
import { loadSettings } from '../config/index.ts';
import { formatFault } from '../errors/fault.ts';
import { createServer, type Server } from '../server/create-server.ts';
import { stopOnSignals } from '../server/stop-on-signals.ts';
import type { CommandIo } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';

export interface ServeFlags {
  readonly config: string;
  readonly json?: boolean;
  readonly port?: number;
  readonly host?: string;
}

export async function serve(flags: ServeFlags, io: CommandIo): Promise<ExitCode> {
  const overrides = {
    ...(flags.port === undefined ? {} : { 'server.port': String(flags.port) }),
    ...(flags.host === undefined ? {} : { 'server.host': flags.host }),
  };
  const load = () => loadSettings({ file: flags.config, env: io.env, flags: overrides });
  const { settings, warnings, env, file } = load();
  for (const warning of warnings) io.err(`warning[${warning.code}] ${warning.message}`);
  // A signal that comes while the gateway starts stops it as soon as it has.
  let isStopping = false;
  let tellStarted: (server: Server | undefined) => void = () => {};
  const started = new Promise<Server | undefined>((resolve) => (tellStarted = resolve));
  const stopped = stopOnSignals(async () => {
    isStopping = true;
    await (await started)?.close();
  });
  const server = await createServer({ settings, env, source: { file, load } });
  for (const warning of server.warnings) io.err(formatFault(warning));
  if (isStopping) {
    tellStarted(server);
    await stopped;
    return exitCodes.done;
  }
  try {
    const url = await server.listen();
    const addresses = {
      graphql: `${url}/graphql`,
      rest: server.facade ? `${url}${settings.facade.basePath}` : undefined,
      admin: server.adminUrl === undefined ? undefined : `${server.adminUrl}/admin/upstreams`,
    };
    if (flags.json === true) io.out(JSON.stringify({ event: 'listening', ...addresses }));
    else {
      io.out(`GraphQL  ${addresses.graphql}`);
      if (addresses.rest !== undefined) io.out(`REST     ${addresses.rest}`);
      if (addresses.admin !== undefined) io.out(`Admin    ${addresses.admin}`);
    }
  } catch (error) {
    await server.close();
    io.err(`error[NETWORK] Cannot listen: ${(error as Error).message}`);
    return exitCodes.network;
  }
  process.on('SIGHUP', () => void server.reload());
  tellStarted(server);
  await stopped;
  return exitCodes.done;
}
