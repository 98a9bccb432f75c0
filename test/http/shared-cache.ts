/** Real caches in front of a gateway, with the files of deploy/cache; what reaches the gateway is noted on the way. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as sendRequest } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readText } from '../repository/root.ts';
import { findFreePort } from '../repository/run-program.ts';

export interface SharedCache {
  readonly url: string;
  /** Requests that came through to the gateway, and how it answered: `GET /rest/books/1 304`. */
  readonly passed: string[];
  close(): Promise<void>;
}

export type CacheName = 'nginx' | 'varnish';

interface Kind {
  readonly program: string;
  readonly file: string;
  /** The command line for a folder that has the file, and the port to listen on. */
  readonly start: (folder: string, port: number) => readonly string[];
}

const kinds: Readonly<Record<CacheName, Kind>> = {
  nginx: {
    program: 'nginx',
    file: 'nginx.conf',
    start: (folder) => ['-p', folder, '-c', 'nginx.conf', '-g', 'daemon off;'],
  },
  varnish: {
    program: 'varnishd',
    file: 'varnish.vcl',
    start: (folder, port) => [
      ...['-F', '-j', 'none', '-n', join(folder, 'work'), '-a', `127.0.0.1:${port}`],
      ...['-f', join(folder, 'varnish.vcl'), '-s', 'malloc,32m'],
    ],
  },
};

export const isInstalled = (name: CacheName): boolean => spawnSync(kinds[name].program, ['-V']).error === undefined;

export async function startSharedCache(name: CacheName, gatewayUrl: string): Promise<SharedCache> {
  const { program, file, start } = kinds[name];
  const passed: string[] = [];
  const relay = await startRelay(new URL(gatewayUrl), passed);
  const port = await findFreePort();
  const folder = mkdtempSync(join(tmpdir(), 'tributary-cache-'));
  // The worker of an nginx that root starts is somebody else.
  chmodSync(folder, 0o755);
  const text = readText(`deploy/cache/${file}`);
  writeFileSync(join(folder, file), text.replace('8080', String(port)).replace('4000', String(relay.port)));
  const child = spawn(program, start(folder, port), { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (said: string) => (complaints += said));
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(`${name} does not start: ${complaints}`);
    await sleep(20);
  }
  return {
    url: `http://127.0.0.1:${port}`,
    passed,
    async close() {
      await stop(child);
      await relay.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startRelay({ hostname, port }: URL, passed: string[]) {
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    const onward = sendRequest({ hostname, port, method, path: url, headers }, (answer) => {
      passed.push(`${method} ${url} ${answer.statusCode}`);
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}
