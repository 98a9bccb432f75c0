/** Runs call-program.ts, as it is or under a command that takes something away from it. */
import { root } from '../repository/root.ts';
import { runProgram } from '../repository/run-program.ts';
import type { CallPlan, CallResult } from './call-program.ts';

const program = ['--import', 'tsx', '--conditions=source', 'test/nightly/call-program.ts'];

export interface RunCallsOptions extends CallPlan {
  /** A command that runs the one of its arguments. */
  readonly under?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export async function runCalls({ under = [], env = {}, settings, phases }: RunCallsOptions): Promise<CallResult[][]> {
  const plan = JSON.stringify({ settings, phases });
  const command = [...under, process.execPath, ...program, plan];
  const { code, out, err } = await runProgram(command, { folder: root, env });
  if (code !== 0) throw new Error(`The program ended with ${code}: ${err}`);
  return JSON.parse(out) as CallResult[][];
}
