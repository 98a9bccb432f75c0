// F10 to F15 of the fault table: answers that are wrong, broken or too large, as bytes of a raw server.
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { root } from '../repository/root.ts';
import { runProgram } from '../repository/run-program.ts';
import { once, startHarness } from '../upstream/harness.ts';
import { deferred } from '../upstream/policies/call.ts';
import { httpAnswer, startRawServer, type Answer } from '../upstream/raw-server.ts';
import { tooLarge } from './too-large.ts';
import { settle, write } from './wire.ts';

const json = (text: string) => httpAnswer(text);
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

describe('F10 a page of HTML is UPSTREAM_INVALID_RESPONSE, and no byte of it reaches the caller', () => {
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

describe('F11 JSON of every kind is read or refused as the table of bodies says', () => {
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

describe('F12 an encoding that breaks off is UPSTREAM_TRUNCATED, a wrong one UPSTREAM_INVALID_RESPONSE', () => {
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

describe('F13 an answer that is too large is UPSTREAM_TOO_LARGE, its connection is closed and memory stays low', () => {
  test('a small gzip that becomes 50 MB is refused', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, 0x20));
    const { fail } = await startHarness(
      write(httpAnswer(bomb, { headers: ['content-type: application/json', 'content-encoding: gzip'] })),
    );
    expect(await fail()).toMatchObject({ code: 'UPSTREAM_TOO_LARGE', reason: 'limits.decodedBody, 33554432 bytes' });
  });

  test.each<[string, Answer]>([
    ['an announced length beyond the limit', write('HTTP/1.1 200 OK\r\ncontent-length: 20971520\r\n\r\n[')],
    ['chunks without end', tooLarge['endless']!],
    ['70 KB of headers', tooLarge['headers']!],
  ])('%s: refused, and the connection is closed', async (_name, answer) => {
    const [watched, isClosed] = watchClose(answer);
    const { fail } = await startHarness(watched, { limits: { bodyBytes: 100_000 } });
    expect(await fail()).toMatchObject({ code: 'UPSTREAM_TOO_LARGE' });
    await isClosed;
  });
});

test('F13 five times each of them, one after the other, raise the memory of a process by less than 64 MB', async () => {
  const server = await startRawServer((request, n) => {
    const [, name = ''] = /^GET \/(\w+)/.exec(request.head)!;
    const answer = tooLarge[name] ?? write(json('{}'));
    answer(request, n);
  });
  onTestFinished(() => server.close());
  const names = Array.from({ length: 5 }, () => Object.keys(tooLarge)).flat();
  const urls = ['warm', ...names].map((name) => `${server.url}/${name}`);
  const command = ['node', '--expose-gc', '--import', 'tsx', '--conditions=source', 'test/faults/memory-program.ts'];
  const { out, err } = await runProgram([...command, ...urls], { folder: root });
  const { peakBefore, peakAfter, codes } = JSON.parse(out || `"${err}"`) as Record<string, number>;
  expect(codes).toEqual(['UPSTREAM_TOO_LARGE']);
  expect(peakAfter! - peakBefore!).toBeLessThan(64 * 1024 * 1024);
});

describe('F14 content types and character sets follow the rules of decoding', () => {
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

describe('F15 103 is skipped, contradicting lengths refused, surplus bytes never read as an answer', () => {
  test.each([
    ['103 Early Hints', 'HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n'],
    ['102 Processing', 'HTTP/1.1 102 Processing\r\n\r\n'],
  ])('%s is skipped', async (_name, head) => {
    const hints = Buffer.from(head);
    const { send } = await startHarness(write(Buffer.concat([hints, json('{"a":1}')])));
    expect(await send()).toMatchObject({ status: 200, body: { kind: 'json', value: { a: 1 } } });
  });

  test('100 Continue that nobody asked for ends the attempt, and its connection is not used again (decision 0020)', async () => {
    const { fail, send, server } = await startHarness((request, n) => {
      const head = n === 1 ? 'HTTP/1.1 100 Continue\r\n\r\n' : '';
      request.socket.write(Buffer.concat([Buffer.from(head), json('{}')]));
    }, once);
    expect(await fail()).toMatchObject({ code: 'UPSTREAM_UNREACHABLE', reason: 'closed' });
    expect((await send()).status).toBe(200);
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 2]);
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
    await settle();
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
    await settle();
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
    await settle();
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
