/** A real etcd on loopback, where one is installed (Debian package etcd-server). */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { findFreePort } from '../../repository/run-program.ts';

const program = 'etcd';
export const hasEtcd = spawnSync(program, ['--version']).error === undefined;

export interface Etcd {
  readonly endpoint: string;
  put(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
  values(prefix: string): Promise<string[]>;
  post(path: string, body: unknown): Promise<any>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Again at the same address, with the same data. */
  start(): Promise<void>;
}

export async function startEtcd(): Promise<Etcd> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-etcd-'));
  const endpoint = `http://127.0.0.1:${await findFreePort()}`;
  const peer = `http://127.0.0.1:${await findFreePort()}`;
  const urls = [
    ...['--listen-client-urls', endpoint, '--advertise-client-urls', endpoint],
    ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `default=${peer}`],
  ];
  let child: ChildProcess | undefined;
  const encode = (text: string) => Buffer.from(text).toString('base64');
  const post = async (path: string, body: unknown): Promise<any> => {
    const response = await fetch(endpoint + path, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`etcd answered ${response.status}`);
    return response.json();
  };
  const etcd: Etcd = {
    endpoint,
    post,
    put: (key, value) => post('/v3/kv/put', { key: encode(key), value: encode(value) }),
    delete: (key) => post('/v3/kv/deleterange', { key: encode(key) }),
    async values(prefix) {
      // Prefixes of tests end in "/", and "0" comes right after it.
      const range = { key: encode(prefix), range_end: encode(`${prefix.slice(0, -1)}0`) };
      const { kvs = [] } = (await post('/v3/kv/range', range)) as { kvs?: { value: string }[] };
      return kvs.map(({ value }) => Buffer.from(value, 'base64').toString('utf8'));
    },
    async kill() {
      const ending = child;
      child = undefined;
      if (ending === undefined) return;
      const ended = new Promise((resolve) => ending.once('exit', resolve));
      ending.kill('SIGKILL');
      await ended;
    },
    async start() {
      child = spawn(program, ['--data-dir', folder, '--log-level', 'fatal', ...urls], { stdio: 'ignore' });
      // Until it has a leader it answers with an error.
      while (
        !(await etcd.values('/ready/').then(
          () => true,
          // With authentication on, being refused means that it is there.
          (error: Error) => /answered (400|401)$/.test(error.message),
        ))
      )
        await sleep(20);
    },
  };
  onTestFinished(async () => {
    await etcd.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  await etcd.start();
  return etcd;
}
