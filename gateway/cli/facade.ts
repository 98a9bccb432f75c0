/** `tributary facade`: picks what is to be told of the REST side. */
import { didYouMean } from '../errors/did-you-mean.ts';
import type { CommandIo } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import type { FacadeVersionsFlags } from './facade-versions.ts';

export async function facade(action: string, flags: FacadeVersionsFlags, io: CommandIo): Promise<ExitCode> {
  switch (action) {
    case 'versions':
      return (await import('./facade-versions.ts')).facadeVersions(flags, io);
    default:
      io.err(`error[USAGE] Unknown action "${action}" of facade. ${didYouMean(action, ['versions'])}`);
      return exitCodes.usage;
  }
}
