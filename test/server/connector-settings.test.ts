// What the settings say about single connectors and sources (connectors.md 3.1), through the whole gateway.
import { describe, expect, test } from 'vitest';
import { FaultsError } from '../../gateway/errors/fault.ts';
import { head } from '../connectors/harness.ts';
import { startSmallGateway } from './small-gateway.ts';

const sdl = `${head()}
  type Query {
    book(id: ID!): Book @connect(id: "one", source: "a", http: { GET: "/books/{$args.id}" }, selection: "id title")
    other(id: ID!): Book @connect(source: "a", http: { GET: "/books/{$args.id}" }, selection: "id title")
    books: [Book] @connect(source: "a", http: { GET: "/all" }, selection: "id")
    twice: Book
      @connect(source: "a", http: { GET: "/first" }, selection: "id")
      @connect(source: "a", http: { GET: "/second" }, selection: "id title")
  }
  type Mutation { note(id: ID!): Book @connect(source: "a", http: { POST: "/notes/{$args.id}" }, selection: "id title") }
  type Book @key(fields: "id")
    @connect(source: "a", http: { GET: "/books/{$this.id}" }, selection: "id title") { id: ID! title: String }`;

const answer = (_request: unknown, url: URL) => {
  if (url.pathname === '/all') return { body: [{ id: '1' }, { id: '2' }] };
  const ids = url.searchParams.get('ids');
  if (ids !== null) return { body: { items: ids.split(',').map((id) => ({ id, title: `T${id}` })) } };
  return { body: { id: url.pathname.split('/').at(-1) } };
};
const missing = () => ({ status: 404, body: {} });

describe('one connector', () => {
  test.each(['one', 'Query.book', 'Query.book[0]'])('is strict when %s says so, and others are not', async (name) => {
    const { ask } = await startSmallGateway({
      sdl,
      service: `    connectors: { ${JSON.stringify(name)}: { strict: all } }`,
      answer,
    });
    const { errors, data } = await ask('{ book(id: 1) { id title } other(id: 1) { id title } }');
    expect(data).toEqual({ book: { id: '1', title: null }, other: { id: '1', title: null } });
    expect(errors).toMatchObject([{ path: ['book', 'title'], extensions: { code: 'CONNECTOR_MAPPING_PROBLEM' } }]);
  });

  test.each([
    ['connectors: { strict: all }', '', 'all'],
    ['connectors: { strict: all, sources: { shop.a: { strict: none } } }', '', 'none'],
    ['connectors: { sources: { shop.a: { strict: all } } }', '    connectorDefaults: { strict: none }', 'all'],
    [
      'connectors: { sources: { shop.a: { strict: all } } }',
      '    connectors: { Query.book: { strict: none } }',
      'none',
    ],
    ['connectors: { strict: all }', '    connectorDefaults: { strict: none }', 'none'],
  ])('the narrower place wins: %s %s', async (settings, service, mode) => {
    const { ask } = await startSmallGateway({ sdl, settings, service, answer });
    const { errors } = await ask('{ book(id: 1) { title } }');
    expect(errors === undefined ? 'none' : 'all').toBe(mode);
  });

  test.each([
    ['@tributaryConnect(strict: "none")', 'Query.book', 'all'],
    ['@tributaryConnect(strict: "all")', 'Query.other', 'all'],
  ])('at the same place the settings win over %s of the file', async (directive, name, mode) => {
    const file = sdl.replace('selection: "id title")\n    other', `selection: "id title") ${directive}\n    other`);
    const { ask } = await startSmallGateway({
      sdl: file,
      service: `    connectors: { ${name}: { strict: ${name === 'Query.book' ? 'all' : 'none'} } }`,
      answer,
    });
    const { errors } = await ask('{ book(id: 1) { title } }');
    expect(errors === undefined ? 'none' : 'all').toBe(mode);
  });

  test('takes a 404 for null while its source does not, and the other way round', async () => {
    const own = await startSmallGateway({
      sdl,
      service: '    connectors: { one: { notFound: null } }',
      answer: missing,
    });
    const first = await own.ask('{ book(id: 1) { id } other(id: 2) { id } }');
    expect(first.errors.map(({ path }: { path: string[] }) => path)).toEqual([['other']]);
    const others = await startSmallGateway({
      sdl,
      settings: 'connectors: { sources: { shop.a: { notFound: null } } }',
      service: '    connectors: { one: { notFound: error } }',
      answer: missing,
    });
    const second = await others.ask('{ book(id: 1) { id } other(id: 2) { id } }');
    expect(second.errors.map(({ path }: { path: string[] }) => path)).toEqual([['book']]);
  });

  test('gets a key list', async () => {
    const { ask, rest } = await startSmallGateway({
      sdl,
      service: '    connectors: { Book: { keyList: { GET: /books, param: ids, items: $.items } } }',
      answer,
    });
    const { data } = await ask('{ books { title } }');
    expect(data.books).toEqual([{ title: 'T1' }, { title: 'T2' }]);
    expect(rest.takeCalls()).toEqual(['GET /all', 'GET /books?ids=1,2']);
  });

  test('reads by path', async () => {
    const { ask } = await startSmallGateway({
      sdl: sdl.replace('http: { GET: "/first" }, selection: "id")', 'http: { GET: "/first" }, selection: "id title")'),
      service:
        '    connectors: { "Query.twice[0]": { read: [{ name: id, path: //b/@id }, { name: title, path: //t }] } }',
      answer: () => ({ headers: { 'content-type': 'text/xml' }, body: '<r><b id="7"/><x><t>Emma</t></x></r>' }),
    });
    expect(await ask('{ twice { id title } }')).toEqual({ data: { twice: { id: '7', title: 'Emma' } } });
  });
});

describe('the calls of one connector', () => {
  test('are not shared with coalesce: false; those of others are', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    let seen = 0;
    const { ask } = await startSmallGateway({
      sdl,
      settings: 'sharing: { operations: false }',
      service: '    connectors: { one: { upstream: { coalesce: false } } }',
      answer: async (_request, url) => {
        seen += 1;
        if (seen === 3) release();
        await gate;
        return { body: { id: url.pathname.at(-1) } };
      },
    });
    const answers = await Promise.all([
      ask('{ book(id: 1) { id } }'),
      ask('{ book(id: 1) { id } }'),
      ask('{ other(id: 2) { id } }'),
      ask('{ other(id: 2) { id } }'),
    ]);
    expect(answers.every(({ errors }) => errors === undefined)).toBe(true);
    expect(seen).toBe(3);
  });

  test('end at their own deadline', async () => {
    const { ask } = await startSmallGateway({
      sdl,
      service:
        '    connectors: { one: { upstream: { deadline: { call: 120ms, attempt: 100ms }, retry: { retries: 0 } } } }',
      answer: () => ({ body: { id: '1' }, after: new Promise((resolve) => setTimeout(resolve, 1500)) }),
    });
    const { errors, data } = await ask('{ book(id: 1) { id } other(id: 1) { id } }');
    expect(errors).toMatchObject([{ path: ['book'], extensions: { code: 'UPSTREAM_TIMEOUT' } }]);
    expect(data.other).toEqual({ id: '1' });
  });

  test.each([
    ['', 1],
    ['    connectors: { Mutation.note: { idempotent: true } }', 3],
  ])('are tried again where a write is said to be idempotent: "%s"', async (service, attempts) => {
    const { ask, rest } = await startSmallGateway({
      sdl,
      settings: 'upstream: { retry: { backoff: { base: 1ms } } }',
      service,
      answer: () => ({ status: 503, body: {} }),
    });
    await ask('mutation { note(id: 1) { id } }');
    expect(rest.requests).toHaveLength(attempts);
  });

  test('have a breaker of their own, which leaves those of others alone', async () => {
    const { ask } = await startSmallGateway({
      sdl,
      settings: 'upstream: { retry: { retries: 0 }, breaker: { minimumCalls: 2 } }',
      service: '    connectors: { one: { breaker: own } }',
      answer: (_request, url) => (url.pathname === '/books/bad' ? { status: 500, body: {} } : { body: { id: 'x' } }),
    });
    for (let n = 0; n < 2; n++) await ask('{ book(id: "bad") { id } }');
    const { errors, data } = await ask('{ book(id: "good") { id } other(id: "good") { id } }');
    expect(errors).toMatchObject([{ path: ['book'], extensions: { code: 'CIRCUIT_OPEN' } }]);
    expect(data.other).toEqual({ id: 'x' });
  });
});

describe('a name that leads nowhere is refused at its place in the settings, with the nearest name', () => {
  test.each([
    ['    connectors: { Query.bok: { strict: all } }', '', 'Unknown connector "Query.bok"', 'Query.book', '4:19'],
    [
      '    connectors: { Query.twice: { strict: all } }',
      '',
      'Unknown connector "Query.twice"',
      'Query.twice[0]',
      '4:19',
    ],
    ['    connectors: { "Query.twice[2]": {} }', '', 'Unknown connector "Query.twice[2]"', 'Query.twice[0]', '4:19'],
    ['', 'connectors: { sources: { shop.b: {} } }', 'Unknown source "shop.b"', '"a"', '5:26'],
    ['', 'connectors: { sources: { shp.a: {} } }', 'Unknown service "shp"', 'shop', '5:26'],
    [
      '    connectors: { Book: { keyList: { GET: "/b?{$args.x", param: ids } } }',
      '',
      'The expression has no closing "}"',
      '',
      '4:19',
    ],
  ])('%s%s', async (service, settings, message, nearest, place) => {
    const failure = await startSmallGateway({ sdl, settings, service, answer }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(FaultsError);
    const [fault, ...others] = (failure as FaultsError).faults;
    expect(others).toEqual([]);
    expect(fault!.message).toContain(message);
    expect(fault!.hint ?? '').toContain(nearest);
    expect(fault!.range!.file).toMatch(/tributary\.yaml$/);
    expect(`${fault!.range!.line}:${fault!.range!.column}`).toBe(place);
    // With the line, and a mark below the name
    const [line, column] = place.split(':').map(Number) as [number, number];
    const shown = (failure as FaultsError).message;
    expect(shown).toContain(`> ${line} | ${service || settings}`);
    expect(shown).toContain(`\n    | ${' '.repeat(column - 1)}^`);
  });
});

test.each(['apollo', 'tributary'])(
  'engine %s: a problem beside a value is an error of strict mode, and the value stays',
  async (engine) => {
    const { ask } = await startSmallGateway({
      sdl: sdl.replace(
        'http: { GET: "/books/{$args.id}" }, selection: "id title")',
        'http: { GET: "/n" }, selection: "id title: n->first")',
      ),
      settings: `engine: ${engine}`,
      service: '    connectors: { one: { strict: all } }',
      answer: () => ({ body: { id: 1, n: 7 } }),
    });
    const { data, errors } = await ask('{ book(id: 1) { title } }');
    expect(data).toEqual({ book: { title: '7' } });
    expect(errors).toMatchObject([{ path: ['book', 'title'], extensions: { code: 'CONNECTOR_MAPPING_PROBLEM' } }]);
  },
);

describe('what serve says at the start', () => {
  const circular = `${head()}
    type Query { a: A @connect(source: "a", http: { GET: "/" }, selection: "id next { id }") }
    type A { id: ID next: A }`;
  test.each([
    ['', ['NOT_PORTABLE']],
    ['connectors: { portability: ignore, debug_extensions: true }', ['DEBUG_DATA_ON']],
    ['connectors: { portability: ignore }', []],
  ])('with %s', async (settings, codes) => {
    const { warnings } = await startSmallGateway({ sdl: circular, settings, answer });
    expect(warnings.map(({ code }) => code)).toEqual(codes);
    for (const { code, range } of warnings) expect(range !== undefined).toBe(code === 'NOT_PORTABLE');
  });
});
