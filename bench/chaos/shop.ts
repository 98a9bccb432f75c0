/**
 * The bookshop as a chaos run needs it: each service a process of its own (built, so that it starts fast) with data on disk,
 * so that it can be killed and stopped, behind a proxy that breaks connections; and the gateway in this process. Orders finds
 * catalog and inventory through the same proxies.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, loadSettings } from 'tributary-gateway';
import { prepareTemplate } from '../../subgraphs/chassis/pglite-database.ts';
import { serviceNames, type ServiceName } from '../../subgraphs/start-bookshop.ts';
import { startFaultProxy, type FaultProxy } from '../../test/faults/fault-proxy.ts';

export interface ChaosService {
  readonly name: ServiceName;
  readonly proxy: FaultProxy;
  /** Past the proxy. */
  readonly directUrl: string;
  kill(): Promise<void>;
  /** Resolves when it answers again. */
  restart(): Promise<void>;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
}

export interface ChaosShop {
  readonly url: string;
  readonly services: Readonly<Record<ServiceName, ChaosService>>;
  close(): Promise<void>;
}

type Env = Readonly<Record<string, string>>;

export async function startChaosShop(): Promise<ChaosShop> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-chaos-'));
  const services: Partial<Record<ServiceName, ChaosService>> = {};
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of closing.toReversed()) await end();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await prepareTemplate();
    for (const name of serviceNames) {
      const env = urlsOf(services);
      const { service, end } = await startChaosService(name, { ...env, DATA_DIR: folder });
      services[name] = service;
      closing.push(end);
    }
    const env = {
      ...urlsOf(services),
      TRIBUTARY_SERVER__PORT: '0',
      TRIBUTARY_SERVER__ADMIN__PORT: '0',
      TRIBUTARY_LOG__LEVEL: 'fatal',
    };
    const { settings } = loadSettings({ file: 'tributary.yaml', env });
    const server = await createServer({ settings, env });
    const url = await server.listen();
    closing.push(() => server.close());
    return { url, services: services as Record<ServiceName, ChaosService>, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const urlsOf = (services: Partial<Record<ServiceName, ChaosService>>): Env =>
  Object.fromEntries(
    Object.entries(services).map(([name, { proxy }]) => [`${name.toUpperCase()}_URL`, proxy.url] as const),
  );

async function startChaosService(name: ServiceName, env: Env) {
  let { child, port } = await startProcess(name, 0, env);
  const proxy = await startFaultProxy({ target: () => port });
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  const service: ChaosService = {
    name,
    proxy,
    directUrl: `http://127.0.0.1:${port}`,
    kill,
    async restart() {
      ({ child, port } = await startProcess(name, port, env));
    },
    signal: (signal) => void child.kill(signal),
  };
  const end = async () => {
    await kill();
    await proxy.close();
  };
  return { service, end };
}

function startProcess(name: ServiceName, port: number, env: Env): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, ['dist/subgraphs/service.js', name, '--port', String(port)], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const complain = (chunk: Buffer) => {
    output = (output + String(chunk)).slice(-2000);
  };
  child.stderr.on('data', complain);
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`${name} did not start: ${output}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      complain(chunk);
      const found = /answers at \S+:(\d+)/.exec(output)?.[1];
      if (found !== undefined) resolve({ child, port: Number(found) });
    });
  });
}
