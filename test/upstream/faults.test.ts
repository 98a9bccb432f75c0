// The fault table of upstream.md, section 14: F1, F3 to F8, F10 to F15, against real sockets and a clock that stands still.
import { gzipSync, brotliCompressSync, deflateSync, deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { once, startHarness } from './harness.ts';
import { deferred } from './policies/call.ts';
import { httpAnswer, startRawServer, type Answer } from './raw-server.ts';

const json = (text: string) => httpAnswer(text);
const end =
  (bytes: string | Buffer): Answer =>
  ({ socket }) =>
    socket.end(bytes);
const write =
  (bytes: string | Buffer): Answer =>
  ({ socket }) =>
    socket.write(bytes);

const silent: Answer = () => {};

const withWrongChecksum = (bytes: Buffer) => Buffer.from(bytes).fill(0xff, bytes.length - 8, bytes.length - 4);
const encoded = (encoding: string, bytes: Uint8Array) =>
  httpAnswer(bytes, { headers: ['content-type: application/json', `content-encoding: ${encoding}`] });

/** The answer, and when its connection has closed. */
function watchClose(answer: Answer): [Answer, Promise<void>] {
  const { promise, resolve } = deferred<void>();
  return [
    (request, n) => {
      request.socket.on('close', () => resolve());
      answer(request, n);
    },
    promise,
  ];
}

/** A connection is free again a few turns after its answer; the last test but one fails if these do not suffice. */
const untilIdle = async () => {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe('F1 connection refused', () => {
  test('a service that does not listen is UPSTREAM_UNREACHABLE, and any method may be repeated', async () => {
    const gone = await startRawServer(() => {});
    await gone.close();
    const { fail } = await startHarness(() => {}, once);
    const error = await fail({ url: `${gone.url}/books`, method: 'POST', body: '{}' });
    expect(error).toMatchObject({
      code: 'UPSTREAM_UNREACHABLE',
      reason: 'refused',
      dispatched: false,
      retryable: true,
    });
    expect(error.message).toBe('Cannot reach service "catalog"');
  });

  test('a POST that was never sent is tried again, twice', async () => {
    const gone = await startRawServer(() => {});
    await gone.close();
    const { fail, clock, events } = await startHarness(() => {});
    const failed = fail({ url: `${gone.url}/books`, method: 'POST', body: '{}' });
    await clock.untilScheduled(25);
    clock.advance(25);
    await clock.untilScheduled(50);
    clock.advance(50);
    await failed;
    expect(events.filter((event) => event.kind === 'attempt-started')).toHaveLength(3);
  });
});

describe.each<[string, Answer]>([
  ['F3 connection closed without a response', ({ socket }) => socket.end()],
  ['F4 reset before the response', ({ socket }) => socket.resetAndDestroy()],
])('%s', (_name, fault) => {
  test('a GET is sent again', async () => {
    const { send, server, clock } = await startHarness((request, n) => {
      if (n === 1) fault(request, n);
      else request.socket.write(json('{"ok":true}'));
    });
    const answered = send();
    await clock.untilScheduled(25);
    clock.advance(25);
    expect((await answered).body).toEqual({ kind: 'json', value: { ok: true } });
    expect(server.requests).toHaveLength(2);
  });

  test('a POST is sent once, and may not be repeated', async () => {
    const { fail, server } = await startHarness(fault);
    const error = await fail({ method: 'POST', body: '{}' });
    expect(error).toMatchObject({ code: 'UPSTREAM_UNREACHABLE', reason: 'closed', dispatched: true, retryable: false });
    expect(server.requests).toHaveLength(1);
  });

  test('a POST with an Idempotency-Key is sent again', async () => {
    const { send, server, clock } = await startHarness((request, n) => {
      if (n === 1) fault(request, n);
      else request.socket.write(json('{}'));
    });
    const answered = send({ method: 'POST', body: '{}', headers: { 'idempotency-key': 'a' } });
    await clock.untilScheduled(25);
    clock.advance(25);
    await answered;
    expect(server.requests).toHaveLength(2);
  });
});

describe('F5 the answer stops inside the body', () => {
  test.each<[string, Answer]>([
    ['an end before Content-Length', end(Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{"a":1}'))],
    ['an end inside a chunk', end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n20\r\n{"a":1}')],
    [
      'an end inside a chunk of a closing connection',
      end('HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n20\r\n{"a":1}'),
    ],
    ['an end between chunks', end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n7\r\n{"a":1}\r\n')],
    [
      'an end before Content-Length of a closing connection',
      end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 20\r\n\r\n{"a":1}'),
    ],
    ['no length, and JSON that stops', end('HTTP/1.1 200 OK\r\n\r\n{"a":1')],
    [
      'a reset after the first bytes',
      ({ socket }) =>
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{"a":1}', () => socket.resetAndDestroy()),
    ],
  ])('%s is UPSTREAM_TRUNCATED, and nothing of it is data', async (_name, answer) => {
    const { fail, server } = await startHarness(answer, once);
    const error = await fail();
    expect(error).toMatchObject({ code: 'UPSTREAM_TRUNCATED', dispatched: true, retryable: true });
    expect(server.requests).toHaveLength(1);
  });

  test('a GET is sent again after it', async () => {
    const { send, clock } = await startHarness((request, n) => {
      if (n === 1) end('HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{"a":1}')(request, n);
      else request.socket.write(json('{"a":2}'));
    });
    const answered = send();
    await clock.untilScheduled(25);
    clock.advance(25);
    expect((await answered).body).toEqual({ kind: 'json', value: { a: 2 } });
  });

  test('no length, and JSON that is whole, is an answer', async () => {
    const { send } = await startHarness(end('HTTP/1.1 200 OK\r\n\r\n{"a":1}'));
    expect((await send()).body).toEqual({ kind: 'json', value: { a: 1 } });
  });
});

describe('answers that never come, or drip', () => {
  test('F6 no headers: UPSTREAM_TIMEOUT at the attempt limit', async () => {
    const { fail, server, clock } = await startHarness(silent, once);
    const failed = fail();
    await server.request(1);
    clock.advance(4999);
    clock.advance(1);
    expect(await failed).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      reason: expect.stringMatching(/deadline\.(attempt|headers), 5000 ms/) as unknown,
      dispatched: true,
    });
  });

  test('F6 a call with retries ends at the call limit', async () => {
    const { fail, server, clock } = await startHarness(silent);
    const failed = fail();
    await server.request(1);
    clock.advance(5000);
    await clock.untilScheduled(25);
    clock.advance(25);
    await server.request(2);
    clock.advance(4975);
    expect(await failed).toMatchObject({ code: 'UPSTREAM_TIMEOUT', reason: 'deadline.call, 10000 ms' });
    expect(server.requests).toHaveLength(2);
  });

  test('the limit for headers holds by itself', async () => {
    const { fail, server, clock } = await startHarness(silent, { ...once, deadline: { headersMs: 300 } });
    const failed = fail();
    await server.request(1);
    clock.advance(300);
    expect(await failed).toMatchObject({ code: 'UPSTREAM_TIMEOUT', reason: 'deadline.headers, 300 ms' });
  });

  test('F7 headers that drip end at the attempt limit', async () => {
    const { fail, server, clock } = await startHarness(write('HTTP/1.1 200 OK\r\nx-a:'), {
      ...once,
      deadline: { headersMs: 60_000 },
    });
    const failed = fail();
    const { socket } = await server.request(1);
    for (let byte = 0; byte < 49; byte++) {
      socket.write('a');
      clock.advance(100);
    }
    clock.advance(100);
    expect(await failed).toMatchObject({ code: 'UPSTREAM_TIMEOUT', reason: 'deadline.attempt, 5000 ms' });
  });

  test('F8 a body that drips ends at the attempt limit', async () => {
    const { fail, server, clock } = await startHarness(write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n['), once);
    const failed = fail();
    const { socket } = await server.request(1);
    // The limit of silence starts with the head, so it tells that the head has arrived.
    clock.advance(1);
    await clock.untilScheduled(5000);
    for (let byte = 0; byte < 50; byte++) {
      socket.write(' ');
      clock.advance(100);
    }
    expect(await failed).toMatchObject({ code: 'UPSTREAM_TIMEOUT', reason: 'deadline.attempt, 5000 ms' });
  });

  test('a silence inside a body ends at its own limit', async () => {
    const { fail, server, clock } = await startHarness(write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n['), {
      ...once,
      deadline: { bodyIdleMs: 400 },
    });
    const failed = fail();
    await server.request(1);
    await clock.untilScheduled(400);
    clock.advance(400);
    expect(await failed).toMatchObject({ code: 'UPSTREAM_TIMEOUT', reason: 'deadline.bodyIdle, 400 ms' });
  });

  test('a timeout closes the connection', async () => {
    const { fail, server, clock } = await startHarness(silent, once);
    const failed = fail();
    const { socket } = await server.request(1);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    clock.advance(5000);
    await failed;
    await closed;
  });
});

describe('F10 a page instead of data', () => {
  test('200 with HTML is UPSTREAM_INVALID_RESPONSE, and no byte of it is in the error', async () => {
    const page = httpAnswer('<h1>secret page at 10.0.0.7</h1>', { headers: ['content-type: text/html'] });
    const { fail, server } = await startHarness(write(page));
    const error = await fail();
    expect(error).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE', status: 200, reason: 'content type "text/html"' });
    expect(JSON.stringify([error, error.message, error.toExtensions(), error.reason])).not.toContain('secret');
    expect(JSON.stringify([error.message, error.toExtensions()])).not.toContain(server.url);
    expect(server.requests).toHaveLength(1);
  });

  test('404 with HTML keeps its status and loses its page', async () => {
    const page = httpAnswer('<h1>Cannot GET</h1>', { status: '404 Not Found', headers: ['content-type: text/html'] });
    const { send } = await startHarness(write(page));
    expect(await send()).toMatchObject({ status: 404, body: { kind: 'empty' } });
  });
});

describe('F11 JSON of every kind', () => {
  test.each<[string, string | Buffer, unknown]>([
    ['an empty body', '', { kind: 'empty' }],
    ['null', 'null', { kind: 'json', value: null }],
    ['an array', '[1]', { kind: 'json', value: [1] }],
    ['a byte order mark', '\ufeff{"a":1}', { kind: 'json', value: { a: 1 } }],
    ['only a byte order mark', '\ufeff', { kind: 'empty' }],
    ['a lone surrogate', String.raw`{"a":"x\ud800y"}`, { kind: 'json', value: { a: 'x\ufffdy' } }],
    ['a pair of surrogates', String.raw`{"a":"\ud83d\ude00"}`, { kind: 'json', value: { a: '😀' } }],
    ['duplicate keys', '{"a":1,"a":2}', { kind: 'json', value: { a: 2 } }],
    ['a number beyond a double', '{"a":1e400}', { kind: 'json', value: { a: Infinity } }],
    ['an integer beyond 2^53', '{"a":9007199254740993}', { kind: 'json', value: { a: 9007199254740993n } }],
  ])('%s is read', async (_name, body, expected) => {
    const { send } = await startHarness(write(httpAnswer(body)));
    expect((await send()).body).toEqual(expected);
  });

  test.each<[string, string | Buffer]>([
    ['broken JSON', '{"a":'],
    ['text after the value', '{} {}'],
    ['invalid UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['a raw NUL', '"a\0b"'],
    ['129 levels', '['.repeat(129) + ']'.repeat(129)],
  ])('%s is UPSTREAM_INVALID_RESPONSE and is not asked for again', async (_name, body) => {
    const { fail, server } = await startHarness(write(httpAnswer(body)));
    expect(await fail()).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE', status: 200 });
    expect(server.requests).toHaveLength(1);
  });

  test('128 levels are read', async () => {
    const { send } = await startHarness(write(httpAnswer('['.repeat(128) + ']'.repeat(128))));
    expect((await send()).body.kind).toBe('json');
  });
});

describe('F12 content encodings', () => {
  const text = JSON.stringify({ title: 'Madame Bovary '.repeat(50) });
  test.each<[string, string, Uint8Array]>([
    ['gzip', 'gzip', gzipSync(text)],
    ['brotli', 'br', brotliCompressSync(text)],
    ['deflate with its wrapper', 'deflate', deflateSync(text)],
    ['deflate without it', 'deflate', deflateRawSync(text)],
    ['two encodings', 'gzip, br', brotliCompressSync(gzipSync(text))],
    ['identity', 'identity', Buffer.from(text)],
  ])('%s is undone', async (_name, encoding, bytes) => {
    const { send } = await startHarness(write(encoded(encoding, bytes)));
    const response = await send();
    expect(response.body).toEqual({ kind: 'json', value: JSON.parse(text) as unknown });
    expect(response.headers['content-encoding']).toBeUndefined();
  });

  test.each<[string, string, Uint8Array]>([
    ['gzip', 'gzip', gzipSync(text).subarray(0, 30)],
    ['brotli', 'br', brotliCompressSync(text).subarray(0, 20)],
    ['deflate', 'deflate', deflateSync(text).subarray(0, 20)],
  ])('truncated %s is UPSTREAM_TRUNCATED', async (_name, encoding, bytes) => {
    const { fail } = await startHarness(write(encoded(encoding, bytes)), once);
    expect(await fail()).toMatchObject({ code: 'UPSTREAM_TRUNCATED', status: 200 });
  });

  test.each<[string, string, Uint8Array]>([
    ['plain text called gzip', 'gzip', Buffer.from(text)],
    ['plain text called brotli', 'br', Buffer.from(text)],
    ['gzip whose checksum is wrong', 'gzip', withWrongChecksum(gzipSync(text))],
    ['an encoding nobody asked for', 'zstd', Buffer.from(text)],
    ['a name that every object has', 'constructor', Buffer.from(text)],
  ])('%s is UPSTREAM_INVALID_RESPONSE', async (_name, encoding, bytes) => {
    const { fail } = await startHarness(write(encoded(encoding, bytes)), once);
    expect(await fail()).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE', status: 200 });
  });
});

describe('F13 answers that are too large', () => {
  test('a small gzip that becomes 50 MB is refused', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, 0x20));
    const { fail } = await startHarness(
      write(httpAnswer(bomb, { headers: ['content-type: application/json', 'content-encoding: gzip'] })),
    );
    expect(await fail()).toMatchObject({ code: 'UPSTREAM_TOO_LARGE', reason: 'limits.decodedBody, 33554432 bytes' });
  });

  test.each<[string, Answer]>([
    ['an announced length beyond the limit', write('HTTP/1.1 200 OK\r\ncontent-length: 20971520\r\n\r\n[')],
    [
      'chunks without end',
      ({ socket }) => {
        socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
        const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`;
        const more = () => {
          if (!socket.destroyed) socket.write(chunk, () => setImmediate(more));
        };
        more();
      },
    ],
    ['70 KB of headers', write(`HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(70_000)}\r\ncontent-length: 2\r\n\r\n{}`)],
  ])('%s: refused, and the connection is closed', async (_name, answer) => {
    const [watched, isClosed] = watchClose(answer);
    const { fail } = await startHarness(watched, { limits: { bodyBytes: 100_000 } });
    expect(await fail()).toMatchObject({ code: 'UPSTREAM_TOO_LARGE' });
    await isClosed;
  });
});

describe('F14 content types', () => {
  const bytes = Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xe9, 0x22, 0x7d]); // {"a":"é"} in latin1

  test.each<[string, string[], string | Buffer, unknown]>([
    ['none: read as JSON', [], '{"a":1}', { kind: 'json', value: { a: 1 } }],
    ['a suffix', ['content-type: application/hal+json'], '{"a":1}', { kind: 'json', value: { a: 1 } }],
    ['latin1', ['content-type: application/json; charset="latin1"'], bytes, { kind: 'json', value: { a: 'é' } }],
    ['plain text', ['content-type: text/plain'], 'hello', { kind: 'text', text: 'hello' }],
    ['XML', ['content-type: application/xml'], '<a>1</a>', { kind: 'xml', text: '<a>1</a>' }],
  ])('%s', async (_name, headers, body, expected) => {
    const { send } = await startHarness(write(httpAnswer(body, { headers })));
    expect((await send()).body).toEqual(expected);
  });

  test.each<[string, string[], string | Buffer]>([
    ['no type, no JSON', [], 'hello'],
    ['binary', ['content-type: image/png'], 'hello'],
    ['an unknown charset', ['content-type: application/json; charset=klingon'], '{}'],
    ['XML that does not parse', ['content-type: text/xml'], '<a>'],
  ])('%s is UPSTREAM_INVALID_RESPONSE', async (_name, headers, body) => {
    const { fail } = await startHarness(write(httpAnswer(body, { headers })));
    expect(await fail()).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE' });
  });
});

describe('F15 unusual messages', () => {
  test('103 Early Hints is skipped', async () => {
    const hints = Buffer.from('HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n');
    const { send } = await startHarness(write(Buffer.concat([hints, json('{"a":1}')])));
    expect(await send()).toMatchObject({ status: 200, body: { kind: 'json', value: { a: 1 } } });
  });

  test.each([
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{} '],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    ],
    ['a chunk that is none', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
    ['not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
  ])('%s: refused, and that connection is not used again', async (_name, bytes) => {
    const { fail, send, server } = await startHarness((request, n) => {
      request.socket.write(n === 1 ? bytes : json('{}'));
    });
    expect(await fail()).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE' });
    await untilIdle();
    await send();
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  test.each([
    ['204', 'HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\n{}'],
    ['304', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 2\r\n\r\n{}'],
    ['an empty 200', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n{}'],
  ])('%s with bytes too many: they are ignored, and that connection is not used again', async (_name, bytes) => {
    const { send, server } = await startHarness((request, n) => {
      request.socket.write(n === 1 ? bytes : json('{}'));
    });
    expect((await send()).body).toEqual({ kind: 'empty' });
    await untilIdle();
    await send();
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  });

  test('a body on 205 is ignored', async () => {
    const { send } = await startHarness(write('HTTP/1.1 205 Reset Content\r\ncontent-length: 2\r\n\r\n{}'));
    expect(await send()).toMatchObject({ status: 205, body: { kind: 'empty' } });
  });

  test('a connection that is fine is used again', async () => {
    const { send, server } = await startHarness(write(json('{}')));
    await send();
    await untilIdle();
    await send();
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1]);
  });

  test('a redirect is an answer like another, and not followed', async () => {
    const { send, server } = await startHarness(
      write(httpAnswer('', { status: '302 Found', headers: ['location: http://127.0.0.1:9/'] })),
    );
    expect((await send()).status).toBe(302);
    expect(server.requests).toHaveLength(1);
  });
});
