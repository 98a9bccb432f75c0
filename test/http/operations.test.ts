/** Operations of the gateway over HTTP: the answer comes before the work, a webhook after it, and a stop waits for both. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { signWebhook } from 'tributary-gateway/facade';
import { startSmallGateway, type SmallGateway } from './small-gateway.ts';

const secret = `whsec_${Buffer.from('a key of twenty-four bytes').toString('base64')}`;
const document = `
  query GetBook($id: ID!) @http(method: GET, route: "/books/{id}") @resource(type: "Book") { book(id: $id) { id title } }
  mutation AddBook($title: String!) @http(method: POST, route: "/books") @async { add(title: $title) { id title } }`;

let gateway: SmallGateway;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
/** The service answers a write when a test ends it. */
let writes: ServerResponse[];
let onWrite: () => void;

async function startReceiver() {
  const events: { headers: Record<string, unknown>; body: string }[] = [];
  let onEvent = () => {};
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      events.push({ headers: request.headers, body });
      response.writeHead(204).end();
      onEvent();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const next = new Promise<void>((resolve) => (onEvent = resolve));
  return { origin, events, next, close: () => server.close() };
}

beforeEach(async () => {
  writes = [];
  onWrite = () => {};
  receiver = await startReceiver();
  gateway = await startSmallGateway({
    files: { 'routes/books.graphql': document },
    settings: `facade:
  operations: routes
  async: { webhooks: { origins: ['${receiver.origin}'], secret: '${secret}' } }
`,
    serve(request, response) {
      response.setHeader('content-type', 'application/json');
      if (request.method === 'GET') return void response.end('{"id":"1","title":"Salammbô"}');
      writes.push(response);
      return onWrite();
    },
  });
});
afterEach(async () => {
  await gateway.close();
  receiver.close();
});

const start = (headers: Record<string, string> = {}) =>
  fetch(`${gateway.url}/rest/books`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"title":"Salammbô"}',
  });
const written = () => new Promise<void>((resolve) => (writes.length > 0 ? resolve() : (onWrite = resolve)));
const finish = () => writes[0]!.end('{"id":"1","title":"Salammbô"}');

test('202 at once, the operation while the service works, 303 to the book, and a signed webhook', async () => {
  const answer = await start({ 'callback-url': `${receiver.origin}/ended` });
  expect(answer.status).toBe(202);
  const at = `${gateway.url}${answer.headers.get('location')}`;
  const running = (await (await fetch(at)).json()) as { id: string; status: string };
  expect(running.status).toBe('RUNNING');
  await written();
  finish();
  await receiver.next;
  const ended = await fetch(at, { redirect: 'manual' });
  expect([ended.status, ended.headers.get('location')]).toEqual([303, '/rest/books/1']);
  expect(await (await fetch(at)).json()).toEqual({ id: '1', title: 'Salammbô' });

  const [{ headers, body }] = receiver.events as [{ headers: Record<string, unknown>; body: string }];
  expect(JSON.parse(body)).toMatchObject({ type: 'operation.succeeded', data: { id: running.id } });
  const signed = signWebhook(secret, `msg_${running.id}`, Number(headers['webhook-timestamp']), body);
  expect(headers['webhook-signature']).toBe(signed);
});

test('a stop waits for the work and for who is to be told', async () => {
  await start({ 'callback-url': `${receiver.origin}/ended` });
  await written();
  const closed = gateway.close();
  gateway = await startSmallGateway();
  finish();
  await closed;
  expect(receiver.events).toHaveLength(1);
});

test('with "wait" a client is led to the book by the first answer', async () => {
  const answering = start({ prefer: 'wait=5' });
  await written();
  finish();
  expect(await (await answering).json()).toEqual({ id: '1', title: 'Salammbô' });
});

test('an address that is not allowed is refused before anything is begun', async () => {
  const answer = await start({ 'callback-url': 'http://169.254.169.254/latest/meta-data' });
  expect(answer.status).toBe(400);
  expect(writes).toHaveLength(0);
});
