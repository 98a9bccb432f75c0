// @tributaryKeyList: many single GETs of a tick become one list request, and two fields of one list share it (3.4).
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { head, loadSubgraph, RestServer, type Answer } from '../harness.ts';

let server: RestServer;
afterEach(() => server.stop());

const serve = async (answer: (url: URL) => Answer): Promise<string> => {
  server = await RestServer.start((_request, url) => answer(url));
  return server.origin;
};

const reviewsSdl = readFileSync(new URL('../../../schema/subgraphs/reviews.graphql', import.meta.url), 'utf8');
const page = { hasNext: false, hasPrevious: false, start: null, end: null };

/** What the reviews service answers for one book. */
const reviewsOf = (bookId: string, first: number) => ({
  bookId,
  rating: { average: 4.5, count: 2 },
  items: Array.from({ length: Math.min(first, 2) }, (_, n) => ({ id: `${bookId}-${n}`, bookId, rating: 4 + n })),
  page,
  total: 2,
});

function answerReviews({ pathname, searchParams }: URL): Answer {
  const first = Number(searchParams.get('first') ?? 10);
  if (pathname === '/v1/book-reviews') {
    const known = searchParams
      .get('bookIds')!
      .split(',')
      .filter((id) => id !== 'unknown');
    return { body: { items: known.map((id) => reviewsOf(id, first)).toReversed() } };
  }
  return { body: reviewsOf(pathname.split('/')[3]!, first) };
}

const loadReviews = (origin: string) => loadSubgraph(reviewsSdl, origin, { sources: { api: { overrideUrl: origin } } });

const ask = (fields: string) =>
  `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Book { ${fields} } } }`;
const books = (count: number) => ({
  refs: Array.from({ length: count }, (_, n) => ({ __typename: 'Book', id: `book-${n}` })),
});

describe('the reviews of many books', () => {
  test('20 books with rating and reviews cost one call', async () => {
    const shop = loadReviews(await serve(answerReviews));
    const fields = 'rating { average count } reviews(first: 3) { nodes { id rating } totalCount }';
    const { data, errors } = await shop.query(ask(fields), { variables: books(20) });
    expect(errors).toBeUndefined();
    const found = data?.['_entities'] as unknown[];
    expect(found).toHaveLength(20);
    expect(found[7]).toEqual({
      rating: { average: 4.5, count: 2 },
      reviews: {
        nodes: [
          { id: 'book-7-0', rating: 4 },
          { id: 'book-7-1', rating: 5 },
        ],
        totalCount: 2,
      },
    });
    const ids = Array.from({ length: 20 }, (_, n) => `book-${n}`).join(',');
    expect(server.takeCalls()).toEqual([`GET /v1/book-reviews?first=3&bookIds=${ids}`]);
  });

  test('the rating alone sends the list of its own', async () => {
    const shop = loadReviews(await serve(answerReviews));
    await shop.query(ask('rating { count }'), { variables: books(2) });
    expect(server.takeCalls()).toEqual(['GET /v1/book-reviews?first=0&bookIds=book-0,book-1']);
  });

  test('one book alone is one single GET; with a joined field it is one list request', async () => {
    const shop = loadReviews(await serve(answerReviews));
    const { data } = await shop.query(ask('rating { count }'), { variables: books(1) });
    expect(data?.['_entities']).toEqual([{ rating: { count: 2 } }]);
    expect(server.takeCalls()).toEqual(['GET /v1/books/book-0/reviews?first=0']);
    await shop.query(ask('reviews(first: 1) { totalCount }'), { variables: books(1) });
    expect(server.takeCalls()).toEqual(['GET /v1/books/book-0/reviews?first=1']);
    await shop.query(ask('rating { count } reviews(first: 1) { totalCount }'), { variables: books(1) });
    expect(server.takeCalls()).toEqual(['GET /v1/book-reviews?first=1&bookIds=book-0']);
  });

  test('different arguments are different list requests, and the rating joins one of them', async () => {
    const shop = loadReviews(await serve(answerReviews));
    const fields = 'rating { count } a: reviews(first: 1) { nodes { id } } b: reviews(first: 2) { nodes { id } }';
    const { data } = await shop.query(ask(fields), { variables: books(2) });
    expect(data?.['_entities']).toMatchObject([
      {
        rating: { count: 2 },
        a: { nodes: [{ id: 'book-0-0' }] },
        b: { nodes: [{ id: 'book-0-0' }, { id: 'book-0-1' }] },
      },
      {},
    ]);
    expect(server.takeCalls()).toEqual([
      'GET /v1/book-reviews?first=1&bookIds=book-0,book-1',
      'GET /v1/book-reviews?first=2&bookIds=book-0,book-1',
    ]);
  });

  test('a key that is not in the answer is null without an error', async () => {
    const shop = loadReviews(await serve(answerReviews));
    const refs = ['book-1', 'unknown'].map((id) => ({ __typename: 'Book', id }));
    const result = await shop.query(ask('rating { count }'), { variables: { refs } });
    expect(result).toEqual({ data: { _entities: [{ rating: { count: 2 } }, { rating: null }] } });
  });

  test('a failed list request is one error a field, at the first entity that waits for it', async () => {
    const shop = loadReviews(
      await serve(() => ({ status: 503, headers: { 'retry-after': '2' }, body: { title: 'Busy' } })),
    );
    const { data, errors } = await shop.query(ask('rating { count } reviews { totalCount }'), { variables: books(3) });
    expect(data?.['_entities']).toEqual(Array.from({ length: 3 }, () => ({ rating: null, reviews: null })));
    expect(errors?.map(({ path }) => path?.join('.')).toSorted()).toEqual([
      '_entities.0.rating',
      '_entities.0.reviews',
    ]);
    expect(errors![0]).toMatchObject({
      message: 'Busy',
      extensions: { http: { status: 503 }, retryAfterMs: 2000, connector: { coordinate: 'shop:Book.reviews[0]' } },
    });
  });

  test('an answer without a list is one error a connector', async () => {
    const shop = loadReviews(await serve(() => ({ body: { items: 'none' } })));
    const { errors } = await shop.query(ask('rating { count } reviews { totalCount }'), { variables: books(2) });
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual([
      'CONNECTOR_RESPONSE_INVALID',
      'CONNECTOR_RESPONSE_INVALID',
    ]);
  });
});

describe('a key list on a type', () => {
  const sdl = (more: string) => `${head('0.3')}
    type Book @key(fields: "id")
      @connect(source: "a", http: { GET: "/books/{$this.id}", queryParams: "lang: $('fr') me: $this.id" }, selection: "id title")
      @tributaryKeyList(GET: "/books", param: "ids" ${more}) { id: ID! title: String }`;
  const answer = (url: URL): Answer => {
    const [, , one] = url.pathname.split('/');
    const ids = one === undefined ? [...url.searchParams.getAll('ids')].flatMap((list) => list.split(',')) : [one];
    const items = ids.map((id) => ({ id: Number(id), title: `T${id}` }));
    return { body: one === undefined ? items : items[0] };
  };

  test('compares keys as texts, keeps other parameters, cuts chunks, and sends a single GET for a rest of one', async () => {
    const shop = loadSubgraph(sdl(', maxSize: 2'), await serve(answer));
    const refs = ['3', '1', '2', '1'].map((id) => ({ __typename: 'Book', id }));
    const { data } = await shop.query(ask('title'), { variables: { refs } });
    expect(data?.['_entities']).toEqual([{ title: 'T3' }, { title: 'T1' }, { title: 'T2' }, { title: 'T1' }]);
    expect(server.takeCalls()).toEqual(['GET /books/2?lang=fr&me=2', 'GET /books?lang=fr&ids=3,1']);
  });

  test('repeats the parameter when told so', async () => {
    const shop = loadSubgraph(sdl(', style: "repeat"'), await serve(answer));
    await shop.query(ask('title'), { variables: { refs: ['1', '2'].map((id) => ({ __typename: 'Book', id })) } });
    expect(server.takeCalls()).toEqual(['GET /books?lang=fr&ids=1&ids=2']);
  });
});
