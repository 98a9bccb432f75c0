/** F37: SIGTERM while the gateway starts, under load, and twice while it stops, on a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { schemaWith } from './reloading-gateway.ts';

const program = `
import { main } from './gateway/cli/main.ts';
const armed = setInterval(() => {
  if (process.listenerCount('SIGTERM') === 0) return;
  clearInterval(armed);
  console.log('armed');
}, 1);
process.exitCode = await main(['serve', '--config', process.argv[1]]);
`;

/** `onLine` hears what the gateway prints, and may send it SIGTERM. */
function serve(serviceUrl: string, onLine: (line: string, send: () => void) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-signals-'));
  const file = join(folder, 'tributary.yaml');
  writeFileSync(join(folder, 'books.graphql'), schemaWith('title: String'));
  const settings = {
    // However slow the machine is: nothing is refused or given up for that.
    server: {
      port: 0,
      admin: { enabled: false },
      rateLimit: { enabled: false },
      deadline: '10m',
      overload: { loopDelay: '1h' },
    },
    upstream: { deadline: { attempt: '5m', call: '8m', headers: '5m' } },
    services: { books: { schema: './books.graphql' } },
    connectors: { sources: { 'books.api': { override_url: serviceUrl } } },
  };
  writeFileSync(file, JSON.stringify(settings));
  const args = ['--import', 'tsx', '--conditions=source', '--input-type=module', '-e', program, file];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.on('data', (data) => {
    for (const line of String(data).split('\n')) onLine(line, () => child.kill('SIGTERM'));
  });
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exit;
    rmSync(folder, { recursive: true });
  });
  return { exit, term: () => child.kill('SIGTERM') };
}

/** Answers at once, but for what begins with "held": that waits for `release`. */
async function startService() {
  const held: ServerResponse[] = [];
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url!.startsWith('/books/held')) held.push(response);
    else response.end('{"id":"b","title":"Title"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    held,
    release: () => held.forEach((response) => response.end('{"id":"b","title":"Title"}')),
  };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 1));

describe('F37 signals', { timeout: 120_000 }, () => {
  it('SIGTERM while it starts ends it with code 0', async () => {
    expect(await serve('http://127.0.0.1:1', (line, send) => line === 'armed' && send()).exit).toBe(0);
  });

  it('SIGTERM under load: readiness first, what is in flight is answered in full, 0 requests fail, code 0', async () => {
    const service = await startService();
    let onUrl: (url: string) => void = () => {};
    const listening = new Promise<string>((resolve) => (onUrl = resolve));
    const { exit, term } = serve(service.url, (line) => {
      const url = /^GraphQL +(\S+)/.exec(line)?.[1];
      if (url !== undefined) onUrl(url);
    });
    const url = await listening;
    const ask = async (id: string) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: `{ book(id: "${id}") { title } }` }),
      });
      const isFull = (await response.text()) === '{"data":{"book":{"title":"Title"}}}';
      return { isAnswered: response.status === 200 && isFull, isLast: response.headers.get('connection') === 'close' };
    };
    const inFlight = Array.from({ length: 20 }, (_, n) => ask(`held-${n}`));
    while (service.held.length < 20) await pause();
    // As behind a balancer: whoever is told that a connection ends goes elsewhere.
    let answered = 0;
    const clients = Array.from({ length: 10 }, async (_, client) => {
      for (let n = 0; ; n++) {
        const { isAnswered, isLast } = await ask(`${client}-${n}`);
        if (!isAnswered) return 'failed';
        answered++;
        if (isLast) return 'left';
      }
    });
    while (answered < 100) await pause();
    term();
    const readiness = new URL('/health/ready', url);
    let ready = await fetch(readiness);
    while (ready.status === 200) ready = await fetch(readiness);
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'draining' }]);
    expect(await Promise.all(clients)).toEqual(clients.map(() => 'left'));
    service.release();
    expect(await Promise.all(inFlight)).toEqual(inFlight.map(() => ({ isAnswered: true, isLast: true })));
    expect(await exit).toBe(0);
  });

  it('a second SIGTERM ends it at once with code 1', async () => {
    const service = await startService();
    const { exit } = serve(service.url, (line, send) => {
      const url = /^GraphQL +(\S+)/.exec(line)?.[1];
      if (url === undefined) return;
      // Work in flight holds up the stop, so that the second signal comes within it.
      const query = encodeURIComponent('{ book(id: "held") { title } }');
      fetch(`${url}?query=${query}`, { headers: { 'apollo-require-preflight': '1' } }).catch(() => {});
      void (async () => {
        while (service.held.length < 1) await pause();
        send();
        const readiness = new URL('/health/ready', url);
        while ((await fetch(readiness).catch(() => undefined))?.status === 200) await pause();
        send();
      })();
    });
    expect(await exit).toBe(1);
  });
});
