/** `tributary serve`: the gateway alone, over a user's own services, until it is told to stop. */
import { loadSettings } from '../config/index.ts';
import { createServer } from '../server/create-server.ts';
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
  const { settings, warnings, env } = loadSettings({ file: flags.config, env: io.env, flags: overrides });
  for (const warning of warnings) io.err(`warning[${warning.code}] ${warning.message}`);
  const server = await createServer({ settings, env });
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
  await stopOnSignals(() => server.close());
  return exitCodes.done;
}
