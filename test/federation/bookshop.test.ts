/** The graph over the five services: data joins across services, and a page of books costs one call a service. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestShop, type TestShop } from '../bookshop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await startTestShop();
});
afterAll(() => shop?.close());
beforeEach(() => shop.resetCalls());

const listQuery = `{
  books(first: 20) {
    nodes {
      title
      authors { name }
      rating { average count }
      stock
      reviews(first: 3) { nodes { rating text reader } }
    }
  }
}`;

describe('a page of 20 books with data of four services', () => {
  it('answers every field of every book', async () => {
    const { status, data, errors } = await shop.graphql(listQuery);
    expect(errors).toBeUndefined();
    expect(status).toBe(200);
    expect(data.books.nodes).toHaveLength(20);
    for (const book of data.books.nodes) {
      expect(book.title).toEqual(expect.any(String));
      expect(book.authors.length).toBeGreaterThan(0);
      for (const author of book.authors) expect(author.name).toEqual(expect.any(String));
      expect(book.rating.count).toBeGreaterThanOrEqual(book.reviews.nodes.length);
      expect(book.stock).toEqual(expect.any(Number));
      expect(book.reviews.nodes.length).toBeLessThanOrEqual(3);
    }
  });

  it('costs one call to each of the four services', async () => {
    await shop.graphql(listQuery);
    expect(shop.countCalls()).toEqual({ catalog: 1, authors: 1, reviews: 1, inventory: 1 });
  });

  it('agrees with what the services say themselves', async () => {
    const { data } = await shop.graphql('{ books(first: 3) { nodes { id stock rating { count } } totalCount } }');
    const { items, total } = (await (await fetch(`${shop.serviceUrls.catalog}/v2/books?first=3`)).json()) as any;
    expect(data.books.totalCount).toBe(total);
    expect(data.books.nodes.map((book: any) => book.id)).toEqual(items.map((item: any) => item.id));
    for (const book of data.books.nodes) {
      const stock = (await (await fetch(`${shop.serviceUrls.inventory}/v1/stock/${book.id}`)).json()) as any;
      expect(book.stock).toBe(stock.available);
    }
  });
});

describe('entities', () => {
  it('book(id) joins catalog, authors, reviews and inventory', async () => {
    const { data, errors } = await shop.graphql(
      '{ book(id: "madame-bovary") { title year language authors { id name birthYear } stock rating { average count } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.book).toMatchObject({
      title: 'Madame Bovary',
      year: 1857,
      language: 'fr',
      authors: [{ id: 'gustave-flaubert', name: 'Gustave Flaubert', birthYear: 1821 }],
    });
    expect(shop.countCalls()).toEqual({ catalog: 1, authors: 1, reviews: 1, inventory: 1 });
  });

  it('author(id) gives the books of the author, from the catalog', async () => {
    const { data, errors } = await shop.graphql('{ author(id: "gustave-flaubert") { name books { nodes { id } } } }');
    expect(errors).toBeUndefined();
    expect(data.author.books.nodes).toContainEqual({ id: 'madame-bovary' });
  });

  it('a review leads back to its book, in another service', async () => {
    const { data, errors } = await shop.graphql(
      '{ book(id: "madame-bovary") { reviews(first: 2) { nodes { rating book { id title } } } } }',
    );
    expect(errors).toBeUndefined();
    for (const review of data.book.reviews.nodes) {
      expect(review.book).toEqual({ id: 'madame-bovary', title: 'Madame Bovary' });
    }
  });

  it('unknown ids are null without an error', async () => {
    const { data, errors } = await shop.graphql(
      '{ book(id: "nope") { title } author(id: "nope") { name } order(id: "nope") { id } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ book: null, author: null, order: null });
  });
});

describe('paging', () => {
  it('walks all books without repeating or missing one', async () => {
    const seen = new Set<string>();
    let after: string | null = null;
    for (;;) {
      const { data }: any = await shop.graphql(
        'query ($after: String) { books(first: 40, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } totalCount } }',
        { after },
      );
      for (const book of data.books.nodes) seen.add(book.id);
      if (!data.books.pageInfo.hasNextPage) {
        expect(seen.size).toBe(data.books.totalCount);
        return;
      }
      after = data.books.pageInfo.endCursor;
    }
  });

  it('walks the reviews of a book', async () => {
    const first: any = await shop.graphql(
      '{ book(id: "madame-bovary") { reviews(first: 2) { nodes { id } pageInfo { endCursor hasNextPage } totalCount } } }',
    );
    const { endCursor, hasNextPage } = first.data.book.reviews.pageInfo;
    expect(hasNextPage).toBe(true);
    const second: any = await shop.graphql(
      'query ($after: String) { book(id: "madame-bovary") { reviews(first: 2, after: $after) { nodes { id } } } }',
      { after: endCursor },
    );
    const ids = [...first.data.book.reviews.nodes, ...second.data.book.reviews.nodes].map((review: any) => review.id);
    expect(new Set(ids).size).toBe(4);
  });
});

describe('mutations', () => {
  const text = 'A book to read twice, at the least.';

  it('addReview, updateReview and deleteReview follow the rules of the reviews service', async () => {
    const add = 'mutation ($input: ReviewInput!) { addReview(input: $input) { id rating book { title } } }';
    const input = { bookId: 'le-petit-prince', reader: 'ana', rating: 5, text };
    const added = await shop.graphql(add, { input });
    expect(added.errors).toBeUndefined();
    expect(added.data.addReview).toMatchObject({ rating: 5, book: { title: 'Le Petit Prince' } });
    const { id } = added.data.addReview;

    const again = await shop.graphql(add, { input });
    expect(again.data.addReview).toBeNull();
    expect(again.errors![0]!.extensions).toMatchObject({ code: 'CONFLICT', service: 'reviews' });

    const update =
      'mutation ($id: ID!, $reader: String!) { updateReview(id: $id, reader: $reader, patch: { rating: 4 }) { rating } }';
    const stranger = await shop.graphql(update, { id, reader: 'bo' });
    expect(stranger.errors![0]!.extensions['code']).toBe('FORBIDDEN');
    const own = await shop.graphql(update, { id, reader: 'ana' });
    expect(own.data.updateReview).toEqual({ rating: 4 });

    const remove = 'mutation ($id: ID!) { deleteReview(id: $id, reader: "ana") }';
    expect((await shop.graphql(remove, { id })).data.deleteReview).toBe(true);
    expect((await shop.graphql(remove, { id })).data.deleteReview).toBe(false);
  });

  it('addReview with a rating of 9 says which field is wrong', async () => {
    const { data, errors } = await shop.graphql(
      `mutation { addReview(input: { bookId: "le-petit-prince", reader: "cy", rating: 9, text: "${text}" }) { id } }`,
    );
    expect(data.addReview).toBeNull();
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', errors: [{ pointer: '/rating' }] });
  });

  it('createBook gives the book, and a second one with its ISBN gives DuplicateIsbn as data', async () => {
    const create = `mutation ($input: BookInput!) { createBook(input: $input) {
      __typename
      ... on Book { id title isbn price version authors { id name } }
      ... on DuplicateIsbn { message existing { id title } }
    } }`;
    const input = {
      title: 'Bouvard et Pécuchet',
      authorIds: ['gustave-flaubert'],
      price: '12.50',
      isbn: '978-0-306-40615-7',
    };
    const created = await shop.graphql(create, { input });
    expect(created.errors).toBeUndefined();
    expect(created.data.createBook).toEqual({
      __typename: 'Book',
      id: 'bouvard-et-pecuchet',
      title: 'Bouvard et Pécuchet',
      isbn: '9780306406157',
      price: '12.50',
      version: 1,
      authors: [{ id: 'gustave-flaubert', name: 'Gustave Flaubert' }],
    });
    const again = await shop.graphql(create, { input: { ...input, title: 'Another' } });
    expect(again.data.createBook).toMatchObject({
      __typename: 'DuplicateIsbn',
      existing: { id: 'bouvard-et-pecuchet' },
    });
  });

  it('updateBook with an old version is refused, with the right one it is done', async () => {
    const update =
      'mutation ($v: Int) { updateBook(id: "salammbo", patch: { price: "9.99" }, expectedVersion: $v) { price version } }';
    const { data } = await shop.graphql('{ book(id: "salammbo") { version } }');
    const wrong = await shop.graphql(update, { v: data.book.version + 7 });
    expect(wrong.errors![0]!.extensions['code']).toBe('PRECONDITION_FAILED');
    const right = await shop.graphql(update, { v: data.book.version });
    expect(right.data.updateBook).toEqual({ price: '9.99', version: data.book.version + 1 });
  });

  it('placeOrder takes the copies, cancelOrder gives them back', async () => {
    const stock = async () => (await shop.graphql('{ book(id: "madame-bovary") { stock } }')).data.book.stock as number;
    await fetch(`${shop.serviceUrls.inventory}/v1/stock/madame-bovary`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ onHand: 10 }),
    });
    const before = await stock();
    const placed = await shop.graphql(
      `mutation { placeOrder(input: { customer: "ana", lines: [{ bookId: "madame-bovary", quantity: 2 }] }) {
        __typename ... on Order { id status total lines { quantity book { title } } actions } } }`,
    );
    expect(placed.errors).toBeUndefined();
    expect(placed.data.placeOrder).toMatchObject({
      __typename: 'Order',
      status: 'CONFIRMED',
      lines: [{ quantity: 2, book: { title: 'Madame Bovary' } }],
      actions: expect.arrayContaining(['CANCEL']),
    });
    expect(await stock()).toBe(before - 2);
    const cancelled = await shop.graphql('mutation ($id: ID!) { cancelOrder(id: $id) { ... on Order { status } } }', {
      id: placed.data.placeOrder.id,
    });
    expect(cancelled.data.cancelOrder).toEqual({ status: 'CANCELLED' });
    expect(await stock()).toBe(before);
  });

  it('placeOrder for more than there is gives OutOfStock as data', async () => {
    const { data } = await shop.graphql(
      `mutation { placeOrder(input: { customer: "ana", lines: [{ bookId: "madame-bovary", quantity: 100 }] }) {
        __typename ... on OutOfStock { bookId available } } }`,
    );
    expect(data.placeOrder).toMatchObject({ __typename: 'OutOfStock', bookId: 'madame-bovary' });
  });
});

describe('a mutation that its service refuses', () => {
  it('leaves the answer a 200, and says with which status the service answered', async () => {
    const { status, errors } = await shop.graphql(
      'mutation { addReview(input: { bookId: "nana", reader: "dora", rating: 9, text: "Far too many stars for a scale of five." }) { id } }',
    );
    expect(status).toBe(200);
    expect(errors![0]).toMatchObject({
      path: ['addReview'],
      extensions: { code: 'BAD_USER_INPUT', http: { status: 422 } },
    });
    expect(errors![0]!.extensions).not.toHaveProperty('answeredHttp');
    expect(errors![0]!.extensions).not.toHaveProperty('upstream');
  });
});

describe('a reader whose name is beyond ASCII', () => {
  it('may review a book, and change the review', async () => {
    const added = await shop.graphql('mutation ($input: ReviewInput!) { addReview(input: $input) { id reader } }', {
      input: {
        bookId: 'solaris',
        reader: 'Łukasz Żółć',
        rating: 5,
        text: 'The ocean thinks, and nobody understands it.',
      },
    });
    expect(added.errors).toBeUndefined();
    expect(added.data.addReview.reader).toBe('Łukasz Żółć');
    const changed = await shop.graphql(
      'mutation ($id: ID!, $reader: String!) { updateReview(id: $id, reader: $reader, patch: { rating: 4 }) { rating } }',
      { id: added.data.addReview.id, reader: 'Łukasz Żółć' },
    );
    expect(changed.data.updateReview).toEqual({ rating: 4 });
  });
});
