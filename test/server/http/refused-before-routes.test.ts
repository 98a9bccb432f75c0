/** What is refused before a route is looked for (facade.md, 3.2): a problem document each, over raw sockets where Node would answer by itself. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerClientError } from '../../../gateway/server/client-error.ts';
import { createDrain } from '../../../gateway/server/drain.ts';
import { createHttpApp, type HttpAppOptions } from '../../../gateway/server/http-app.ts';

const options: HttpAppOptions = {
  bodyLimitBytes: 100,
  corsOrigins: [],
  rateLimit: undefined,
  trustProxy: false,
  onError: () => {},
  drain: createDrain(),
  encode: (_headers, answer) => answer,
};

async function start(more: Partial<HttpAppOptions> = {}): Promise<{ app: FastifyInstance; port: number }> {
  const app = await createHttpApp({ ...options, ...more });
  app.all('/rest/books', (_request, reply) => reply.send(Buffer.from('[]')));
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { app, port: (app.server.address() as AddressInfo).port };
}

/** Sends bytes, and reads until the connection ends. */
async function exchange(port: number, sent: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(sent);
  return text(socket);
}

const problemIn = (answer: string): { status: number; detail: string } =>
  JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1)) as { status: number; detail: string };

const head = 'Host: x\r\nConnection: close\r\n';

describe('a request is refused with a problem document', () => {
  let port: number;
  let app: FastifyInstance;
  beforeAll(async () => {
    ({ app, port } = await start());
  });
  afterAll(() => app.close());

  test.each([
    ['P2: a method that HTTP does not know', `FOO /rest/books HTTP/1.1\r\n${head}\r\n`, 501],
    ['P9: an address of 9,000 characters', `GET /rest/books?${'a'.repeat(9000)} HTTP/1.1\r\n${head}\r\n`, 414],
    [
      'P9: headers of 20,000 characters',
      `GET /rest/books HTTP/1.1\r\nX-Long: ${'a'.repeat(20_000)}\r\n${head}\r\n`,
      431,
    ],
    [
      'P10: a body above the limit',
      `POST /rest/books HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 101\r\n${head}\r\n${'a'.repeat(101)}`,
      413,
    ],
    ['P20: an expectation that is not met', `GET /rest/books HTTP/1.1\r\nExpect: tea\r\n${head}\r\n`, 417],
  ])('%s', async (_, sent, status) => {
    const answer = await exchange(port, sent);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toMatch(/content-type: application\/problem\+json/i);
    expect(answer).toMatch(/cache-control: no-store/i);
    expect(problemIn(answer).status).toBe(status);
  });
});

test('P7: more requests than the limit are 429, with Retry-After and the fields of the draft', async () => {
  const { app, port } = await start({ rateLimit: { max: 1, windowMs: 60_000 } });
  const ask = () => fetch(`http://127.0.0.1:${port}/rest/books`);
  expect((await ask()).status).toBe(200);
  const refused = await ask();
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(refused.headers.get('content-type')).toContain('application/problem+json');
  expect(await refused.json()).toMatchObject({
    type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
  });
  await app.close();
});

test('P11: a request that does not come in time is 408, and the connection ends', async () => {
  const server = createServer((socket) =>
    answerClientError(Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const answer = await exchange((server.address() as AddressInfo).port, '');
  expect(answer).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n/);
  expect(answer).toContain('connection: close');
  expect(problemIn(answer)).toMatchObject({ status: 408, detail: 'The request came too slowly' });
  server.close();
});
