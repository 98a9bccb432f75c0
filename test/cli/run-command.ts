/** Runs the command line in this process, as `npx tributary <args>` does, and gives what it printed. */
import { main } from '../../gateway/cli/main.ts';

export interface CommandResult {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

export async function runCommand(...args: string[]): Promise<CommandResult> {
  let [out, err] = ['', ''];
  const io = {
    out: (text: string) => void (out += `${text}\n`),
    err: (text: string) => void (err += `${text}\n`),
    env: {},
  };
  return { exitCode: await main(args, io), out, err };
}
