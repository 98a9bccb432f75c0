/**
 * A client whose types are generated from the committed documents, over a facade that answers: what the types promise is
 * what comes. The compiler checks the rest: every line with @ts-expect-error is a mistake that must not compile.
 */
import createClient from 'openapi-fetch';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import type { components as OldComponents, paths as OldPaths } from '../../../schema/generated/rest/v1.ts';
import type { components, paths } from '../../../schema/generated/rest/v2.ts';
import { oldDocuments, documents, openShop, type Shop } from '../bookshop.ts';
import { serveFacade, type ServedFacade } from '../serve-facade.ts';

type Schemas = components['schemas'];

let shop: Shop;
let served: ServedFacade;
beforeAll(async () => {
  shop = openShop({ documents: [...documents, ...oldDocuments] });
  served = await serveFacade(shop.facade);
});
afterAll(() => served.close());

/** HAL is another way to say the same; this client takes plain JSON. */
type Media = 'application/json' | 'application/problem+json';

const open = () => createClient<paths, Media>({ baseUrl: `${served.url}/rest` });

const book = { title: 'Bouvard et Pécuchet', authorIds: ['gustave-flaubert'], price: '9.90', currency: 'EUR' };

describe('the typed client', () => {
  it('reads an item with the shape of its document', async () => {
    const { data, response } = await open().GET('/books/{id}', { params: { path: { id: 'madame-bovary' } } });
    expect(response.status).toBe(200);
    expectTypeOf(data!.title).toEqualTypeOf<string | null>();
    expectTypeOf(data!.year).toEqualTypeOf<number | null>();
    expectTypeOf(data!.authors).toEqualTypeOf<Schemas['BookFull']['authors']>();
    expect(data).toMatchObject({
      id: 'madame-bovary',
      title: 'Madame Bovary',
      authors: [{ name: 'Gustave Flaubert' }],
    });
  });

  it('reads a page with typed parameters', async () => {
    const { data } = await open().GET('/books', {
      params: { query: { first: 2, sort: 'TITLE_ASC', ids: ['a', 'b'] } },
    });
    expectTypeOf(data!.nodes[0]!).toEqualTypeOf<Schemas['BookSummary']>();
    expect(data!.nodes).toHaveLength(2);
    expect(data!.totalCount).toBe(3);
  });

  it('tells problems apart by their status, with the members each has', async () => {
    const client = open();
    const { error: missing } = await client.GET('/books/{id}', { params: { path: { id: 'nothing' } } });
    expect(missing).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expectTypeOf(missing!.status).toExtend<number>();

    const order = { customer: 'emma', lines: [{ bookId: 'madame-bovary', quantity: 8 }] };
    const { error } = await client.POST('/orders', {
      params: { header: { 'Idempotency-Key': 'typed-1' } },
      body: order,
    });
    expect(error?.status).toBe(409);
    expect(error).toMatchObject({ bookId: 'madame-bovary', available: 7 });
    type Conflict = paths['/orders']['post']['responses'][409]['content']['application/problem+json'];
    expectTypeOf<Extract<Conflict, { bookId?: unknown }>>().toHaveProperty('available');
  });

  it('creates with 201 and Location, changes under If-Match, deletes', async () => {
    const client = open();
    const created = await client.POST('/books', { body: book });
    expect([created.response.status, created.data?.title]).toEqual([201, book.title]);
    const id = created.response.headers.get('location')!.split('/').at(-1)!;
    const path = { id: decodeURIComponent(id) };

    const read = await client.GET('/books/{id}', { params: { path } });
    const etag = read.response.headers.get('etag')!;
    const replaced = await client.PUT('/books/{id}', {
      params: { path, header: { 'If-Match': etag } },
      body: { ...book, title: 'Dictionnaire des idées reçues' },
    });
    expect([replaced.response.status, replaced.data?.version]).toEqual([200, 2]);

    const stale = await client.PATCH('/books/{id}', {
      params: { path, header: { 'If-Match': etag } },
      headers: { 'Content-Type': 'application/merge-patch+json' },
      body: { genre: 'satire' },
    });
    expect(stale.error?.status).toBe(412);

    const next = replaced.response.headers.get('etag')!;
    const gone = await client.DELETE('/books/{id}', { params: { path, header: { 'If-Match': next } } });
    expect([gone.response.status, gone.data]).toEqual([204, undefined]);
  });

  it('reads the old version with its own types', async () => {
    const client = createClient<OldPaths, Media>({ baseUrl: `${served.url}/rest/v1` });
    const { data, response } = await client.GET('/books');
    expectTypeOf(data!).toEqualTypeOf<OldComponents['schemas']['BookV1'][]>();
    expect(data).toHaveLength(3);
    expect(response.headers.get('sunset')).not.toBeNull();
  });

  it('does not mind members it does not know', async () => {
    const client = createClient<paths, Media>({
      baseUrl: `${served.url}/rest`,
      fetch: async (request) => {
        const answer = await fetch(request);
        return Response.json({ ...((await answer.json()) as object), addedLater: [1] }, answer);
      },
    });
    const { data } = await client.GET('/books/{id}', { params: { path: { id: 'madame-bovary' } } });
    expect(data).toMatchObject({ title: 'Madame Bovary', addedLater: [1] });
  });
});

describe('the compiler refuses', () => {
  /** Never called: only compiled. */
  const mistakes = async () => {
    const client = open();
    // @ts-expect-error no such path
    await client.GET('/boks');
    // @ts-expect-error the id is missing
    await client.GET('/books/{id}');
    // @ts-expect-error not a number
    await client.GET('/books', { params: { query: { first: 'two' } } });
    // @ts-expect-error no such value
    await client.GET('/books', { params: { query: { sort: 'BY_COLOUR' } } });
    // @ts-expect-error If-Match is required
    await client.DELETE('/books/{id}', { params: { path: { id: '1' } } });
    // @ts-expect-error the title is missing
    await client.POST('/books', { body: { authorIds: [], price: '1', currency: 'EUR' } });
    // @ts-expect-error the path has no such method
    await client.PUT('/books', {});
  };

  it('what the document does not have', () => {
    expect(mistakes).toBeTypeOf('function');
  });

  it('another status than those a problem has', () => {
    type Missing = Extract<
      paths['/books/{id}']['get']['responses'][404]['content']['application/problem+json'],
      object
    >;
    expectTypeOf<Missing['status']>().toEqualTypeOf<404>();
  });
});
