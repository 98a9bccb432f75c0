/** `tributary connector list`: every connector, what it calls, and where it stands. Nothing is sent. */
import type { CommandIo } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { refuseToCall } from './load-graph-offline.ts';
import { loadTrials } from './load-trials.ts';
import { printOutcome } from './report.ts';

export async function connectorList(flags: { config: string; json?: boolean }, io: CommandIo): Promise<ExitCode> {
  const rows = loadTrials(flags.config, io.env, () => refuseToCall).map(
    ({ coordinate, kind, call, source, range: { file, line } }) => ({
      coordinate,
      kind,
      call,
      source: source ?? null,
      place: `${file}:${line}`,
    }),
  );
  const width = Math.max(0, ...rows.map(({ coordinate }) => coordinate.length));
  const lines = rows.map(
    ({ coordinate, kind, call, place }) => `${coordinate.padEnd(width)}  ${kind.padEnd(6)}  ${call}  ${place}`,
  );
  const text = lines.length === 0 ? 'No connectors: every service has an address of its own' : lines.join('\n');
  return printOutcome('connector list', { exitCode: exitCodes.done, data: rows, text }, flags.json === true, io);
}
