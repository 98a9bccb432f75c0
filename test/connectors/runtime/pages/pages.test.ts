// @tributaryPage (docs/decisions/0017): a service that is paged in its own way becomes a Relay connection.
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { head, loadSubgraph, RestServer, type Answer } from '../../harness.ts';
import {
  pagedSdl,
  startPaged,
  wholeConnection,
  type ConnectionData,
  type PagedOptions,
  type ServiceHabits,
  type Style,
} from './paged-service.ts';

const styles: readonly Style[] = ['page', 'offset', 'cursor', 'link'];

let stop: (() => Promise<void>) | undefined;
afterEach(async () => {
  await stop?.();
  stop = undefined;
});

async function start(style: Style, habits: ServiceHabits, options: PagedOptions = {}) {
  const shop = await startPaged(style, habits, options);
  stop = () => shop.server.stop();
  const ask = async (args: string, fields = wholeConnection): Promise<ConnectionData> => {
    const { data, errors } = await shop.query(`{ items${args && `(${args})`} { ${fields} } }`);
    expect(errors).toBeUndefined();
    return data!['items'] as ConnectionData;
  };
  const fail = async (args: string) => {
    const { data, errors } = await shop.query(`{ items(${args}) { nodes { id } } }`);
    expect(data).toEqual({ items: null });
    return errors![0]!;
  };
  return { ...shop, ask, fail };
}

const ids = ({ nodes }: ConnectionData): string[] => nodes.map(({ id }) => id);

describe('a list is read page by page', () => {
  test.each(styles)('%s: the first page, the next one, the last one', async (style) => {
    const { ask, server } = await start(style, { count: 5 });
    const first = await ask('first: 2');
    expect(ids(first)).toEqual(['0', '1']);
    expect(first.edges.map(({ node }) => node.id)).toEqual(['0', '1']);
    expect(first.pageInfo).toMatchObject({
      ...{ hasNextPage: true, hasPreviousPage: false },
      startCursor: first.edges[0]!.cursor,
      endCursor: first.edges[1]!.cursor,
    });
    const second = await ask(`first: 2, after: "${first.pageInfo.endCursor}"`);
    expect(ids(second)).toEqual(['2', '3']);
    expect(second.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    server.takeCalls();
    const last = await ask(`first: 2, after: "${second.pageInfo.endCursor}"`);
    expect(ids(last)).toEqual(['4']);
    expect(last.pageInfo.hasNextPage).toBe(false);
    expect(server.takeCalls()).toHaveLength(1);
  });

  test.each(styles)('%s: from any item on, also with another size', async (style) => {
    const { ask } = await start(style, { count: 12 });
    const { edges } = await ask('first: 5');
    for (const [index, { cursor }] of edges.entries()) {
      const rest = await ask(`first: 3, after: "${cursor}"`);
      expect(ids(rest)).toEqual([1, 2, 3].map((step) => String(index + step)));
    }
  });

  test.each(styles)('%s: an empty list, and no items asked for', async (style) => {
    const { ask } = await start(style, { count: 0 });
    const nothing = {
      ...{ nodes: [], edges: [] },
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    };
    expect(await ask('')).toEqual(nothing);
    await stop!();
    const { ask: askFull } = await start(style, { count: 3 });
    expect(await askFull('first: 0')).toMatchObject({ nodes: [], pageInfo: { hasNextPage: true, endCursor: null } });
  });

  test('requests are what the service understands', async () => {
    const calls = async (style: Style, options?: PagedOptions): Promise<string[]> => {
      const { ask, server } = await start(style, { count: 30 }, options);
      const { pageInfo } = await ask('first: 4');
      await ask(`first: 4, after: "${pageInfo.endCursor}"`);
      const found = server.requests.map(({ url }) => url.replace('/items?', ''));
      await stop!();
      return found;
    };
    // One item more says whether there is a next page
    expect(await calls('offset')).toEqual(['offset=0&limit=5', 'offset=4&limit=5']);
    expect(await calls('offset', { selects: 'totalCount: total' })).toEqual(['offset=0&limit=4', 'offset=4&limit=4']);
    expect(await calls('page', { selects: 'totalCount: total' })).toEqual(['page=1&per_page=4', 'page=2&per_page=4']);
    // Without a word of the service about more, the page behind is looked at
    expect(await calls('page')).toEqual([
      'page=1&per_page=4',
      'page=2&per_page=4',
      'page=2&per_page=4',
      'page=3&per_page=4',
    ]);
    expect(await calls('cursor')).toEqual(['size=4', 'token=t4&size=4']);
    expect(await calls('link')).toEqual(['per_page=4', 'page=2&per_page=4']);
  });

  test('the first page of a service may be number 0', async () => {
    const { ask, server } = await start('page', { count: 0 }, { more: 'firstPage: 0' });
    await ask('first: 4');
    expect(server.takeCalls()).toEqual(['GET /items?page=0&per_page=4']);
  });

  test('what stands beside the items is that of the first page', async () => {
    const { ask } = await start(
      'cursor',
      { count: 9, fixed: 2 },
      { selects: 'totalCount: total', more: 'fixedSize: 2' },
    );
    expect(await ask('first: 5', 'totalCount nodes { id name }')).toEqual({
      totalCount: 9,
      nodes: [0, 1, 2, 3, 4].map((id) => ({ id: String(id), name: `n${id}` })),
    });
    expect(await ask('', 'totalCount')).toEqual({ totalCount: 9 });
    expect(await ask('first: 1', 'edges { node { name } }')).toEqual({ edges: [{ node: { name: 'n0' } }] });
  });

  test('the default size, and null for first, are those of the directive', async () => {
    const { ask } = await start('offset', { count: 30 }, { more: 'defaultSize: 7' });
    expect(ids(await ask(''))).toHaveLength(7);
    expect(ids(await ask('first: null, after: null'))).toHaveLength(7);
  });

  test('a service that leaves an empty list out has an empty list; one that answers null has no connection', async () => {
    let body: unknown = {};
    const server = await RestServer.start(() => ({ body }));
    stop = () => server.stop();
    const shop = loadSubgraph(pagedSdl('offset'), server.origin);
    expect((await shop.query('{ items { nodes { id } } }')).data).toEqual({ items: { nodes: [] } });
    body = null;
    expect((await shop.query('{ items { nodes { id } } }')).data).toEqual({ items: null });
    body = { items: 'none' };
    expect((await shop.query('{ items { nodes { id } } }')).errors![0]!.extensions!['code']).toBe(
      'CONNECTOR_RESPONSE_INVALID',
    );
  });
});

describe('backwards', () => {
  test.each<Style>(['page', 'offset'])('%s: last and before', async (style) => {
    const { ask, fail } = await start(style, { count: 9 }, { args: ', last: Int, before: String' });
    const { edges } = await ask('first: 8');
    const before = edges[6]!.cursor;
    const page = await ask(`last: 3, before: "${before}"`);
    expect(ids(page)).toEqual(['3', '4', '5']);
    expect(page.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    const first = await ask(`last: 5, before: "${edges[2]!.cursor}"`);
    expect(ids(first)).toEqual(['0', '1']);
    expect(first.pageInfo.hasPreviousPage).toBe(false);
    expect(ids(await ask(`first: 9, after: "${edges[1]!.cursor}", before: "${edges[4]!.cursor}"`))).toEqual(['2', '3']);
    expect((await fail('last: 2')).message).toContain('"last" needs "before"');
    expect((await fail(`first: 1, last: 2, before: "${before}"`)).message).toContain('do not go together');
  });
});

describe('services with sizes of their own', () => {
  test.each(styles)('%s: a fixed page size, and a first that is no multiple of it', async (style) => {
    const { ask } = await start(style, { count: 23, fixed: 5 }, { more: 'fixedSize: 5' });
    const first = await ask('first: 7');
    expect(ids(first)).toEqual(Array.from({ length: 7 }, (_, id) => String(id)));
    const second = await ask(`first: 7, after: "${first.pageInfo.endCursor}"`);
    expect(ids(second)).toEqual(Array.from({ length: 7 }, (_, id) => String(id + 7)));
    const rest = await ask(`first: 20, after: "${second.pageInfo.endCursor}"`);
    expect(ids(rest)).toHaveLength(9);
    expect(rest.pageInfo.hasNextPage).toBe(false);
  });

  test('an offset that the service limits is asked for again', async () => {
    const { ask, server } = await start('offset', { count: 30, most: 10 }, { more: 'maxSize: 10' });
    expect(ids(await ask('first: 10'))).toHaveLength(10);
    expect(server.takeCalls()).toEqual(['GET /items?offset=0&limit=10', 'GET /items?offset=10&limit=1']);
  });

  test('empty pages in the middle are passed over, as far as the number of calls goes', async () => {
    const { ask, server } = await start('cursor', { count: 3, emptyPages: 14 });
    const first = await ask('first: 2');
    expect(first.nodes).toEqual([]);
    expect(server.takeCalls()).toHaveLength(10);
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, startCursor: null });
    expect(ids(await ask(`first: 2, after: "${first.pageInfo.endCursor}"`))).toEqual(['0', '1']);
  });

  test('a service that repeats a token has come to its end', async () => {
    const answers: Record<string, Answer> = {
      '': { body: { items: [{ id: 1 }], next: 'a' } },
      a: { body: { items: [{ id: 2 }], next: 'b' } },
      b: { body: { items: [{ id: 3 }], next: 'a' } },
    };
    const server = await RestServer.start((_request, url) => answers[url.searchParams.get('token') ?? '']!);
    stop = () => server.stop();
    const shop = loadSubgraph(pagedSdl('cursor', { more: 'fixedSize: 1' }), server.origin);
    const { data } = await shop.query('{ items(first: 50) { nodes { id } pageInfo { hasNextPage } } }');
    expect(data).toEqual({
      items: { nodes: [{ id: '1' }, { id: '2' }, { id: '3' }], pageInfo: { hasNextPage: false } },
    });
    expect(server.requests).toHaveLength(3);
  });

  test('a service that says whether there is more needs no look ahead', async () => {
    const server = await RestServer.start((_request, { searchParams }) => ({
      body: { items: [{ id: 1 }, { id: 2 }], more: searchParams.get('page') === '1' },
    }));
    stop = () => server.stop();
    const shop = loadSubgraph(pagedSdl('page', { more: 'next: "$.more"' }), server.origin);
    const query = (args: string) =>
      shop.query(`{ items(${args}) { pageInfo { hasNextPage endCursor } } }`) as Promise<{
        data: { items: Pick<ConnectionData, 'pageInfo'> };
      }>;
    const { pageInfo } = (await query('first: 2')).data.items;
    expect(pageInfo.hasNextPage).toBe(true);
    expect((await query(`first: 2, after: "${pageInfo.endCursor}"`)).data.items.pageInfo.hasNextPage).toBe(false);
    expect(server.takeCalls()).toEqual(['GET /items?page=1&per_page=2', 'GET /items?page=2&per_page=2']);
  });
});

describe('what a client can get wrong is its own error, and no call', () => {
  const cursorOf = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  test.each(styles)('%s', async (style) => {
    const { fail, server } = await start(style, { count: 5 });
    const wrong = [
      ...['first: -1', 'first: 101', 'after: ""', 'after: "x"', 'after: "bnVsbA"'],
      ...[[-1], [1.5], ['1'], [0, 0, 0, 0], [{}, 0, 5], ['t', -1, 5], ['t', 0, 0], ['t', 0, 101], ['t', 0]].map(
        (value) => `after: "${cursorOf(value)}"`,
      ),
      `after: "${cursorOf(style === 'cursor' || style === 'link' ? [3] : ['t', 0, 5])}"`,
      // Not as it was written here
      `after: "${Buffer.from('[ 3 ]').toString('base64url')}"`,
    ];
    for (const args of wrong) {
      const { message, extensions } = await fail(args);
      const argument = args.split(':')[0]!;
      expect(message).toMatch(new RegExp(`"${argument}" is `));
      expect(extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        connector: { coordinate: 'shop:Query.items[0]' },
        errors: [{ parameter: argument }],
      });
    }
    expect(server.takeCalls()).toEqual([]);
  });

  test('a cursor cannot say anything but where to go on', async () => {
    const { ask, server } = await start('link', { count: 5 });
    await ask(`first: 2, after: "${cursorOf(['2&admin=1/../x', 0, 2])}"`);
    expect(server.takeCalls()).toEqual(['GET /items?page=2%26admin%3D1%2F..%2Fx&per_page=2']);
  });
});

describe('failures', () => {
  test('of any page are the failure of the field', async () => {
    const server = await RestServer.start((_request, { searchParams }) =>
      searchParams.has('token') ? { status: 503, body: {} } : { body: { items: [{ id: 1 }], next: 'a' } },
    );
    stop = () => server.stop();
    const shop = loadSubgraph(pagedSdl('cursor', { more: 'fixedSize: 1' }), server.origin);
    const { data, errors } = await shop.query('{ items(first: 2) { nodes { id } } }');
    expect(data).toEqual({ items: null });
    expect(errors).toMatchObject([{ path: ['items'], extensions: { code: 'CONNECTOR_FETCH', http: { status: 503 } } }]);
  });

  test('in strict mode a problem is found where its item stands, in nodes and in edges', async () => {
    const server = await RestServer.start((_request, { searchParams }) => ({
      body: {
        items: searchParams.has('token') ? [{ id: 2 }] : [{ id: 1, name: 'a' }],
        next: searchParams.has('token') ? '' : 'x',
      },
    }));
    stop = () => server.stop();
    const sdl = pagedSdl('cursor', { more: 'fixedSize: 1' });
    const shop = loadSubgraph(sdl, server.origin, { strict: 'all' });
    const nodes = await shop.query('{ items(first: 2) { nodes { name } } }');
    expect(nodes.data).toEqual({ items: { nodes: [{ name: 'a' }, { name: null }] } });
    expect(nodes.errors).toMatchObject([
      { path: ['items', 'nodes', 1, 'name'], extensions: { code: 'CONNECTOR_MAPPING_PROBLEM' } },
    ]);
    const edges = await shop.query('{ items(first: 2) { edges { node { name } } } }');
    expect(edges.errors).toMatchObject([{ path: ['items', 'edges', 1, 'node', 'name'] }]);
  });
});

describe('connections below other objects', () => {
  const sdl = `${head()}
    type Query { shelf(id: ID!): Shelf @connect(source: "a", http: { GET: "/shelves/{$args.id}" }, selection: "id") }
    type Shelf @key(fields: "id") { id: ID!
      books(first: Int, after: String): Books
        @connect(source: "a", http: { GET: "/shelves/{$this.id}/books/{$args.after}", queryParams: "size: $args.first" },
          selection: "edges: items { stars node: book { id } }")
        @tributaryPage(style: "page") }
    type Books { edges: [BookEdge!]! pageInfo: PageInfo! }
    type BookEdge { cursor: String! node: Book }
    type PageInfo { hasNextPage: Boolean! endCursor: String }
    type Book @key(fields: "id") @connect(source: "a", http: { GET: "/books/{$this.id}" }, selection: "id title") { id: ID! title: String }`;

  test('read their items from edges, load the rest of them as entities, and share equal calls', async () => {
    const server = await RestServer.start((_request, { pathname, searchParams }) => {
      const [, kind, id, , page] = pathname.split('/');
      if (kind === 'books') return { body: { id, title: `T${id}` } };
      if (page === undefined) return { body: { id } };
      const size = Number(searchParams.get('size'));
      const items = [1, 2, 3].slice((Number(page) - 1) * size, Number(page) * size);
      return { body: { items: items.map((number) => ({ stars: 1, book: { id: number } })) } };
    });
    stop = () => server.stop();
    const plain = sdl.replace('stars node', 'node');
    const shop = loadSubgraph(plain, server.origin);
    const { data, errors } = await shop.query(`{ shelf(id: 7) {
      books(first: 2) { edges { cursor node { id title } } pageInfo { hasNextPage } }
      again: books(first: 2) { edges { node { id } } } } }`);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      shelf: {
        books: {
          edges: [{ node: { id: '1', title: 'T1' } }, { node: { title: 'T2' } }],
          pageInfo: { hasNextPage: true },
        },
        again: { edges: [{ node: { id: '1' } }, { node: { id: '2' } }] },
      },
    });
    expect(server.takeCalls()).toEqual([
      ...['GET /books/1', 'GET /books/2', 'GET /shelves/7'],
      ...['GET /shelves/7/books/1?size=2', 'GET /shelves/7/books/2?size=2'],
    ]);
  });
});

describe('walking forward', () => {
  const habits = fc.record({
    style: fc.constantFrom(...styles),
    count: fc.nat({ max: 40 }),
    fixed: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
    hasTotal: fc.boolean(),
    emptyPages: fc.nat({ max: 3 }),
    /** The client changes its mind about the size. */
    sizes: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 4 }),
    /** It does not always go on at the end, but at any item. */
    cuts: fc.array(fc.nat({ max: 19 }), { minLength: 1, maxLength: 4 }),
  });

  test('gives every item exactly once, in order, and ends', async () => {
    await fc.assert(
      fc.asyncProperty(habits, async ({ style, count, fixed, hasTotal, emptyPages, sizes, cuts }) => {
        const service: ServiceHabits = {
          ...{ count, emptyPages },
          ...(fixed === undefined ? { most: 20 } : { fixed }),
        };
        const more = `maxSize: 20 ${fixed === undefined ? '' : `fixedSize: ${fixed}`}`;
        const shop = await startPaged(style, service, { more, selects: hasTotal ? 'totalCount: total' : '' });
        try {
          const found: string[] = [];
          let after = '';
          for (let turn = 0; ; turn += 1) {
            expect(turn).toBeLessThan(2 * count + emptyPages + 10);
            const first = sizes[turn % sizes.length]!;
            const text = `{ items(first: ${first} ${after}) { ${wholeConnection} } }`;
            const { data, errors } = await shop.query(text);
            expect(errors).toBeUndefined();
            const { edges, pageInfo } = data!['items'] as ConnectionData;
            expect(edges.length).toBeLessThanOrEqual(first);
            const cut = edges[Math.min(cuts[turn % cuts.length]!, edges.length - 1)];
            const taken = cut ? edges.slice(0, edges.indexOf(cut) + 1) : edges;
            found.push(...taken.map(({ node }) => node.id));
            if (!pageInfo.hasNextPage && taken.length === edges.length) break;
            const isWhole = taken.length === edges.length;
            after = `after: "${isWhole ? pageInfo.endCursor : cut!.cursor}"`;
          }
          expect(found).toEqual(Array.from({ length: count }, (_, id) => String(id)));
        } finally {
          await shop.server.stop();
        }
      }),
      { numRuns: 40 },
    );
  });
});
