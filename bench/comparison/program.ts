/** One program of the comparison: started on a port, asked what it used, stopped. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

export interface Usage {
  /** User and system time since the start, in milliseconds. */
  readonly cpuMs: number;
  readonly peakMemoryMb: number;
}

export interface Program {
  readonly url: string;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

export interface ProgramOptions {
  readonly file: string;
  readonly args?: (port: number) => readonly string[];
  readonly folder?: string;
  readonly env: Readonly<Record<string, string>>;
}

const hook = fileURLToPath(import.meta.resolve('./report-usage.js'));

/** Starts `file` and waits until something listens on its port. Rejects with what it printed when it ends before that. */
export async function startProgram({ file, args, folder, env }: ProgramOptions): Promise<Program> {
  const port = await findFreePort();
  const child = fork(file, [...(args?.(port) ?? [])], {
    ...{ execArgv: ['--import', hook], cwd: folder ?? process.cwd(), stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
    env: { ...process.env, NODE_ENV: 'production', PORT: String(port), ...env },
  });
  let printed = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (text) => (printed = `${printed}${text}`.slice(-2000)));
  const url = `http://127.0.0.1:${port}`;
  const isUp = await untilAnswers(url, child);
  if (!isUp) {
    child.kill('SIGKILL');
    throw new Error(`${file} does not listen: ${printed.trim()}`);
  }
  return {
    url,
    usage: async () => {
      child.send('usage');
      const [usage] = (await once(child, 'message')) as [Usage];
      return usage;
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function untilAnswers(url: string, child: ChildProcess): Promise<boolean> {
  for (let attempt = 0; attempt < 300 && child.exitCode === null; attempt++) {
    const isUp = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isUp) return true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
