/** A TCP server on loopback that answers with the bytes a test gives it, right or wrong. */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';

export interface RawRequest {
  readonly socket: Socket;
  /** Request line and header fields, as received. */
  readonly head: string;
  /** Number of the connection it came on, from 1. */
  readonly connection: number;
}

export interface RawServer {
  readonly url: string;
  readonly requests: readonly RawRequest[];
  readonly connections: number;
  /** Resolves with the nth request, counted from 1. */
  request(n: number): Promise<RawRequest>;
  close(): Promise<void>;
}

export type Answer = (request: RawRequest, n: number) => void;

/** Calls `answer` for each request head received; bodies of requests are not read. */
export async function startRawServer(answer: Answer): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const requests: RawRequest[] = [];
  const waiting: (() => void)[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    const connection = ++connections;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    let text = '';
    socket.on('data', (data) => {
      text += data.toString('latin1');
      if (!text.includes('\r\n\r\n')) return;
      const request = { socket, head: text.slice(0, text.indexOf('\r\n\r\n')), connection };
      text = '';
      requests.push(request);
      for (const notify of waiting.splice(0)) notify();
      answer(request, requests.length);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get connections() {
      return connections;
    },
    async request(n) {
      while (requests.length < n) await new Promise<void>((resolve) => waiting.push(resolve));
      return requests[n - 1]!;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The bytes of an answer with a correct Content-Length. */
export function httpAnswer(
  body: string | Uint8Array,
  { status = '200 OK', headers = ['content-type: application/json'] }: { status?: string; headers?: string[] } = {},
): Buffer {
  const bytes = Buffer.from(body);
  const head = [`HTTP/1.1 ${status}`, ...headers, `content-length: ${bytes.length}`, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
}
