/**
 * One request of the comparison's client and its answer, with the bytes that went over the wire. On node:http, because its
 * sockets count their bytes: headers, chunk framing and all.
 */
import { Agent, request as send, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

export interface ClientRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded. */
  readonly body: string;
}

export interface Exchange {
  readonly request: ClientRequest;
  readonly response: Answer;
  /** On the wire: request line, headers, body and framing. `decoded` is the body without its content coding. */
  readonly bytes: { readonly up: number; readonly down: number; readonly decoded: number };
  /** Milliseconds since the client began. */
  readonly start: number;
  readonly end: number;
  /** Dependent rounds count from 1; requests of one round are on their way together. */
  readonly round: number;
  /** `cache`: nothing was sent. `revalidated`: 304, the body is the client's own copy. */
  readonly source: 'network' | 'revalidated' | 'cache';
  readonly requestId: string;
}

export interface Connection {
  readonly send: (request: ClientRequest) => Promise<{ answer: Answer; bytes: Exchange['bytes'] }>;
  readonly close: () => void;
}

export interface ConnectionOptions {
  readonly url: string;
  /** Simulated time of a round trip, in milliseconds, waited before each request: loopback has none. */
  readonly roundTripMs: number;
}

/** Connections to one server, kept alive. */
export function connect({ url, roundTripMs }: ConnectionOptions): Connection {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(url);
  return {
    async send(request) {
      if (roundTripMs > 0) await wait(roundTripMs);
      return await new Promise((resolve, reject) => {
        let socket: Socket | undefined;
        let before = { read: 0, written: 0 };
        const body = request.body === undefined ? undefined : Buffer.from(request.body);
        const headers = {
          ...request.headers,
          ...(body === undefined ? {} : { 'content-length': String(body.length) }),
        };
        const outgoing = send({ agent, hostname, port, method: request.method, path: request.path, headers });
        outgoing.on('socket', (used) => {
          socket = used;
          before = { read: used.bytesRead, written: used.bytesWritten };
        });
        outgoing.on('error', reject);
        outgoing.on('response', (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () => {
            const bytes = decode(incoming, Buffer.concat(chunks));
            resolve({
              answer: { status: incoming.statusCode ?? 0, headers: headersOf(incoming), body: bytes.toString('utf8') },
              bytes: {
                up: (socket?.bytesWritten ?? 0) - before.written,
                down: (socket?.bytesRead ?? 0) - before.read,
                decoded: bytes.length,
              },
            });
          });
        });
        outgoing.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}

function decode({ headers }: IncomingMessage, bytes: Buffer): Buffer {
  switch (bytes.length === 0 ? undefined : headers['content-encoding']) {
    case 'gzip':
      return gunzipSync(bytes);
    case 'br':
      return brotliDecompressSync(bytes);
    case 'deflate':
      return inflateSync(bytes);
    default:
      return bytes;
  }
}

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
