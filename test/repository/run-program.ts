/** Programs as a container runs them: a command, an environment, signals, an exit code. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Program {
  readonly ended: Promise<Ended>;
  /** What the program prints when it answers, an address in it; rejects when it ends before. */
  readonly listening: Promise<string>;
  stop(): Promise<Ended>;
}

export interface RunOptions {
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * `node` in a command is the Node that runs the tests. Only PATH and HOME are passed on, as a container would have them; several
 * gateways may run at once, so each takes any free admin port.
 */
export function startProgram(command: readonly string[], { folder, env = {} }: RunOptions): Program {
  const [name, ...args] = command;
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(name === 'node' ? process.execPath : name!, args, {
    cwd: folder,
    env: { PATH, HOME, TRIBUTARY_SERVER__ADMIN__PORT: '0', ...env },
  });
  const texts = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.err += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...texts }));
  });
  const listening = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => texts.out.includes('http://') && resolve(texts.out));
    const fail = (result: Ended) =>
      reject(new Error(`The program ended with ${result.code}:\n${result.err}${result.out}`));
    ended.then(fail, reject);
  });
  // Whoever does not wait for it hears of the end by `ended`.
  listening.catch(() => {});
  return {
    ended,
    listening,
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

export const runProgram = (command: readonly string[], options: RunOptions): Promise<Ended> =>
  startProgram(command, options).ended;

/** A port nobody listens on at this moment. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
