/** Compressed answers of every face, with tags that fit (RFC 9110, 8.8.3.3 and 13.1.2), over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSmallGateway, type SmallGateway } from './small-gateway.ts';

const route = `
query GetBook($id: ID!) @http(method: GET, route: "/books/{id}") @resource(type: "Book") {
  book(id: $id) { id title }
}
`;

const title = 'Madame Bovary. '.repeat(200);
let gateway: SmallGateway;
beforeAll(async () => {
  gateway = await startSmallGateway({
    settings: 'server: { web: pages, landingPage: console }\nfacade: { operations: rest }\n',
    files: {
      'rest/books.graphql': route,
      'pages/index.html': `<!doctype html><title>${title}</title>`,
      'pages/assets/app.js': `export const title = '${title}';`,
    },
    serve(request, response) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ id: '1', title: request.url === '/books/short' ? 'Short' : title }));
    },
  });
});
afterAll(() => gateway?.close());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${gateway.url}${path}`, { headers: { 'accept-encoding': 'identity', ...headers } });
const coded = { 'accept-encoding': 'br' };

describe.each([
  ['a REST answer', '/rest/books/1'],
  ['the API description', '/rest/openapi.json'],
  ['a page', '/'],
  ['a file of the pages', '/assets/app.js'],
])('%s', (_what, path) => {
  it.each(['br', 'gzip'])('is compressed with %s for a client that takes it', async (coding) => {
    const [plain, compressed] = [await get(path), await get(path, { 'accept-encoding': coding })];
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(compressed.headers.get('content-encoding')).toBe(coding);
    expect(compressed.headers.get('vary')).toMatch(/accept-encoding/i);
    expect(await compressed.text()).toBe(await plain.text());
  });
});

describe('POST /graphql', () => {
  const ask = (acceptEncoding: string, headers: Record<string, string> = {}) =>
    fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'accept-encoding': acceptEncoding, ...headers },
      body: JSON.stringify({ query: '{ book(id: 1) { title } }' }),
    });

  it.each([
    ['by the short way', {}],
    ['by the long way', { origin: 'http://elsewhere.example' }],
  ])('%s is compressed for a client that takes it', async (_way, headers) => {
    const [plain, compressed] = [await ask('identity', headers), await ask('br', headers)];
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(compressed.headers.get('content-encoding')).toBe('br');
    expect(await compressed.json()).toEqual(await plain.json());
  });
});

describe('a conditional read', () => {
  it('is 304 with the tag of either coding, and the tag comes back', async () => {
    const tags = [await get('/rest/books/1'), await get('/rest/books/1', coded)].map(({ headers }) =>
      headers.get('etag')!,
    );
    expect(tags[1]).toBe(tags[0]!.replace(/"$/, '-br"'));
    for (const etag of tags) {
      const again = await get('/rest/books/1', { ...coded, 'if-none-match': etag });
      expect(again.status).toBe(304);
      expect(again.headers.get('etag')).toBe(etag);
      expect(again.headers.get('vary')).toMatch(/accept-encoding/i);
    }
  });

  it('HEAD has the tag and the coding of GET', async () => {
    const head = await fetch(`${gateway.url}/rest/books/1`, { method: 'HEAD', headers: coded });
    const { headers } = await get('/rest/books/1', coded);
    for (const name of ['etag', 'content-encoding', 'vary']) expect(head.headers.get(name)).toBe(headers.get(name));
  });
});

describe('what is not compressed', () => {
  it('a short answer, which says all the same that others are', async () => {
    const { headers } = await get('/rest/books/short', coded);
    expect(headers.get('content-encoding')).toBeNull();
    expect(headers.get('vary')).toMatch(/accept-encoding/i);
  });

  it('an answer to a client that asks for nothing', async () => {
    expect((await get('/rest/books/1', { 'accept-encoding': '*;q=0' })).headers.get('content-encoding')).toBeNull();
  });
});

it('server.compression.enabled: false compresses nothing', async () => {
  const off = await startSmallGateway({
    settings: 'server: { web: pages, compression: { enabled: false } }\n',
    files: { 'pages/index.html': title, 'pages/assets/app.js': title },
  });
  try {
    for (const path of ['/', '/assets/app.js']) {
      const { headers } = await fetch(off.url + path, { headers: coded });
      expect(headers.get('content-encoding')).toBeNull();
    }
  } finally {
    await off.close();
  }
});
