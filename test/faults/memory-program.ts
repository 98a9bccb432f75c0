/** A process of its own that calls a service with answers that are too large, and tells how far its memory rose: see F13. */
import { gzipSync } from 'node:zlib';
import { createUpstream, UpstreamError } from 'tributary-gateway/upstream';
import { httpAnswer, startRawServer, type Answer } from '../upstream/raw-server.ts';

const space = Buffer.alloc(0x4000, 0x20);
const bomb = httpAnswer(gzipSync(Buffer.alloc(50 * 1024 * 1024, 0x20)), {
  headers: ['content-type: application/json', 'content-encoding: gzip'],
});

/** Writes the same chunk again and again, as fast as it is read. */
const repeat =
  (head: string, chunk: Buffer, times: number): Answer =>
  ({ socket }) => {
    socket.write(head);
    let left = times;
    const more = () => {
      if (socket.destroyed || left-- === 0) return;
      socket.write(chunk, () => setImmediate(more));
    };
    more();
  };

const faults: Readonly<Record<string, Answer>> = {
  bomb: ({ socket }) => socket.write(bomb),
  plain: repeat('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n', space, 1280),
  headers: ({ socket }) => socket.write(`HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(70_000)}\r\ncontent-length: 2\r\n\r\n{}`),
  endless: repeat(
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
    Buffer.concat([Buffer.from('4000\r\n'), space, Buffer.from('\r\n')]),
    Number.POSITIVE_INFINITY,
  ),
};

const server = await startRawServer((request, n) => {
  const name = /^GET \/(\w+)/.exec(request.head)?.[1] ?? '';
  const fault = faults[name];
  if (fault === undefined) request.socket.write(httpAnswer('{}'));
  else fault(request, n);
});
const upstream = createUpstream({ settings: { breaker: { enabled: false } } });

async function call(path: string): Promise<string> {
  const context = {
    signal: new AbortController().signal,
    deadlineAt: performance.now() + 30_000,
    identity: '',
    requestId: '',
  };
  try {
    const url = `${server.url}/${path}`;
    const { status } = await upstream.call({ service: 'catalog', method: 'GET', url, headers: {}, context });
    return String(status);
  } catch (error) {
    return error instanceof UpstreamError ? error.code : String(error);
  }
}

for (let n = 0; n < 200; n++) await call(`warm-${n}`);
const peakBytes = () => process.resourceUsage().maxRSS * 1024;
const peakBefore = peakBytes();
const codes = new Set<string>();
for (let round = 0; round < 5; round++) for (const name of Object.keys(faults)) codes.add(await call(name));
console.log(JSON.stringify({ peakBefore, peakAfter: peakBytes(), codes: [...codes] }));
await upstream.close();
await server.close();
