/** `tributary connector`: picks what is to be done with the connectors; each loads only what it needs. */
import { didYouMean } from '../errors/did-you-mean.ts';
import type { CommandIo } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';

export interface ConnectorFlags {
  readonly config: string;
  readonly json?: boolean;
  readonly args?: string;
  readonly this?: string;
  readonly batch?: string;
  readonly context?: string;
  readonly header?: string | readonly string[];
  readonly response?: string;
  readonly status?: number;
  readonly junit?: string;
}

const actions = ['list', 'run', 'test'];

export async function connector(
  action: string,
  targets: readonly string[],
  flags: ConnectorFlags,
  io: CommandIo,
): Promise<ExitCode> {
  switch (action) {
    case 'list':
      return (await import('./connector-list.ts')).connectorList(flags, io);
    case 'run':
      return (await import('./connector-run.ts')).connectorRun(targets[0], flags, io);
    case 'test':
      return (await import('./connector-test.ts')).connectorTest(targets, flags, io);
    default:
      io.err(`error[USAGE] Unknown action "${action}" of connector. ${didYouMean(action, actions)}`);
      return exitCodes.usage;
  }
}
