/** The REST API of the authors, request by request, every answer held against the contract. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthorsService } from '../../../../subgraphs/authors/service.ts';
import type { Service } from '../../../../subgraphs/chassis/create-service.ts';
import { seedAuthors } from '../../../../subgraphs/seed/authors.ts';
import { createContractClient, type ClientRequest } from '../../contract-client.ts';
import { readAuthor, readAuthorList } from './read-xml.ts';

let service: Service;
const faults: unknown[] = [];
const client = createContractClient('authors', () => service.url);

beforeAll(async () => {
  service = await createAuthorsService({
    storage: { kind: 'ephemeral' },
    isSeeded: true,
    now: () => new Date(Date.UTC(2026, 4, 4, 9)),
    onError: (error) => faults.push(error),
    isCheckingAnswers: true,
  });
  await service.listen({ port: 0 });
});

afterAll(async () => {
  await service.close();
  expect(faults).toEqual([]);
});

const json = { 'content-type': 'application/json' };
const mergePatch = { 'content-type': 'application/merge-patch+json' };
const asXml = { accept: 'application/xml' };
const get = (path: string, headers: Record<string, string> = {}) => client.send({ path, headers });
const post = (body: unknown) => client.send({ method: 'POST', path: '/v1/authors', body });
const put = (id: string, body: unknown, headers: Record<string, string> = {}) =>
  client.send({ method: 'PUT', path: `/v1/authors/${id}`, body, headers });
const patch = (id: string, body: unknown, headers: Record<string, string> = {}) =>
  client.send({ method: 'PATCH', path: `/v1/authors/${id}`, body, headers: { ...mergePatch, ...headers } });
const idsOf = (body: Record<string, unknown>): string[] => (body['items'] as { id: string }[]).map(({ id }) => id);
/** Outside the contract client, which reads JSON. */
const getXml = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(service.url + path, { headers: { ...asXml, ...headers } });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const writeForXml = async (method: string, path: string, headers: Record<string, string>, body: unknown) => {
  const response = await fetch(service.url + path, {
    method,
    headers: { ...asXml, ...headers },
    body: JSON.stringify(body),
  });
  return [response.status, response.headers.get('etag'), readAuthor(await response.text())];
};

const flaubert = {
  id: 'gustave-flaubert',
  firstName: 'Gustave',
  lastName: 'Flaubert',
  birthYear: 1821,
  deathYear: 1880,
  version: 1,
};

describe('reading', () => {
  test('GET /v1/authors/gustave-flaubert answers the author, with a tag', async () => {
    const { status, headers, body } = await get('/v1/authors/gustave-flaubert');
    expect([status, body]).toEqual([200, flaubert]);
    expect([headers.get('etag'), headers.get('vary')]).toEqual(['"1"', 'accept']);
  });

  test('GET /v1/authors/homer answers null for what is not known', async () => {
    expect((await get('/v1/authors/homer')).body).toMatchObject({
      firstName: null,
      lastName: 'Homer',
      birthYear: null,
    });
  });

  test('GET with the tag it has answers 304 and no body', async () => {
    const again = await get('/v1/authors/gustave-flaubert', { 'if-none-match': '"1"' });
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', '"1"']);
    expect(again.headers.get('vary')).toBe('accept');
    expect((await get('/v1/authors/gustave-flaubert', { 'if-none-match': '"2"' })).status).toBe(200);
  });

  test('HEAD answers as GET, without the body', async () => {
    const head = await client.send({ method: 'HEAD', path: '/v1/authors/gustave-flaubert' });
    expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', '"1"']);
  });

  test('GET /v1/authors answers 20 of all, and says how to go on', async () => {
    const { body, headers } = await get('/v1/authors');
    expect(idsOf(body)).toHaveLength(20);
    expect(body['total']).toBe(seedAuthors.length);
    expect(body['page']).toMatchObject({ hasNext: true, hasPrevious: false });
    expect(headers.get('link')).toMatch(
      /^<\/v1\/authors\?first=20>; rel="first", <\/v1\/authors\?.*after=.+>; rel="next"$/,
    );
  });

  test('GET along the next links reaches every author once', async () => {
    const seen: string[] = [];
    for (let path: string | undefined = '/v1/authors?first=50'; path !== undefined;) {
      const { body, headers }: Awaited<ReturnType<typeof get>> = await get(path);
      seen.push(...idsOf(body));
      path = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
    }
    expect(seen).toHaveLength(seedAuthors.length);
    expect(new Set(seen)).toEqual(new Set(seedAuthors.map(({ id }) => id)));
  });

  test('GET ?first=0 counts only', async () => {
    const { body, headers } = await get('/v1/authors?first=0');
    expect(body).toEqual({
      items: [],
      page: { hasNext: true, hasPrevious: false, start: null, end: null },
      total: seedAuthors.length,
    });
    expect(headers.get('link')).not.toContain('next');
  });

  test('GET ?name= finds a part of the name, without accents', async () => {
    expect(idsOf((await get('/v1/authors?name=BRONTE')).body)).toEqual([
      'anne-bronte',
      'charlotte-bronte',
      'emily-bronte',
    ]);
    expect(idsOf((await get('/v1/authors?name=%C3%A9mile%20z')).body)).toEqual(['emile-zola']);
    expect((await get('/v1/authors?name=nobody')).body).toMatchObject({ items: [], total: 0 });
  });

  test('GET ?ids= answers all of them at once, whatever first says, and leaves out the unknown', async () => {
    const ids = seedAuthors.slice(0, 99).map(({ id }) => id);
    const { body, headers } = await get(`/v1/authors?first=3&ids=${['nobody', ...ids].join(',')}`);
    expect(idsOf(body).toSorted()).toEqual(ids.toSorted());
    expect(body['page']).toMatchObject({ hasNext: false });
    expect(headers.get('link')).toBeNull();
  });
});

describe('XML', () => {
  test('GET as XML says the same as JSON, under a tag of its own', async () => {
    for (const id of ['gustave-flaubert', 'homer', 'antoine-de-saint-exupery']) {
      const { status, headers, text } = await getXml(`/v1/authors/${id}`);
      expect([status, headers.get('content-type')]).toEqual([200, 'application/xml; charset=utf-8']);
      expect([headers.get('etag'), headers.get('vary')]).toEqual(['"1-xml"', 'accept']);
      expect(readAuthor(text)).toEqual((await get(`/v1/authors/${id}`)).body);
    }
  });

  test('GET a list as XML says the same as JSON, of none, one and many', async () => {
    for (const query of ['name=nobody', 'name=flaubert', 'first=5', 'first=0']) {
      const { text, headers } = await getXml(`/v1/authors?${query}`);
      const plain = await get(`/v1/authors?${query}`);
      expect(readAuthorList(text)).toEqual(plain.body);
      expect(headers.get('link')).toBe(plain.headers.get('link'));
    }
  });

  test('markup in a name is text', async () => {
    const lastName = `]]><script>"O'Neill" & &amp; <!-- Sons`;
    const { body } = await post({ lastName });
    const { text } = await getXml(`/v1/authors/${body['id'] as string}`);
    expect(text).not.toContain('<script>');
    expect(readAuthor(text)).toMatchObject({ lastName });
  });

  test('a tag of the JSON is none of the XML, yet either will do to write', async () => {
    await post({ lastName: 'Tagged' });
    expect((await getXml('/v1/authors/tagged', { 'if-none-match': '"1"' })).status).toBe(200);
    const known = await getXml('/v1/authors/tagged', { 'if-none-match': '"1-xml"' });
    expect([known.status, known.text]).toEqual([304, '']);
    expect((await patch('tagged', { birthYear: 1900 }, { 'if-match': '"1-xml"' })).status).toBe(200);
    expect((await patch('tagged', { birthYear: 1901 }, { 'if-match': '"1-xml"' })).status).toBe(412);
    expect((await patch('tagged', { birthYear: 1901 }, { 'if-match': '"2"' })).status).toBe(200);
  });

  test('POST, PUT and PATCH answer XML to who asks for it', async () => {
    const written = { id: 'xml-writer', firstName: 'Xml', lastName: 'Writer', birthYear: null, deathYear: null };
    const input = { firstName: 'Xml', lastName: 'Writer' };
    expect(await writeForXml('POST', '/v1/authors', json, input)).toEqual([201, '"1-xml"', { ...written, version: 1 }]);
    const second = { ...written, birthYear: -10, version: 2 };
    expect(await writeForXml('PUT', '/v1/authors/xml-writer', json, { ...input, birthYear: -10 })).toEqual([
      200,
      '"2-xml"',
      second,
    ]);
    expect(await writeForXml('PATCH', '/v1/authors/xml-writer', mergePatch, { birthYear: null })).toEqual([
      200,
      '"3-xml"',
      { ...written, version: 3 },
    ]);
  });

  test.each([
    ['*/*', 'application/json'],
    ['application/*', 'application/json'],
    ['application/json;q=0.5, application/xml', 'application/xml'],
    ['text/html, application/xml;q=0.9, */*;q=0.8', 'application/xml'],
    ['application/xml;q=0, */*', 'application/json'],
  ])('Accept: %s is answered with %s', async (accept, mediaType) => {
    const response = await fetch(`${service.url}/v1/authors/homer`, { headers: { accept } });
    expect(response.headers.get('content-type')).toBe(`${mediaType}; charset=utf-8`);
    await response.text();
  });

  test('a problem is JSON for who asks for XML', async () => {
    const { status, headers } = await getXml('/v1/authors/nobody');
    expect([status, headers.get('content-type')]).toEqual([404, 'application/problem+json; charset=utf-8']);
  });
});

describe('writing', () => {
  test('POST /v1/authors answers 201 with where it is, and a number for a namesake', async () => {
    const first = await post({ firstName: ' Émilie ', lastName: 'du Châtelet', birthYear: 1706, deathYear: 1749 });
    expect([first.status, first.headers.get('location'), first.headers.get('etag')]).toEqual([
      201,
      '/v1/authors/emilie-du-chatelet',
      '"1"',
    ]);
    expect(first.body).toEqual({
      id: 'emilie-du-chatelet',
      firstName: 'Émilie',
      lastName: 'du Châtelet',
      birthYear: 1706,
      deathYear: 1749,
      version: 1,
    });
    const second = await post({ firstName: 'Émilie', lastName: 'du Châtelet' });
    expect(second.headers.get('location')).toBe('/v1/authors/emilie-du-chatelet-2');
    expect((await get('/v1/authors/emilie-du-chatelet-2')).body).toEqual(second.body);
  });

  test('PUT replaces everything but the id; what it leaves out is null', async () => {
    await post({ firstName: 'Put', lastName: 'Person', birthYear: 1900, deathYear: 1950 });
    const answer = await put('put-person', { lastName: 'Personne' });
    expect([answer.status, answer.headers.get('etag'), answer.body]).toEqual([
      200,
      '"2"',
      { id: 'put-person', firstName: null, lastName: 'Personne', birthYear: null, deathYear: null, version: 2 },
    ]);
    expect((await put('put-person', { lastName: 'Personne' })).body).toMatchObject({ version: 2 });
  });

  test('PATCH changes what it names, null says that it is not known, {} changes nothing', async () => {
    await post({ firstName: 'Patch', lastName: 'Person', birthYear: 1900, deathYear: 1950 });
    expect((await patch('patch-person', { deathYear: null })).body).toMatchObject({ birthYear: 1900, deathYear: null });
    expect((await patch('patch-person', { firstName: null })).body).toMatchObject({ firstName: null, version: 3 });
    const same = await patch('patch-person', {});
    expect([same.status, same.headers.get('etag'), same.body['version']]).toEqual([200, '"3"', 3]);
  });

  test('a write with If-Match goes through for the version that was seen and for no other', async () => {
    await post({ lastName: 'Matched' });
    expect((await put('matched', { lastName: 'Matched', birthYear: 1 }, { 'if-match': '"1"' })).status).toBe(200);
    const late = await put('matched', { lastName: 'Late' }, { 'if-match': '"1"' });
    expect([late.status, late.body['type'], late.headers.get('etag')]).toEqual([
      412,
      '/problems/precondition-failed',
      '"2"',
    ]);
    expect((await patch('matched', { birthYear: 2 }, { 'if-match': 'W/"2"' })).status).toBe(412);
    expect((await patch('matched', { birthYear: 2 }, { 'if-match': '"9", "2"' })).status).toBe(200);
    expect((await patch('matched', { birthYear: 3 }, { 'if-match': '*' })).status).toBe(200);
  });

  test('of 20 writes at once with the same If-Match one goes through', async () => {
    await post({ lastName: 'Contended' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => patch('contended', { birthYear: 1900 + index }, { 'if-match': '"1"' })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(19);
    expect((await get('/v1/authors/contended')).body).toMatchObject({ version: 2 });
  });
});

interface Refusal extends ClientRequest {
  readonly name: string;
  readonly status: number;
  readonly type: string;
  readonly header?: readonly [string, string];
}

const ids = (count: number): string => Array.from({ length: count }, (_, index) => `a${index}`).join(',');
const list = '/v1/authors';
const one = '/v1/authors/gustave-flaubert';
const foreignCursor = Buffer.from('["newest","2020-01-01","x"]').toString('base64url');
const nullCursor = Buffer.from(JSON.stringify(['name', 'a\u0000', '', 'a'])).toString('base64url');
const numberCursor = Buffer.from('["name",1,2,3]').toString('base64url');

const refusals: readonly Refusal[] = [
  { name: 'GET ?first=-1', path: `${list}?first=-1`, status: 400, type: 'invalid-parameter' },
  { name: 'GET ?first=101', path: `${list}?first=101`, status: 400, type: 'invalid-parameter' },
  { name: 'GET ?first=ten', path: `${list}?first=ten`, status: 400, type: 'invalid-parameter' },
  { name: 'GET ?name=', path: `${list}?name=`, status: 400, type: 'invalid-parameter' },
  { name: 'GET ?name=%00', path: `${list}?name=%00`, status: 400, type: 'invalid-parameter' },
  { name: 'GET ?name=a&name=b', path: `${list}?name=a&name=b`, status: 400, type: 'invalid-parameter' },
  { name: 'GET ?nmae=', path: `${list}?nmae=a`, status: 400, type: 'unknown-parameter' },
  { name: 'GET ?ids=', path: `${list}?ids=`, status: 400, type: 'invalid-parameter' },
  { name: 'GET 101 ids', path: `${list}?ids=${ids(101)}`, status: 400, type: 'invalid-parameter' },
  { name: 'GET ?after= nonsense', path: `${list}?after=nonsense`, status: 400, type: 'invalid-cursor' },
  { name: "GET ?after= another list's", path: `${list}?after=${foreignCursor}`, status: 400, type: 'invalid-cursor' },
  { name: 'GET ?after= a null byte', path: `${list}?after=${nullCursor}`, status: 400, type: 'invalid-cursor' },
  { name: 'GET ?after= numbers', path: `${list}?after=${numberCursor}`, status: 400, type: 'invalid-cursor' },
  { name: 'GET a malformed id', path: '/v1/authors/%20', status: 400, type: 'invalid-parameter' },
  { name: 'GET an unknown author', path: '/v1/authors/nobody', status: 404, type: 'not-found' },
  { name: 'GET an unknown route', path: '/v1/people', status: 404, type: 'route-not-found' },
  {
    name: 'GET as HTML only',
    path: one,
    headers: { accept: 'text/html' },
    status: 406,
    type: 'not-acceptable',
    header: ['vary', 'accept'],
  },
  {
    name: 'DELETE an author',
    method: 'DELETE',
    path: one,
    status: 405,
    type: 'method-not-allowed',
    header: ['allow', 'GET, HEAD, PUT, PATCH, OPTIONS'],
  },
  {
    name: 'DELETE all',
    method: 'DELETE',
    path: list,
    status: 405,
    type: 'method-not-allowed',
    header: ['allow', 'GET, HEAD, POST, OPTIONS'],
  },
  { name: 'POST without a body', method: 'POST', path: list, status: 400, type: 'missing-body' },
  {
    name: 'POST broken JSON',
    method: 'POST',
    path: list,
    headers: json,
    body: '{',
    status: 400,
    type: 'malformed-body',
  },
  {
    name: 'POST what is not UTF-8',
    method: 'POST',
    path: list,
    headers: json,
    body: new Uint8Array([0x22, 0xff, 0x22]),
    status: 400,
    type: 'malformed-body',
  },
  {
    name: 'POST XML',
    method: 'POST',
    path: list,
    headers: { 'content-type': 'application/xml' },
    body: '<author/>',
    status: 415,
    type: 'unsupported-media-type',
    header: ['accept-post', 'application/json'],
  },
  {
    name: 'PATCH plain JSON',
    method: 'PATCH',
    path: one,
    body: {},
    status: 415,
    type: 'unsupported-media-type',
    header: ['accept-patch', 'application/merge-patch+json'],
  },
  {
    name: 'POST 2 MB',
    method: 'POST',
    path: list,
    body: { lastName: 'x'.repeat(2_000_000) },
    status: 413,
    type: 'body-too-large',
  },
  {
    name: 'PUT an unknown author',
    method: 'PUT',
    path: '/v1/authors/nobody',
    body: { lastName: 'A' },
    status: 404,
    type: 'not-found',
  },
  {
    name: 'PATCH an unknown author',
    method: 'PATCH',
    path: '/v1/authors/nobody',
    headers: mergePatch,
    body: {},
    status: 404,
    type: 'not-found',
  },
  ...[
    { body: [] },
    { body: {} },
    { body: { lastName: null } },
    { body: { lastName: '' } },
    { body: { lastName: '   ' } },
    { body: { lastName: 7 } },
    { body: { lastName: 'a\u0000b' } },
    { body: { lastName: 'a\ud800' } },
    { body: { lastName: 'x'.repeat(101) } },
    { body: { lastName: 'x'.repeat(201) } },
    { body: { lastName: 'A', firstName: '' } },
    { body: { lastName: 'A', firstName: 'b\nc' } },
    { body: { lastName: 'A', birthYear: 0 } },
    { body: { lastName: 'A', birthYear: 1.5 } },
    { body: { lastName: 'A', birthYear: '1900' } },
    { body: { lastName: 'A', birthYear: 2027 } },
    { body: { lastName: 'A', deathYear: 9_999_999_999 } },
    { body: { lastName: 'A', birthYear: 1900, deathYear: 1899 } },
    { body: { lastName: 'A', birthYear: 1800, deathYear: 1931 } },
    { body: { lastName: 'A', id: 'mine' } },
  ].map(({ body }): Refusal => ({
    name: `POST ${JSON.stringify(body).slice(0, 60)}`,
    method: 'POST',
    path: list,
    body,
    status: 422,
    type: 'validation',
  })),
  ...[null, [], { lastName: null }, { version: 9 }, { birthYear: 1881 }].map((body): Refusal => ({
    name: `PATCH ${JSON.stringify(body)}`,
    method: 'PATCH',
    path: one,
    headers: mergePatch,
    body: JSON.stringify(body),
    status: 422,
    type: 'validation',
  })),
];

describe('refusals', () => {
  test.each(refusals)('$name answers $status $type', async ({ status, type, header, name: _name, ...request }) => {
    const answer = await client.send(request);
    expect([answer.status, answer.body['type']]).toEqual([status, `/problems/${type}`]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.headers.get('etag')).toBeNull();
    expect(answer.headers.get(header?.[0] ?? 'location')).toBe(header?.[1] ?? null);
  });

  test('POST with several faults points at each', async () => {
    const { body } = await post({ firstName: 'a\u0000', lastName: ' ', birthYear: 2027, deathYear: 0 });
    const pointers = (body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(pointers).toEqual(['/firstName', '/lastName', '/birthYear', '/deathYear']);
  });

  test('what was refused has changed nothing', async () => {
    expect((await get(one)).body).toEqual(flaubert);
  });
});

describe('the service', () => {
  test('GET /health/ready answers 200 and the request id it was sent', async () => {
    const response = await fetch(`${service.url}/health/ready`, { headers: { 'x-request-id': 'abc-1' } });
    expect([response.status, response.headers.get('x-request-id')]).toEqual([200, 'abc-1']);
  });

  test('has answered every success of its contract', () => {
    expect(client.unseen()).toEqual([]);
  });
});
