/** A real etcd on loopback, where one is installed (Debian package etcd-server). */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
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

/** Paths of PEM files: it is reached by https, and asks for a certificate that the authority has signed. */
export interface EtcdTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export async function startEtcd(tls?: EtcdTls): Promise<Etcd> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-etcd-'));
  const endpoint = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${await findFreePort()}`;
  const peer = `http://127.0.0.1:${await findFreePort()}`;
  const urls = [
    ...['--listen-client-urls', endpoint, '--advertise-client-urls', endpoint],
    ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `default=${peer}`],
    ...(tls === undefined
      ? []
      : ['--cert-file', tls.cert, '--key-file', tls.key, '--trusted-ca-file', tls.ca, '--client-cert-auth']),
  ];
  const read = (path: string) => readFileSync(path, 'utf8');
  const shown = tls === undefined ? {} : { ca: read(tls.ca), cert: read(tls.cert), key: read(tls.key) };
  const dispatcher = new Agent({ connect: shown });
  let child: ChildProcess | undefined;
  const encode = (text: string) => Buffer.from(text).toString('base64');
  const post = async (path: string, body: unknown): Promise<any> => {
    const response = await request(endpoint + path, { method: 'POST', body: JSON.stringify(body), dispatcher });
    const { statusCode } = response;
    const answer = await response.body.json().catch(() => undefined);
    if (statusCode !== 200) throw new Error(`etcd answered ${statusCode}`);
    return answer;
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
    await dispatcher.destroy();
    rmSync(folder, { recursive: true, force: true });
  });
  await etcd.start();
  return etcd;
}
