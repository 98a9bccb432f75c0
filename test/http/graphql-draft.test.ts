/** /graphql with the statuses of the draft of 2026 (facade.md 3.5), over a service that fails for one book. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSmallGateway, type SmallGateway } from './small-gateway.ts';

let gateway: SmallGateway;
beforeAll(async () => {
  gateway = await startSmallGateway({
    settings: 'server:\n  graphqlStatus: draft-2026\n',
    serve: (request, response) => {
      response.statusCode = request.url === '/books/bad' ? 500 : 200;
      response.setHeader('content-type', 'application/json');
      response.end('{"id":"1","title":"T"}');
    },
  });
}, 180_000);
afterAll(() => gateway?.close());

const type = 'application/graphql-response+json';

describe('/graphql under draft-2026', () => {
  it.each<[string, unknown, number, string?]>([
    ['data', { query: '{ book(id: "1") { id } }' }, 200],
    ['data and errors', { query: '{ book(id: "1") { id } bad: book(id: "bad") { id } }' }, 294],
    ['a text that does not parse', { query: '{' }, 400],
    ['an unknown field', { query: '{ nothing }' }, 422],
    ['a missing variable', { query: 'query ($id: ID!) { book(id: $id) { id } }' }, 422],
    ['no such operation', { query: 'query A { __typename }', operationName: 'B' }, 422],
    ['a request without a query', {}, 422],
    ['data and errors under application/json', { query: '{ bad: book(id: "bad") { id } }' }, 200, 'application/json'],
    ['an unknown field under application/json', { query: '{ nothing }' }, 400, 'application/json'],
  ])('%s', async (_what, body, status, accept = type) => {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify(body),
    });
    expect(response.status, await response.text()).toBe(status);
  });
});
