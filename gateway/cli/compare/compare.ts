/** `tributary compare`: the same tasks over levels 0 to 3 and over GraphQL, measured on a gateway of its own. */
import { writeFileSync } from 'node:fs';
import { printCsv } from '../../compare/print-csv.ts';
import { printTable } from '../../compare/print-table.ts';
import { renderPage } from '../../compare/render-page.ts';
import { NeedError } from '../../compare/run-case.ts';
import { runComparison } from '../../compare/run-comparison.ts';
import type { Report } from '../../compare/report.ts';
import { loadSettings } from '../../config/index.ts';
import { readUseCases } from '../../server/compare/read-use-cases.ts';
import type { CommandIo } from '../command.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { printOutcome } from '../report.ts';
import { startGateway } from './start-gateway.ts';

export interface CompareFlags {
  readonly config: string;
  readonly json?: boolean;
  readonly rtt: string | number;
  readonly n: string | number;
  readonly cold?: boolean;
  readonly csv?: string;
  readonly html?: string;
}

export async function compare(files: readonly string[], flags: CompareFlags, io: CommandIo): Promise<ExitCode> {
  const roundTrips = String(flags.rtt).split(',').map(Number);
  const runs = Number(flags.n);
  if (roundTrips.some((time) => !(time >= 0)) || !(Number.isInteger(runs) && runs > 0)) {
    io.err('error[USAGE] Expected --rtt 0,50,150 (milliseconds) and --n 20 (runs)');
    return exitCodes.usage;
  }
  const { settings } = loadSettings({ file: flags.config, env: io.env });
  const places = files.length > 0 ? files : settings.compare.cases === undefined ? [] : [settings.compare.cases];
  const cases = readUseCases(places);
  if (cases.length === 0) {
    io.err('error[USAGE] No use cases: name files or folders, or set compare.cases');
    return exitCodes.usage;
  }
  const gateway = await startGateway(flags.config, io.env);
  try {
    let number = Date.now();
    const report = await runComparison({
      ...{ gateway, cases, runs, roundTrips, at: new Date() },
      delayedRuns: Math.min(runs, 3),
      mode: flags.cold === true ? 'cold' : 'warm',
      nextNumber: () => number++,
      now: () => performance.now(),
      onCase: (name) => io.err(`  ${name}`),
    });
    return print(report, flags, io);
  } catch (error) {
    if (!(error instanceof NeedError)) throw error;
    io.err(`error[NETWORK] ${error.message}`);
    return exitCodes.network;
  } finally {
    await gateway.close();
  }
}

function print(report: Report, flags: CompareFlags, io: CommandIo): ExitCode {
  for (const [file, render] of [
    [flags.csv, printCsv],
    [flags.html, renderPage],
  ] as const) {
    if (file === undefined) continue;
    writeFileSync(file, render(report));
    io.err(`Written: ${file}`);
  }
  const outcome = { exitCode: exitCodes.done, data: report, text: printTable(report) };
  return printOutcome('compare', outcome, flags.json === true, io);
}
