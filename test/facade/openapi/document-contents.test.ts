/** What the OpenAPI document says beyond shapes: limits that hold, links, headers, examples that fit, one name for one path. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../gateway/facade/index.ts';
import { documents, jsonOf, openShop } from '../bookshop.ts';

type Node = { [name: string]: Json };

const { openapi } = openShop().facade;
const pathsOf = (document: Node) => document['paths'] as { [path: string]: { [method: string]: Node } };
const paths = pathsOf(openapi);

const at = (document: Node, reference: string): Node =>
  reference
    .slice(2)
    .split('/')
    .reduce<Node>((node, key) => node[key.replaceAll('~1', '/')] as Node, document);
const resolve = (node: Node): Node => (typeof node['$ref'] === 'string' ? at(openapi, node['$ref']) : node);

const responsesOf = (path: string, method: string) =>
  Object.fromEntries(
    Object.entries(paths[path]![method]!['responses'] as { [status: string]: Node }).map(([status, response]) => [
      status,
      resolve(response),
    ]),
  );

describe('limits', () => {
  const limits = { maxLength: 40, maxItems: 2, maximum: 2_000 };
  const shop = openShop({ settings: { limits } });

  it('are in the document, for what is sent and for what is answered', () => {
    const { BookInput, BookFull } = (shop.facade.openapi['components'] as Node)['schemas'] as { [name: string]: Node };
    const schemas = { properties: { title: { maxLength: 40 }, year: { maximum: 2_000 } } };
    expect(BookInput).toMatchObject(schemas);
    expect(BookFull).toMatchObject({ properties: { ...schemas.properties, authors: { maxItems: 2 } } });
  });

  it.each([
    ['a text', '/rest/books?title=' + 'x'.repeat(41), 'title', 'at most 40 characters'],
    ['a list', '/rest/books?ids=a,b,c', 'ids', 'at most 2 items'],
    ['an item', `/rest/books?ids=a,${'x'.repeat(41)}`, 'ids', 'at most 40 characters'],
    ['a number', '/rest/books?year=2001', 'year', 'at most 2000'],
    ['a path', `/rest/books/${'x'.repeat(41)}`, 'id', 'at most 40 characters'],
  ])('hold for %s in an address', async (_what, url, parameter, expected) => {
    const response = await shop.send(url);
    expect(response.status).toBe(400);
    expect(jsonOf(response)).toMatchObject({
      code: 'INVALID_PARAMETER',
      errors: [{ parameter, detail: `"${parameter}" is not valid, expected ${expected}`, code: 'too-large' }],
    });
    expect(shop.executed).toEqual([]);
  });

  it('hold for a body, with a pointer to each', async () => {
    const body = { title: 'x'.repeat(41), authorIds: ['a', 'b', 'c'], year: 2001, price: '1', currency: 'EUR' };
    const response = await shop.send('/rest/books', { method: 'POST', body });
    expect(response.status).toBe(422);
    const errors = jsonOf(response)['errors'] as { pointer: string; detail: string }[];
    expect(errors.map(({ pointer, detail }) => [pointer, detail])).toEqual(
      expect.arrayContaining([
        ['/title', 'Expected at most 40 characters'],
        ['/year', 'Expected at most 2000'],
      ]),
    );
  });

  it('count characters, not code units', async () => {
    expect((await shop.send(`/rest/books?title=${encodeURIComponent('😀'.repeat(40))}`)).status).toBe(200);
  });
});

describe('the responses of an operation', () => {
  it('list every status a read can end in', () => {
    expect(Object.keys(responsesOf('/books/{id}', 'get')).join(' ')).toMatchInlineSnapshot(
      `"200 304 400 401 402 403 404 406 410 412 414 417 422 429 431 451 500 502 503 504 default"`,
    );
  });

  it('list every status a write with a body can end in', () => {
    expect(Object.keys(responsesOf('/orders', 'post')).join(' ')).toMatchInlineSnapshot(
      `"201 400 401 402 403 404 406 408 409 410 412 413 414 415 417 422 423 428 429 431 451 500 502 503 504 default"`,
    );
  });

  it.each([
    ['/books', 'post', '201', ['Location', 'ETag', 'Link', 'Idempotency-Replayed']],
    ['/books/{id}', 'get', '200', ['ETag', 'Cache-Control', 'Vary', 'Link', 'Content-Location', 'Partial-Response']],
    ['/books/{id}', 'get', '304', ['ETag', 'Cache-Control', 'Vary']],
    ['/books/{id}', 'put', '204', ['ETag', 'Preference-Applied']],
    ['/books/{id}', 'put', '412', ['ETag']],
    ['/books/{id}', 'put', '428', ['Link']],
    ['/books/{id}', 'patch', '415', ['Accept-Patch']],
    ['/books', 'get', '429', ['Retry-After', 'RateLimit', 'RateLimit-Policy']],
    ['/books', 'get', '401', ['WWW-Authenticate']],
  ])('%s %s %s has its headers', (path, method, status, names) => {
    expect(Object.keys(responsesOf(path, method)[status]!['headers'] as Node)).toEqual(expect.arrayContaining(names));
  });

  it('say the sunset of a version that goes away', () => {
    const old = openShop({
      documents: [
        ...documents,
        {
          file: 'rest/v1/old.graphql',
          text: 'query Old($id: ID!) @http(method: GET, route: "/books/{id}") @lifecycle(version: "v1", deprecated: "2026-01-01", sunset: "2027-01-01") { book(id: $id) { id } }',
        },
      ],
    }).facade.describe('v1')!;
    const operation = pathsOf(old)['/books/{id}']!['get']!;
    expect(operation).toMatchObject({ deprecated: true, 'x-sunset': '2027-01-01' });
    const { headers } = (operation['responses'] as { 200: { headers: Node } })[200];
    expect(Object.keys(headers)).toEqual(expect.arrayContaining(['Deprecation', 'Sunset']));
  });

  it('link a created item to its routes, by its key', () => {
    expect(responsesOf('/books', 'post')['201']!['links']).toMatchObject({
      GetBook: { operationId: 'GetBook', parameters: { id: '$response.body#/id' } },
      ListBookReviews: { operationId: 'ListBookReviews', parameters: { id: '$response.body#/id' } },
    });
  });

  it('have links that lead to operations, with parameters those have', () => {
    const operations = new Map(
      Object.values(paths)
        .flatMap((item) => Object.values(item))
        .map((operation) => [operation['operationId'], operation]),
    );
    for (const operation of operations.values()) {
      for (const response of Object.values(operation['responses'] as { [status: string]: Node })) {
        for (const link of Object.values((resolve(response)['links'] ?? {}) as { [name: string]: Node })) {
          const target = operations.get(link['operationId']!);
          const known = ((target?.['parameters'] ?? []) as Node[]).map((parameter) => resolve(parameter)['name']);
          expect(known).toEqual(expect.arrayContaining(Object.keys(link['parameters'] as Node)));
        }
      }
    }
  });
});

describe('examples', () => {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema(openapi, 'openapi');

  it('of parameters, members and problems fit their schemas', () => {
    let count = 0;
    const check = (schema: Json, value: Json, where: string) => {
      count++;
      const text = JSON.stringify(schema).replaceAll('"#/', '"openapi#/');
      const validate = ajv.compile(JSON.parse(text) as Node);
      expect([validate(value), validate.errors], where).toEqual([true, null]);
    };
    const walk = (node: Json, where: string): void => {
      if (typeof node !== 'object' || node === null) return;
      if (!Array.isArray(node)) {
        if (Array.isArray(node['examples'])) for (const value of node['examples']) check(node, value, where);
        if (node['example'] !== undefined && node['schema'] !== undefined)
          check(node['schema'], node['example'], where);
      }
      for (const [key, child] of Object.entries(node)) walk(child as Json, `${where}/${key}`);
    };
    walk(openapi as Json, '');
    expect(count).toBeGreaterThan(20);
  });
});

describe('paths', () => {
  const twin = {
    file: 'rest/twin.graphql',
    text: 'query Twin($bookId: ID!) @http(method: GET, route: "/books/{bookId}/twin") { book(id: $bookId) { id } }',
  };

  it('that differ only in the name of a parameter are one, with the name of the first', () => {
    const document = openShop({ documents: [...documents, twin] }).facade.openapi;
    expect(Object.keys(pathsOf(document))).toContain('/books/{id}/twin');
    const [parameter] = pathsOf(document)['/books/{id}/twin']!['get']!['parameters'] as Node[];
    expect(parameter).toMatchObject({ name: 'id', in: 'path' });
  });
});
