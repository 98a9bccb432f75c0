/** Content codings of answers, and the entity tags that go with them (RFC 9110: 8.4, 8.8.3.3, 12.5.3). */
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../gateway/server/http/answer.ts';
import { chooseCoding, isCompressible } from '../../../gateway/server/http/choose-coding.ts';
import { tagAsSent, withPlainTags } from '../../../gateway/server/http/coded-tags.ts';
import { createContentCoding } from '../../../gateway/server/http/content-coding.ts';

const encode = createContentCoding({ enabled: true, thresholdBytes: 1_000 });
const text = JSON.stringify({ books: Array.from({ length: 100 }, (_, id) => ({ id, title: 'Madame Bovary' })) });

const answerOf = (body: string, headers: Record<string, string> = {}, status = 200): Answer => ({
  status,
  headers: new Map(
    Object.entries({ 'content-type': 'application/json; charset=utf-8', etag: '"3.abc.json"', ...headers }),
  ),
  body: Buffer.from(body),
});

describe('chooseCoding', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['gzip', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['gzip;q=1.0, br;q=0.5', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['*', 'br'],
    ['identity, br;q=0.5', undefined],
    ['*;q=0', undefined],
    ['zstd, deflate', undefined],
    ['GZIP', 'gzip'],
  ])('%s: %s', (accepted, coding) => {
    expect(chooseCoding(accepted)).toBe(coding);
  });
});

describe('isCompressible', () => {
  it.each([
    ['application/json; charset=utf-8', true],
    ['application/hal+json', true],
    ['application/problem+json; charset=utf-8', true],
    ['application/graphql-response+json; charset=utf-8', true],
    ['text/html; charset=utf-8', true],
    ['image/svg+xml', true],
    ['text/event-stream', false],
    ['image/png', false],
    ['font/woff2', false],
    [undefined, false],
  ])('%s: %s', (type, expected) => {
    expect(isCompressible(type)).toBe(expected);
  });
});

describe('encode', () => {
  it.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ])('writes %s with a tag of its own', async (coding, decode) => {
    const { headers, body } = await encode({ 'accept-encoding': coding }, answerOf(text));
    expect(decode(body).toString()).toBe(text);
    expect(body.length).toBeLessThan(text.length / 4);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-encoding': coding,
      etag: `"3.abc.json-${coding}"`,
      vary: 'Accept-Encoding',
    });
  });

  it('writes long answers as it writes short ones', async () => {
    const long = text.repeat(20);
    expect(long.length).toBeGreaterThan(32_768);
    const { body } = await encode({ 'accept-encoding': 'br' }, answerOf(long));
    expect(brotliDecompressSync(body).toString()).toBe(long);
  });

  it('leaves what is too short as it is, and tells caches all the same', async () => {
    const { headers, body } = await encode({ 'accept-encoding': 'br' }, answerOf('{}', { vary: 'Accept' }));
    expect(body.toString()).toBe('{}');
    expect(headers.get('vary')).toBe('Accept, Accept-Encoding');
    expect(headers.get('etag')).toBe('"3.abc.json"');
    expect(headers.has('content-encoding')).toBe(false);
  });

  it('keeps a weak tag, which stands for all codings', async () => {
    const { headers } = await encode({ 'accept-encoding': 'br' }, answerOf(text, { etag: 'W/"abc"' }));
    expect(headers.get('etag')).toBe('W/"abc"');
  });

  it('keeps the tag that a refusal names: it is not that of its body', async () => {
    const { headers } = await encode({ 'accept-encoding': 'br' }, answerOf(text, {}, 412));
    expect(headers.get('etag')).toBe('"3.abc.json"');
  });

  it.each([
    ['an answer that has a coding', { 'content-encoding': 'gzip' }],
    ['a part of a file', { 'content-range': 'bytes 0-9/100' }],
    ['a picture', { 'content-type': 'image/png' }],
  ])('does not touch %s', (_what, headers) => {
    const answer = answerOf(text, headers);
    expect(encode({ 'accept-encoding': 'br' }, answer)).toBe(answer);
  });

  it('gives HEAD the headers of GET, without a length that is not known', async () => {
    const answer = answerOf('', { 'content-length': '5000' });
    const { headers } = await encode({ 'accept-encoding': 'gzip' }, answer);
    expect(headers.get('etag')).toBe('"3.abc.json-gzip"');
    expect(headers.get('content-encoding')).toBe('gzip');
    expect(headers.has('content-length')).toBe(false);
  });

  it('compresses an answer once for all clients that get it', async () => {
    const answer = answerOf(text);
    const first = await encode({ 'accept-encoding': 'br' }, answer);
    expect(await encode({ 'accept-encoding': 'br, gzip' }, answer)).toBe(first);
    expect(await encode({ 'accept-encoding': 'gzip' }, answer)).not.toBe(first);
  });

  it('does nothing when it is off', () => {
    const answer = answerOf(text);
    const off = createContentCoding({ enabled: false, thresholdBytes: 0 });
    expect(off({ 'accept-encoding': 'br' }, answer)).toBe(answer);
  });
});

describe('a condition', () => {
  it.each(['"3.abc.json-br"', '"3.abc.json-gzip"', '"3.abc.json"'])('with %s finds the plain tag', (sent) => {
    expect(withPlainTags({ 'if-none-match': sent })).toEqual({ 'if-none-match': '"3.abc.json"' });
    expect(withPlainTags({ 'if-match': `"other", ${sent}` })).toEqual({ 'if-match': '"other", "3.abc.json"' });
  });

  it('is answered 304 with the tag that was sent', async () => {
    const answer: Answer = { ...answerOf('', {}, 304), headers: new Map([['etag', '"3.abc.json"']]) };
    const asked = { 'accept-encoding': 'br', 'if-none-match': '"3.abc.json-br"' };
    const { headers } = await encode(asked, answer);
    expect(Object.fromEntries(headers)).toEqual({ etag: '"3.abc.json-br"', vary: 'Accept-Encoding' });
  });

  it.each([
    ['"a", "a-gzip", "a-br"', 'gzip', '"a-gzip"'],
    ['"a-br"', 'gzip', '"a-br"'],
    ['"a"', 'gzip', '"a"'],
    ['"a-br", "a"', undefined, '"a"'],
    ['*', 'br', '"a"'],
  ] as const)('of %s, with %s accepted, is answered with %s', (sent, coding, expected) => {
    expect(tagAsSent('"a"', sent, coding)).toBe(expected);
  });
});
