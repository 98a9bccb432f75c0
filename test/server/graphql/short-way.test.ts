/** The short way to /graphql: clients cannot tell it from the long one, and it takes only what needs nothing of Fastify. */
import { createServer, request as sendRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createShortWay, type ShortWayOptions } from '../../../gateway/server/graphql/short-way.ts';
import type { Answer } from '../../../gateway/server/http/answer.ts';
import { startSmallGateway, type SmallGateway } from '../../http/small-gateway.ts';

interface Sent {
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** In chunks, whose length is not said beforehand: Fastify reads those. */
  readonly isChunked?: boolean;
}

interface Told {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

const post = (url: string, { body, headers = {}, isChunked = false }: Sent): Promise<Told> =>
  new Promise((resolve, reject) => {
    const length = isChunked
      ? { 'transfer-encoding': 'chunked' }
      : { 'content-length': String(Buffer.byteLength(body)) };
    const all = { 'content-type': 'application/json', ...length, ...headers };
    const sent = sendRequest(`${url}/graphql`, { method: 'POST', headers: all, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({
          status: response.statusCode,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('latin1'),
        });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });

const query = (text: string, more: object = {}) => JSON.stringify({ query: text, ...more });

/** Its answer is worth compressing. */
const LONG = `{ ${Array.from({ length: 60 }, (_, n) => `a${n}: book(id: 1) { id title }`).join(' ')} }`;

describe('the short and the long way', () => {
  let gateway: SmallGateway;
  beforeAll(async () => {
    gateway = await startSmallGateway({ settings: 'server:\n  bodyLimit: 3KB\n' });
  }, 120_000);
  afterAll(() => gateway?.close());

  const requests: Record<string, Sent> = {
    'a query': { body: query('{ book(id: 1) { title } }') },
    'a query with a long answer': { body: query(LONG) },
    'letters beyond ASCII': { body: query('{ book(id: "ü€😀") { title } }') },
    'a mutation': { body: query('mutation { add(title: "x") { title } }') },
    'a query that is not valid': { body: query('{ nothing }') },
    'no query': { body: '{}' },
    'a list': { body: '[1]' },
    'broken JSON': { body: '{"query":' },
    'broken UTF-8': { body: Buffer.from([0x7b, 0xff, 0x7d]) },
    'a body nested deep': { body: '['.repeat(900) },
    'a body that is too large': { body: query(`{ __typename } ${'#'.repeat(4_000)}`) },
    'another media type': { body: '{}', headers: { 'content-type': 'text/plain' } },
    'a media type with a charset': {
      body: query('{ __typename }'),
      headers: { 'content-type': 'application/json; charset=utf-8' },
    },
    'the newer media type asked for': {
      body: query('{ nothing }'),
      headers: { accept: 'application/graphql-response+json' },
    },
    'nothing acceptable': { body: query('{ __typename }'), headers: { accept: 'text/csv' } },
    'an id of its own': { body: query('{ __typename }'), headers: { 'x-request-id': 'mine-1' } },
    'an id that is not fit': { body: query('{ __typename }'), headers: { 'x-request-id': 'no id' } },
    'an origin': { body: query('{ __typename }'), headers: { origin: 'http://elsewhere.example' } },
    'an encoding accepted for a short answer': {
      body: query('{ __typename }'),
      headers: { 'accept-encoding': 'gzip' },
    },
    ...Object.fromEntries(
      ['br', 'gzip', 'deflate', 'identity', 'gzip, deflate', 'gzip, deflate, br', 'gzip;q=0.5, br;q=0.1', '*'].map(
        (accepted) => [`accept-encoding: ${accepted}`, { body: query(LONG), headers: { 'accept-encoding': accepted } }],
      ),
    ),
    'a body that seems compressed': { body: 'x', headers: { 'content-encoding': 'gzip' } },
  };

  it.each(Object.entries(requests))('answer %s alike', async (_, sent) => {
    const [short, long] = [await post(gateway.url, sent), await post(gateway.url, { ...sent, isChunked: true })];
    expect({ ...short, ...comparable(short) }).toEqual({ ...long, ...comparable(long) });
    expect(short.headers['x-request-id']).toMatch(/^[\w.:-]{1,128}$/);
  });
});

/** An id is new for each request, and stands in problem documents too; the date may have moved on. */
function comparable({ headers, text }: Told): Pick<Told, 'headers' | 'text'> {
  const { 'x-request-id': id, date, ...others } = headers;
  expect(date).toBeDefined();
  const known = typeof id === 'string' && id !== 'mine-1' ? text.replaceAll(id, 'ID') : text;
  return { headers: { ...others, ...(id === 'mine-1' ? { 'x-request-id': id } : {}) }, text: known };
}

const answered: Answer = {
  status: 200,
  headers: new Map([['content-type', 'application/json']]),
  body: Buffer.from('{"data":{}}'),
};

/** The short way before a server that answers 404 by itself. */
async function startServer(options: Partial<ShortWayOptions> = {}): Promise<string> {
  const take = createShortWay({
    answer: async () => answered,
    bodyLimitBytes: 1_000,
    drain: { isDraining: () => false, noteRequest() {} },
    onError() {},
    ...options,
  });
  const server = createServer((request, response) => {
    if (!take(request, response)) response.writeHead(404).end('long way');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the short way', () => {
  it('takes a plain POST of JSON', async () => {
    expect(await post(await startServer(), { body: '{}' })).toMatchObject({ status: 200, text: '{"data":{}}' });
  });

  const others: Record<string, Sent> = {
    'a body in chunks': { body: '{}', isChunked: true },
    'an empty body': { body: '' },
    'a body beyond the limit': { body: 'x'.repeat(1_001) },
    'an origin': { body: '{}', headers: { origin: 'http://a.example' } },
    'an encoded body': { body: '{}', headers: { 'content-encoding': 'gzip' } },
    'another media type': { body: '{}', headers: { 'content-type': 'text/plain' } },
  };
  it.each(Object.entries(others))('leaves a request with %s to the long one', async (_, sent) => {
    expect(await post(await startServer(), sent)).toMatchObject({ status: 404, text: 'long way' });
  });

  it('closes the connection while the server stops', async () => {
    let isDraining = false;
    let noted = 0;
    const drain = { isDraining: () => isDraining, noteRequest: () => void noted++ };
    // The stop begins while the request is under way.
    const answer = async () => {
      isDraining = true;
      return answered;
    };
    const { headers } = await post(await startServer({ drain, answer }), { body: '{}' });
    expect([headers.connection, noted]).toEqual(['close', 1]);
  });

  it('tells a fault of ours to the operator, and to the client only that there was one', async () => {
    const faults: unknown[] = [];
    const answer = () => Promise.reject(new Error('secret'));
    const onError = (error: unknown, requestId: string) => void faults.push([(error as Error).message, requestId]);
    const url = await startServer({ answer, onError });
    const { status, headers, text } = await post(url, { body: '{}', headers: { 'x-request-id': 'one' } });
    expect([status, headers['content-type']]).toEqual([500, 'application/problem+json; charset=utf-8']);
    expect(text).not.toContain('secret');
    expect(JSON.parse(text)).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', instance: 'urn:request:one' });
    expect(faults).toEqual([['secret', 'one']]);
  });
});
