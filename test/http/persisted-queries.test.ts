/** Queries by their hash (Apollo's automatic persisted queries) and trusted documents, over POST and GET. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSmallGateway, type SmallGateway } from './small-gateway.ts';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const persisted = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });

async function post(gateway: SmallGateway, body: object): Promise<{ status: number; body: any }> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

async function get(gateway: SmallGateway, parameters: Record<string, unknown>): Promise<{ status: number; body: any }> {
  const search = new URLSearchParams(
    Object.entries(parameters).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
  const response = await fetch(`${gateway.url}/graphql?${search.toString()}`, {
    headers: { 'apollo-require-preflight': '1' },
  });
  return { status: response.status, body: await response.json() };
}

const codeOf = ({ body }: { body: any }): string => body.errors[0].extensions.code;

describe('automatic persisted queries', () => {
  let gateway: SmallGateway;
  beforeAll(async () => {
    gateway = await startSmallGateway();
  });
  afterAll(() => gateway?.close());

  it('a hash that is not known is PersistedQueryNotFound, and is known once it has been sent with its query', async () => {
    const query = 'query One($id: ID!) { book(id: $id) { title } }';
    const extensions = persisted(hashOf(query));
    const unknown = await post(gateway, { extensions, variables: { id: '1' } });
    expect(unknown.body.errors[0].message).toBe('PersistedQueryNotFound');
    expect(codeOf(unknown)).toBe('PERSISTED_QUERY_NOT_FOUND');
    const data = { book: { title: '/books/1' } };
    expect((await post(gateway, { query, extensions, variables: { id: '1' } })).body).toEqual({ data });
    expect((await post(gateway, { extensions, variables: { id: '1' } })).body).toEqual({ data });
    expect((await get(gateway, { extensions, variables: { id: '1' } })).body).toEqual({ data });
  });

  it('a GET may bring a query and its hash', async () => {
    const query = '{ book(id: "7") { title } }';
    const extensions = persisted(hashOf(query));
    expect(codeOf(await get(gateway, { extensions }))).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect((await get(gateway, { query, extensions })).status).toBe(200);
    expect((await get(gateway, { extensions })).body.data).toEqual({ book: { title: '/books/7' } });
  });

  it('a hash that is not that of the query is refused, and nothing is kept', async () => {
    const query = '{ book(id: "8") { title } }';
    const extensions = persisted(hashOf('{ other }'));
    expect((await post(gateway, { query, extensions })).status).toBe(400);
    expect(codeOf(await post(gateway, { extensions }))).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it('a mutation by its hash does not run by GET', async () => {
    const query = 'mutation { add(title: "x") { id } }';
    const extensions = persisted(hashOf(query));
    expect((await post(gateway, { query, extensions })).body.errors).toBeUndefined();
    const before = gateway.calls.length;
    expect((await get(gateway, { extensions })).status).toBe(405);
    expect(gateway.calls).toHaveLength(before);
  });

  it('another version of the protocol is refused', async () => {
    const extensions = { persistedQuery: { version: 2, sha256Hash: hashOf('x') } };
    expect((await post(gateway, { extensions })).status).toBe(400);
  });

  it('with persistedQueries.enabled: false they are not served', async () => {
    const without = await startSmallGateway({ settings: 'server: { persistedQueries: { enabled: false } }' });
    try {
      expect(codeOf(await post(without, { extensions: persisted(hashOf('{ x }')) }))).toBe(
        'PERSISTED_QUERY_NOT_SUPPORTED',
      );
    } finally {
      await without.close();
    }
  });
});

const known = 'query Book($id: ID!) { book(id: $id) { title } }';
const id = hashOf(known);
const data = { book: { title: '/books/1' } };
const variables = { id: '1' };

const manifests = {
  "Apollo's manifest": {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [{ id, name: 'Book', type: 'query', body: known }],
  },
  'an object of texts': { [id]: known },
};

describe.each(Object.entries(manifests))('trusted documents, listed by %s', (_name, manifest) => {
  let gateway: SmallGateway;
  beforeAll(async () => {
    gateway = await startSmallGateway({
      files: { 'documents.json': JSON.stringify(manifest) },
      settings: 'server: { trustedDocuments: { mode: enforce, manifest: documents.json } }',
    });
  });
  afterAll(() => gateway?.close());

  it.each([
    ['by documentId', { documentId: id, variables }],
    ['by its hash', { extensions: persisted(id), variables }],
    ['by its text', { query: known, variables }],
    ['by hash and text', { query: known, extensions: persisted(id), variables }],
  ])('a document of the list is run %s, by POST and by GET', async (_how, request) => {
    expect(await post(gateway, request)).toEqual({ status: 200, body: { data } });
    expect(await get(gateway, request)).toEqual({ status: 200, body: { data } });
  });

  it.each([
    ['a query that is not in the list', { query: '{ book(id: "2") { title } }' }, 403, 'QUERY_NOT_IN_SAFELIST'],
    ['one more space', { query: `${known} `, variables }, 403, 'QUERY_NOT_IN_SAFELIST'],
    [
      'the id of one document and the text of another',
      { documentId: id, query: '{ __typename }' },
      403,
      'QUERY_NOT_IN_SAFELIST',
    ],
    ['an unknown id', { documentId: 'unknown' }, 404, 'PERSISTED_QUERY_NOT_IN_LIST'],
    ['an unknown hash', { extensions: persisted(hashOf('x')) }, 404, 'PERSISTED_QUERY_NOT_IN_LIST'],
    [
      'a query and its hash, to have it kept',
      { query: '{ __typename }', extensions: persisted(hashOf('{ __typename }')) },
      403,
      'QUERY_NOT_IN_SAFELIST',
    ],
    ['an inherited name as an id', { documentId: 'constructor' }, 404, 'PERSISTED_QUERY_NOT_IN_LIST'],
    ['nothing', {}, 404, 'PERSISTED_QUERY_NOT_IN_LIST'],
  ])('%s is refused, and nothing is called', async (_what, request, status, code) => {
    const before = gateway.calls.length;
    for (const answer of [await post(gateway, request), await get(gateway, request)]) {
      expect(answer.status).toBe(status);
      expect(codeOf(answer)).toBe(code);
      expect(answer.body.data).toBeUndefined();
    }
    expect(gateway.calls).toHaveLength(before);
  });
});

it('with mode: log, documents run by their ids, and everything else runs too', async () => {
  const gateway = await startSmallGateway({
    files: { 'documents.json': JSON.stringify({ [id]: known }) },
    settings: 'server: { trustedDocuments: { mode: log, manifest: documents.json } }',
  });
  try {
    expect((await post(gateway, { documentId: id, variables })).body).toEqual({ data });
    expect((await post(gateway, { query: '{ book(id: "1") { title } }' })).body).toEqual({ data });
    expect(codeOf(await post(gateway, { extensions: persisted(hashOf('x')) }))).toBe('PERSISTED_QUERY_NOT_FOUND');
  } finally {
    await gateway.close();
  }
});

it.each([
  ['that is not there', undefined],
  ['that is no JSON', '{'],
  ['with a text that is a number', '{ "a": 7 }'],
  ['of an unknown version', '{ "format": "apollo-persisted-query-manifest", "version": 2, "operations": [] }'],
])('a list %s stops the start', async (_what, text) => {
  const starting = startSmallGateway({
    files: text === undefined ? {} : { 'documents.json': text },
    settings: 'server: { trustedDocuments: { mode: log, manifest: documents.json } }',
  });
  await expect(starting).rejects.toThrow('server.trustedDocuments.manifest');
});
