/** Prints how a command ended: faults with their code frames, or one JSON document. */
import type { CommandIo, CommandReport, Finding } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';

interface FaultLike {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly range?: { file: string; line: number; column: number; endLine: number; endColumn: number };
  readonly hint?: string;
}

export interface Outcome {
  readonly exitCode: ExitCode;
  readonly data: unknown;
  /** What a person reads on stdout. */
  readonly text: string;
  readonly findings?: readonly FaultLike[];
}

export function printOutcome(command: string, outcome: Outcome, isJson: boolean, io: CommandIo): ExitCode {
  const { exitCode, data, text, findings = [] } = outcome;
  if (isJson) {
    const report: CommandReport = { command, ok: exitCode === 0, exitCode, data, findings: findings.map(toFinding) };
    io.out(JSON.stringify(report, undefined, 2));
  } else if (text !== '') io.out(text);
  return exitCode;
}

/** Faults of a user's files are told from faults of ours by their class, loaded only when something failed. */
export async function printFailure(command: string, error: unknown, isJson: boolean, io: CommandIo): Promise<ExitCode> {
  const { FaultsError } = await import('../errors/fault.ts');
  if (!(error instanceof FaultsError)) {
    io.err(`error[INTERNAL] ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    io.err('This is a fault of Tributary: please report it with the text above');
    return exitCodes.internal;
  }
  const isSettings = error.faults.some((fault) => fault.code.startsWith('CONFIG_'));
  const exitCode = isSettings ? exitCodes.settings : exitCodes.composition;
  if (isJson) printOutcome(command, { exitCode, data: null, text: '', findings: error.faults }, true, io);
  else io.err(error.message);
  return exitCode;
}

function toFinding({ code, severity, message, range, hint }: FaultLike): Finding {
  return { code, severity, message, ...range, ...(hint === undefined ? {} : { suggestion: hint }) };
}
