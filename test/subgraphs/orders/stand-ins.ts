/** A catalog on loopback for the tests of orders, whose answers a test can change; and small things they all need. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StandIn {
  readonly url: string;
  /** Requests so far: "GET /v2/books?ids=emma". */
  readonly requests: string[];
  close(): Promise<void>;
}

/** Answers every request with what `answer` gives; undefined closes the connection without an answer. */
export async function startStandIn(
  answer: (request: { method: string; url: string }) => { status: number; body: unknown } | undefined,
): Promise<StandIn> {
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    request.resume().on('end', () => {
      const { method = '', url = '' } = request;
      requests.push(`${method} ${url}`);
      const answered = answer({ method, url });
      if (answered === undefined) return void request.socket.destroy();
      response.writeHead(answered.status, { 'content-type': 'application/json' }).end(JSON.stringify(answered.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Books by id with their price in euro. */
export function startCatalog(prices: Readonly<Record<string, string>>): Promise<StandIn> {
  return startStandIn(({ url }) => {
    const ids = new URL(url, 'http://catalog').searchParams.get('ids')?.split(',') ?? [];
    const items = ids
      .filter((id) => Object.hasOwn(prices, id))
      .map((id) => ({ id, title: id, price: { amount: prices[id], currency: id === 'dollar-book' ? 'USD' : 'EUR' } }));
    return { status: 200, body: { items } };
  });
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** One request; the body is sent and read as JSON. */
export async function send(
  url: string,
  options: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { method = options.body === undefined ? 'GET' : 'POST', body, headers = {} } = options;
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
  };
}
