/** What a 304 costs (facade.md 5.2): counted in calls to the service, and in bytes that it sends. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSmallGateway, type SmallGateway } from './small-gateway.ts';

const sdl = `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key"])
  @link(url: "https://specs.apollo.dev/connect/v0.2", import: ["@connect", "@source"])
  @source(name: "api", http: { baseURL: "SOURCE" })
type Query {
  book(id: ID!): Book @connect(source: "api", http: { GET: "/books/{$args.id}" }, selection: "id title version", entity: true)
}
type Book @key(fields: "id") {
  id: ID! title: String version: Int
  chapters: [Chapter!]
    @connect(source: "api", http: { GET: "/books/{$this.id}/chapters" }, selection: "number text")
}
type Chapter { number: Int! text: String }
`;

const routes = `
query GetBook($id: ID!) @http(method: GET, route: "/books/{id}") @resource(type: "Book", version: "version") {
  book(id: $id) { id title chapters { number text } }
}
query ListChapters($id: ID!) @http(method: GET, route: "/books/{id}/chapters", result: "book.chapters") {
  book(id: $id) { chapters { number text } }
}
`;

const chapters = Array.from({ length: 20 }, (_, number) => ({ number, text: 'Nous étions à l’étude. '.repeat(20) }));
let sentBytes = 0;
let gateway: SmallGateway;
beforeAll(async () => {
  gateway = await startSmallGateway({
    sdl,
    settings: 'facade: { operations: rest }\n',
    files: { 'rest/books.graphql': routes },
    serve(request, response) {
      const body = JSON.stringify(
        request.url?.endsWith('chapters') === true
          ? chapters
          : { id: request.url?.split('/')[2], title: 'Madame Bovary', version: 1 },
      );
      const etag = `"${body.length}"`;
      response
        .setHeader('content-type', 'application/json')
        .setHeader('etag', etag)
        .setHeader('cache-control', 'no-cache');
      if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
      sentBytes += body.length;
      response.end(body);
    },
  });
});
afterAll(() => gateway?.close());

async function read(path: string, headers: Record<string, string> = {}) {
  const before = { calls: gateway.calls.length, bytes: sentBytes };
  const answer = await fetch(gateway.url + path, { headers });
  const received = Buffer.byteLength(await answer.text());
  const calls = gateway.calls.slice(before.calls);
  return { status: answer.status, etag: answer.headers.get('etag')!, received, calls, bytes: sentBytes - before.bytes };
}

it('of what one service owns: one call, for key and version', async () => {
  const whole = await read('/rest/books/1');
  expect([whole.status, whole.calls]).toEqual([200, ['GET /books/1', 'GET /books/1/chapters']]);
  const again = await read('/rest/books/1', { 'if-none-match': whole.etag });
  expect([again.status, again.calls, again.bytes, again.received]).toEqual([304, ['GET /books/1'], 0, 0]);
});

it('of what has no version: every call, each for a 304 of its own', async () => {
  const whole = await read('/rest/books/2/chapters');
  expect(whole.bytes).toBeGreaterThan(9_000);
  const again = await read('/rest/books/2/chapters', { 'if-none-match': whole.etag });
  expect([again.status, again.calls, again.bytes, again.received]).toEqual([304, whole.calls, 0, 0]);
});
