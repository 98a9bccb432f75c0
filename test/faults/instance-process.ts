/** Instances of a service as processes, for signals: what SIGKILL and SIGSTOP do cannot be played within one process. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Instance } from '../../gateway/upstream/discovery/discovery.ts';

export interface InstanceProcess {
  readonly instance: Instance;
  /** As events name it. */
  readonly name: string;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: the kernel goes on to accept connections, and nobody answers. */
  stop(): void;
  /** Again at the same port. */
  restart(): Promise<void>;
}

export const startInstanceProcesses = (count: number): Promise<InstanceProcess[]> =>
  Promise.all(Array.from({ length: count }, startInstanceProcess));

async function startInstanceProcess(): Promise<InstanceProcess> {
  let port = 0;
  const start = async (): Promise<ChildProcess> => {
    const program = join(import.meta.dirname, 'instance.js');
    const child = spawn(process.execPath, [program, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    port = Number(String(line));
    return child;
  };
  let child = await start();
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  return {
    instance: { addr: '127.0.0.1', port, weight: 1, state: 'ready' },
    name: `127.0.0.1:${port}`,
    kill,
    stop: () => void child.kill('SIGSTOP'),
    async restart() {
      child = await start();
    },
  };
}
