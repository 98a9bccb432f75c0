/**
 * Operations compiled over the connectors against graphql-js over the same schema: random queries, and a service whose answers
 * are full of gaps, nulls, wrong types and failures. Data has to be equal, and errors as sets of place, code and message.
 * TRIBUTARY_SEED chooses other dice (test/seed.ts), TRIBUTARY_DIFFERENTIAL_QUERIES makes it longer.
 */
import fc from 'fast-check';
import { execute, parse, validate, type ExecutionResult, type GraphQLError } from 'graphql';
import { expect, it } from 'vitest';
import { createConnectorSubgraph, type ConnectorContext } from '../../gateway/connectors/index.ts';
import { UpstreamError } from '../../gateway/errors/upstream-error.ts';
import { createDirectExecutor } from '../../gateway/execution/direct/compile-direct.ts';
import type { CallUpstream, JsonValue } from '../../gateway/upstream/upstream-call.ts';
import { createRandomEntityQuery, createRandomQuery } from '../execution/random-query.ts';
import { head } from './harness.ts';

const queries = Number(process.env['TRIBUTARY_DIFFERENTIAL_QUERIES'] ?? 300);
const { seed } = fc.readConfigureGlobal();

/** What a thing is made of, and who owns it. */
function thing(): string {
  return 'id name size weight isNew color extra tags maker { id name city { name zip } } owner: { id: ownerId }';
}

// No list of non-null items with calls below: where one item fails, graphql-js 16 leaves the calls of the others unhandled.
const sdl = `${head('0.4').replaceAll('{origin}', 'http://shop.test')}
  type Query {
    things: [Thing]! @connect(source: "a", http: { GET: "/things" }, selection: "${thing()}")
    list: [Thing] @connect(source: "a", http: { GET: "/list" }, selection: "${thing()}")
    makers: [Maker!]! @connect(source: "a", http: { GET: "/makers" }, selection: "$.maker { id name city { name zip } }")
    thing(id: ID): Thing @connect(source: "a", http: { GET: "/things/{$args.id}" }, entity: true, selection: "${thing()}")
    count: Int! @connect(source: "a", http: { GET: "/count" }, selection: "$.count")
    names: [[String!]] @connect(source: "a", http: { GET: "/names" }, selection: "$.names")
    any: [Any] @connect(source: "a", http: { GET: "/any" }, selection: """
      ... kind->match(
        ["Book", { __typename: $("Book"), id: $.id, label: $.label, pages: $.pages }],
        ["Film", { __typename: $("Film"), id: $.id, label: $.label }],
        [@, { id: $.id }])""")
  }
  type Thing @key(fields: "id") {
    id: ID!
    name: String
    size: Int
    weight: Float!
    isNew: Boolean
    color: Color
    extra: Json
    tags: [String!]
    maker: Maker
    owner: Owner
    others: [Thing] @connect(source: "a", http: { GET: "/things/{$this.id}/others" }, selection: "id name")
    scored(by: Int = 2): Int @connect(source: "a", http: { GET: "/things/{$this.id}/score?by={$args.by}" }, selection: "$.score")
    best: Thing! @connect(source: "a", http: { GET: "/things/{$this.id}/best" }, selection: "${thing()}")
  }
  type Maker { id: Int! name: String! city: City }
  type City { name: String zip: Int! }
  type Owner
    @key(fields: "id")
    @connect(source: "a", http: { GET: "/owners?ids={$batch.id->joinNotNull(',')}" }, selection: "id name age") {
    id: ID!
    name: String
    age: Int
  }
  interface Any { id: ID! label: String }
  type Book implements Any { id: ID! label: String pages: Int! }
  type Film implements Any { id: ID! label: String }
  enum Color { RED GREEN }
  scalar Json`;

/** Chance that depends on the text alone, so that both get the same answers. */
function chanceOf(text: string): (count: number) => number {
  let state = 2166136261;
  for (const character of text) state = Math.imul(state ^ character.codePointAt(0)!, 16777619);
  return (count) => {
    state = Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9;
    return (state >>> 8) % count;
  };
}

function createService(seedOfService: number): CallUpstream {
  return ({ url, service }) => {
    const choose = chanceOf(`${seedOfService} ${url}`);
    const pick = (...values: readonly JsonValue[]): JsonValue => values[choose(values.length)]!;
    const makeThing = (): JsonValue => {
      if (choose(20) === 0) return pick(null, 'text', 7);
      const made: Record<string, JsonValue> = {};
      const put = (name: string, ...values: readonly JsonValue[]) => {
        if (choose(12) > 0) made[name] = pick(...values);
      };
      put('id', `t${choose(5)}`, `t${choose(5)}`, choose(5), null);
      put('name', 'Anna', 'Łukasz', 5, true, null, { a: 1 });
      put('size', 1, 2.5, 2 ** 40, '7', 'x', null, 2n ** 70n);
      put('weight', 1.5, 1.5, 1, 2, 3, '4', 'x', null);
      put('isNew', true, false, 1, 'yes', null);
      put('color', 'RED', 'GREEN', 'BLUE', 1, null);
      put('extra', { deep: [1, 2n ** 60n] }, 'x', null, [1]);
      put('tags', ['a', 'b'], ['a', null], [], 'a', null, [1, {}]);
      put(
        'maker',
        { id: 1, name: 'M', city: { name: 'Paris', zip: 75000 } },
        { id: 2, name: null },
        { id: 1 },
        null,
        [],
      );
      put('ownerId', `o${choose(4)}`, `o${choose(4)}`, null);
      return made;
    };
    const makeMany = (make: () => JsonValue): JsonValue => Array.from({ length: choose(5) }, make);
    const { pathname, searchParams } = new URL(url);
    const kind = choose(15);
    if (kind === 0) {
      const details = { service, retryable: false, dispatched: true };
      return Promise.reject(new UpstreamError('UPSTREAM_UNREACHABLE', details));
    }
    const status = kind === 1 ? 500 : kind === 2 ? 404 : 200;
    const makeBody = (): JsonValue => {
      if (pathname === '/count') return { count: pick(3, 4, null, 'x') };
      if (pathname === '/names') return { names: pick([['a', 'b'], ['c']], [['a', null], null], null, ['a']) };
      if (pathname === '/any')
        return makeMany(() => ({
          kind: pick('Book', 'Film', 'Song'),
          id: pick('1', null),
          label: 'l',
          pages: pick(1, null),
        }));
      if (pathname.endsWith('/score')) return { score: pick(1, 2, null, 'x') };
      if (pathname === '/owners') {
        const ids = searchParams.get('ids')!.split(',');
        return ids.filter(() => choose(5) > 0).map((id) => ({ id, name: pick('O', null), age: pick(30, 'x', null) }));
      }
      if (pathname.endsWith('/best') || /^\/things\/[^/]+$/.test(pathname)) return makeThing();
      return choose(12) === 0 ? pick(null, {}, 'x') : makeMany(makeThing);
    };
    return Promise.resolve({ status, headers: {}, body: { kind: 'json', value: makeBody() } });
  };
}

const show = (errors: readonly GraphQLError[]): string[] => {
  const shown = errors.map(({ path, message, extensions }) =>
    JSON.stringify([path, extensions['code'] ?? null, message.split(':')[0]]),
  );
  return [...new Set(shown)].sort();
};

const plain = (data: ExecutionResult['data']): unknown =>
  JSON.parse(
    JSON.stringify(data ?? null, (_name, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)),
  );

/** Errors below a place that became null: whether a sibling was still asked is a matter of timing. */
function withoutHidden(errors: readonly string[], data: unknown): string[] {
  return errors.filter((text) => {
    const [path] = JSON.parse(text) as [(string | number)[] | undefined];
    let value: unknown = data;
    for (const key of (path ?? []).slice(0, -1)) {
      if (value === null || typeof value !== 'object') return false;
      value = (value as Record<string | number, unknown>)[key];
    }
    return value !== null && value !== undefined;
  });
}

const contextFor = (errors: GraphQLError[]): ConnectorContext => ({
  call: { signal: new AbortController().signal, deadlineAt: Number.POSITIVE_INFINITY, identity: '', requestId: 'r' },
  requestHeaders: {},
  entries: {},
  operation: new Map(),
  reportError: (error) => void errors.push(error),
});

function createPair(strict: string, seedOfService: number) {
  const settings = strict === '' ? {} : { strict: strict as 'all' };
  const options = { name: 'shop', file: 'shop.graphql', sdl, settings };
  const { schema, table } = createConnectorSubgraph({ ...options, callUpstream: createService(seedOfService) });
  const runDirect = createDirectExecutor({ schema, table });
  return {
    schema,
    async ask(text: string, variables: Record<string, unknown>, isDirect: boolean) {
      const reported: GraphQLError[] = [];
      const contextValue = contextFor(reported);
      const document = parse(text);
      const running = isDirect
        ? runDirect(document, variables, contextValue)
        : execute({ schema, document, contextValue, variableValues: variables });
      if (running === undefined) return undefined;
      const { data, errors = [] } = await running;
      return { data: plain(data), errors: show([...errors, ...reported]) };
    },
  };
}

it(`answers as graphql-js does (seed ${seed}, ${queries} queries)`, { timeout: 60_000 + queries * 100 }, async () => {
  const seen = { compared: 0, withErrors: 0, withData: 0, left: 0, entities: 0 };
  const property = fc.asyncProperty(fc.gen(), async (gen) => {
    const choose = (count: number) => gen(fc.nat, { max: count - 1 });
    const pair = createPair(['', 'required', 'all'][choose(3)]!, choose(1_000_000));
    for (let index = 0; index < 10; index++) {
      const isEntities = choose(3) === 0;
      const query = isEntities
        ? createRandomEntityQuery(pair.schema, choose(2) === 0 ? 'Thing' : 'Owner', choose)
        : createRandomQuery(pair.schema, choose);
      if (validate(pair.schema, parse(query.text)).length > 0) continue;
      const ours = await pair.ask(query.text, query.variables, true);
      if (ours === undefined) {
        seen.left++;
        continue;
      }
      const theirs = (await pair.ask(query.text, query.variables, false))!;
      seen.compared++;
      if (isEntities) seen.entities++;
      if (ours.errors.length > 0) seen.withErrors++;
      if (ours.data !== null) seen.withData++;
      const all = { query: query.text, variables: query.variables, theirs, ours };
      expect(ours.data, JSON.stringify(all, null, 1)).toEqual(theirs.data);
      expect(withoutHidden(ours.errors, ours.data), JSON.stringify(all, null, 1)).toEqual(
        withoutHidden(theirs.errors, theirs.data),
      );
    }
  });
  await fc.assert(property, { numRuns: Math.ceil(queries / 10) });
  expect(seen.compared).toBeGreaterThan(queries / 4);
  expect(seen.withErrors).toBeGreaterThan(0);
  expect(seen.withData).toBeGreaterThan(seen.compared / 4);
  expect(seen.entities).toBeGreaterThan(0);
});
