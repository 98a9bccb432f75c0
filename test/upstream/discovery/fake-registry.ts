/** A registry that a test plays: an HTTP server on loopback, its requests handed over one by one. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface RegistryExchange {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: any;
  readonly response: ServerResponse;
  /** Ends the answer with this. */
  readonly answer: (value: unknown, options?: { status?: number; headers?: Record<string, string> }) => void;
  /** One line of an answer that goes on. */
  readonly line: (value: unknown) => void;
}

export async function startFakeRegistry(handle: (exchange: RegistryExchange) => void) {
  const exchanges: RegistryExchange[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const exchange: RegistryExchange = {
        method: request.method ?? '',
        url: new URL(request.url ?? '/', 'http://registry'),
        headers: request.headers,
        body: text === '' ? undefined : JSON.parse(text),
        response,
        answer: (value, { status = 200, headers = {} } = {}) =>
          void response.writeHead(status, headers).end(typeof value === 'string' ? value : JSON.stringify(value)),
        line: (value) => void response.write(`${JSON.stringify(value)}\n`),
      };
      exchanges.push(exchange);
      for (const notify of waiting) notify();
      handle(exchange);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    /** The nth request, counted from 1. */
    async exchange(n: number): Promise<RegistryExchange> {
      while (exchanges.length < n) await new Promise<void>((resolve) => waiting.add(resolve));
      return exchanges[n - 1]!;
    },
  };
}
