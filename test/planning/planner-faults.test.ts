/**
 * Faults of @apollo/query-planner that our planning mends, each by what a client gets (docs/explanation/planning.md). The
 * subgraphs say in their values what they were asked, so that a value meant for another field is seen.
 */
import { describe, expect, it } from 'vitest';
import { startGraph, type TestSubgraph } from '../execution/start-graph.ts';

type Reference = Record<string, unknown>;

const priceOf = ({ id }: Reference, { in: unit }: { in: string | null }) => `${String(id)} in ${String(unit)}`;
const items = [{ id: 'a' }, { id: 'b' }];

/** Prices in one subgraph; what is computed from them in another. */
const shop = (): Record<string, TestSubgraph> => ({
  stock: {
    sdl: `
      type Query { item: Item items: [Item!] thing: Thing boxes: [Box] }
      interface Thing { id: ID! }
      type Item implements Thing @key(fields: "id") {
        id: ID!
        name: String
        price(in: String = "USD"): String
        parts: [Part!]
        maker: Maker
      }
      type Part { size(unit: String!): String  label: String }
      type Maker @key(fields: "id") { id: ID! title(lang: String): String }
      type Box { item: Item }`,
    resolvers: {
      Query: {
        item: () => items[0],
        items: () => items,
        thing: () => ({ __typename: 'Item', ...items[1] }),
        boxes: () => [{ item: items[0] }, null, { item: items[1] }],
      },
      Item: {
        __resolveReference: (reference: Reference) => reference,
        name: ({ id }: Reference) => `name of ${String(id)}`,
        price: priceOf,
        parts: ({ id }: Reference) => [1, 2].map((number) => ({ label: `${String(id)}${number}` })),
        maker: ({ id }: Reference) => ({ id: `m-${String(id)}` }),
      },
      Part: { size: ({ label }: Reference, { unit }: { unit: string }) => `${String(label)} ${unit}` },
      Maker: { title: ({ id }: Reference, { lang }: { lang?: string }) => `${String(id)} ${lang ?? 'any'}` },
    },
  },
  money: {
    sdl: `
      type Item @key(fields: "id") {
        id: ID!
        name: String @external
        price(in: String = "USD"): String @external
        parts: [Part!] @external
        maker: Maker @external
        plain: String @requires(fields: "price")
        tax: String @requires(fields: "price(in: \\"USD\\")")
        toll(times: Int): String @requires(fields: "price(in: \\"EUR\\") name")
        fee: String @requires(fields: "price(in: \\"EUR\\")")
        named: String @requires(fields: "name")
        metric: String @requires(fields: "parts { label size(unit: \\"cm\\") }")
        imperial: String @requires(fields: "parts { size(unit: \\"inch\\") }")
        greeting: String @requires(fields: "maker { title(lang: \\"de\\") }")
        free: String
      }
      type Part { size(unit: String!): String @external  label: String @external }
      type Maker @key(fields: "id") { id: ID! title(lang: String): String @external }`,
    resolvers: {
      Item: {
        __resolveReference: (reference: Reference) => reference,
        plain: ({ price }: Reference) => `plain ${String(price)}`,
        tax: ({ price }: Reference) => `tax ${String(price)}`,
        toll: ({ price, name }: Reference, { times }: { times?: number }) =>
          `${times ?? 1} toll ${String(price)}, ${String(name)}`,
        fee: ({ price }: Reference) => `fee ${String(price)}`,
        named: ({ name }: Reference) => `named ${String(name)}`,
        metric: ({ parts }: { parts: Reference[] }) => parts.map(({ size }) => size).join('+'),
        imperial: ({ parts }: { parts: Reference[] }) => parts.map(({ size }) => size).join('+'),
        greeting: ({ maker }: { maker: Reference }) => `hallo ${String(maker['title'])}`,
        free: () => 'free',
      },
    },
  },
});

interface Row {
  readonly name: string;
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly data: unknown;
}

function answers(parts: () => Record<string, TestSubgraph>, rows: readonly Row[]): void {
  it.each(rows)('$name', async ({ query, variables, data }) => {
    const graph = await startGraph(parts());
    expect(await graph.ask(query, variables)).toEqual({ data });
  });
}

describe('a required field with arguments stands beside the same field of the client', () => {
  answers(shop, [
    {
      name: 'with other arguments',
      query: '{ item { price(in: "CHF") tax } }',
      data: { item: { price: 'a in CHF', tax: 'tax a in USD' } },
    },
    {
      name: 'with none where the other has its default',
      query: '{ item { price tax fee plain } }',
      data: { item: { price: 'a in USD', tax: 'tax a in USD', fee: 'fee a in EUR', plain: 'plain a in USD' } },
    },
    {
      name: 'required without arguments',
      query: '{ item { price(in: "CHF") plain } }',
      data: { item: { price: 'a in CHF', plain: 'plain a in USD' } },
    },
    {
      name: 'with variables',
      query: 'query ($c: String!) { items { price(in: $c) tax } }',
      variables: { c: 'SEK' },
      data: {
        items: [
          { price: 'a in SEK', tax: 'tax a in USD' },
          { price: 'b in SEK', tax: 'tax b in USD' },
        ],
      },
    },
    {
      name: 'below a required object, in a list',
      query: '{ items { parts { size(unit: "m") } metric } }',
      data: {
        items: [
          { parts: [{ size: 'a1 m' }, { size: 'a2 m' }], metric: 'a1 cm+a2 cm' },
          { parts: [{ size: 'b1 m' }, { size: 'b2 m' }], metric: 'b1 cm+b2 cm' },
        ],
      },
    },
    {
      name: 'below a required entity',
      query: '{ item { maker { title(lang: "fr") } greeting } }',
      data: { item: { maker: { title: 'm-a fr' }, greeting: 'hallo m-a de' } },
    },
    {
      name: 'below an interface, in fragments',
      query:
        '{ thing { id ... on Item { price(in: "CHF") ...Taxed } } } fragment Taxed on Item { tax p: price(in: "NOK") }',
      data: { thing: { id: 'b', price: 'b in CHF', tax: 'tax b in USD', p: 'b in NOK' } },
    },
    {
      name: 'in a list with nulls, under a condition',
      query:
        'query ($yes: Boolean!) { boxes { item { tax @include(if: $yes) price(in: "CHF") @skip(if: $yes) fee } } }',
      variables: { yes: true },
      data: {
        boxes: [
          { item: { tax: 'tax a in USD', fee: 'fee a in EUR' } },
          null,
          { item: { tax: 'tax b in USD', fee: 'fee b in EUR' } },
        ],
      },
    },
  ]);
});

describe('two fields that require one field with different arguments', () => {
  answers(shop, [
    {
      name: 'each get their own value',
      query: '{ item { tax toll fee free } }',
      data: { item: { tax: 'tax a in USD', toll: '1 toll a in EUR, name of a', fee: 'fee a in EUR', free: 'free' } },
    },
    {
      name: 'with aliases, variables and arguments of their own',
      query: 'query ($n: Int) { items { x: tax y: toll(times: $n) z: toll(times: 7) } }',
      variables: { n: 3 },
      data: {
        items: items.map(({ id }) => ({
          x: `tax ${id} in USD`,
          y: `3 toll ${id} in EUR, name of ${id}`,
          z: `7 toll ${id} in EUR, name of ${id}`,
        })),
      },
    },
    {
      name: 'below a required list of objects',
      query: '{ item { metric imperial } }',
      data: { item: { metric: 'a1 cm+a2 cm', imperial: 'a1 inch+a2 inch' } },
    },
    {
      name: 'below an interface',
      query: '{ thing { ... on Item { tax fee metric imperial greeting } } }',
      data: {
        thing: {
          tax: 'tax b in USD',
          fee: 'fee b in EUR',
          metric: 'b1 cm+b2 cm',
          imperial: 'b1 inch+b2 inch',
          greeting: 'hallo m-b de',
        },
      },
    },
  ]);

  it('each fetch carries only the variables it uses, and asks for its own fields', async () => {
    const graph = await startGraph(shop());
    await graph.ask('query ($n: Int) { item { tax toll(times: $n) } }', { n: 2 });
    const sent = graph.sent.filter(({ subgraph }) => subgraph === 'money');
    expect(sent.map(({ text }) => text.includes('$n'))).toHaveLength(2);
    expect(sent.filter(({ text }) => text.includes('$n'))).toHaveLength(1);
    for (const { variables } of sent) {
      const [{ price }] = variables['representations'] as [{ price: string }];
      expect(price).toBe(Object.hasOwn(variables, 'n') ? 'a in EUR' : 'a in USD');
    }
  });
});

describe('an alias that is the name of another field', () => {
  answers(shop, [
    {
      name: 'is not taken for a key',
      query: '{ item { id: name free } }',
      data: { item: { id: 'name of a', free: 'free' } },
    },
    {
      name: 'is not taken for a required field',
      query: '{ item { name: id named price: name tax plain } }',
      data: {
        item: {
          name: 'a',
          named: 'named name of a',
          price: 'name of a',
          tax: 'tax a in USD',
          plain: 'plain a in USD',
        },
      },
    },
    {
      name: 'is not taken for the type',
      query: '{ thing { ... on Item { __typename: name free } } }',
      data: { thing: { __typename: 'name of b', free: 'free' } },
    },
    {
      name: 'may be that of a hidden field',
      query: '{ item { required0_price: name alias_id: name id: name tax fee } }',
      data: {
        item: {
          required0_price: 'name of a',
          alias_id: 'name of a',
          id: 'name of a',
          tax: 'tax a in USD',
          fee: 'fee a in EUR',
        },
      },
    },
  ]);

  it('stands in the paths of errors as the client wrote it', async () => {
    const parts = shop();
    const fail = () => {
      throw new Error('no price');
    };
    const stock = { ...parts['stock']!, resolvers: { ...parts['stock']!.resolvers, Item: { price: fail } } };
    const graph = await startGraph({ ...parts, stock });
    const { data, errors } = await graph.ask('{ item { name: price free } }');
    expect(data).toEqual({ item: { name: null, free: 'free' } });
    expect(errors!.map(({ path }) => path)).toEqual([['item', 'name']]);
  });
});

describe('required fields of interfaces', () => {
  answers(
    () => ({
      zoo: {
        sdl: `
          type Query { keepers: [Keeper!] }
          type Keeper @key(fields: "id") { id: ID! pet: Animal }
          interface Animal { call(loud: Boolean!): String }
          type Dog implements Animal { call(loud: Boolean!): String }
          type Cat implements Animal { call(loud: Boolean!): String lives: Int }`,
        resolvers: {
          Query: {
            keepers: () => [
              { id: '1', pet: { __typename: 'Dog' } },
              { id: '2', pet: { __typename: 'Cat' } },
            ],
          },
          Dog: { call: (_: unknown, { loud }: { loud: boolean }) => (loud ? 'WOOF' : 'woof') },
          Cat: { call: (_: unknown, { loud }: { loud: boolean }) => (loud ? 'MEOW' : 'meow') },
        },
      },
      noise: {
        sdl: `
          type Keeper @key(fields: "id") {
            id: ID!
            pet: Animal @external
            day: String @requires(fields: "pet { call(loud: true) }")
            night: String @requires(fields: "pet { ... on Cat { call(loud: false) } ... on Dog { call(loud: false) } }")
          }
          interface Animal { call(loud: Boolean!): String }
          type Dog implements Animal { call(loud: Boolean!): String @external }
          type Cat implements Animal { call(loud: Boolean!): String @external }`,
        resolvers: {
          Keeper: {
            __resolveReference: (reference: Reference) => reference,
            day: ({ pet }: { pet: Reference }) => `day ${String(pet['call'])}`,
            night: ({ pet }: { pet: Reference }) => `night ${String(pet['call'])}`,
          },
        },
      },
    }),
    [
      {
        name: 'are asked with their arguments, whatever the type',
        query: '{ keepers { pet { call(loud: false) } day } }',
        data: {
          keepers: [
            { pet: { call: 'woof' }, day: 'day WOOF' },
            { pet: { call: 'meow' }, day: 'day MEOW' },
          ],
        },
      },
      {
        name: 'are kept apart',
        query: '{ keepers { day night } }',
        data: {
          keepers: [
            { day: 'day WOOF', night: 'night woof' },
            { day: 'day MEOW', night: 'night meow' },
          ],
        },
      },
    ],
  );
});

describe('a first key that is not resolvable', () => {
  const parts = (): Record<string, TestSubgraph> => ({
    a: {
      sdl: `
        type Query { item: Item items: [[Item!]] }
        type Item @key(fields: "id") { id: ID! inner: Inner }
        type Inner @key(fields: "id") { id: ID! weight: Int }`,
      resolvers: {
        Query: { item: () => ({ id: '1' }), items: () => [[{ id: '1' }], null, [{ id: '2' }]] },
        Item: { inner: ({ id }: Reference) => ({ id: `in-${String(id)}` }) },
        Inner: {
          __resolveReference: (reference: Reference) => reference,
          weight: ({ id }: Reference) => Number(String(id).at(-1)) * 10,
        },
      },
    },
    b: {
      sdl: `
        type Item @key(fields: "id") { id: ID! other: Inner }
        type Inner @key(fields: "code", resolvable: false) @key(fields: "id") {
          id: ID!
          code: ID!
          weight: Int @external
          cost: Int @requires(fields: "weight")
        }`,
      resolvers: {
        Item: {
          __resolveReference: (reference: Reference) => reference,
          other: ({ id }: Reference) => ({ id: `in-${String(id)}`, code: 'c' }),
        },
        Inner: {
          __resolveReference: (reference: Reference) => (reference['id'] === undefined ? null : reference),
          cost: ({ weight }: { weight: number }) => weight * 2,
          code: ({ id }: Reference) => `code ${String(id)}`,
        },
      },
    },
  });
  answers(parts, [
    {
      name: 'is not the one by which an entity is asked for',
      query: '{ item { inner { cost } } }',
      data: { item: { inner: { cost: 20 } } },
    },
    {
      name: 'is not used in lists of lists, nor from the subgraph that declares it',
      query: '{ items { other { cost } again: other { code cost } } }',
      data: {
        items: [
          [{ other: { cost: 20 }, again: { code: 'code in-1', cost: 20 } }],
          null,
          [{ other: { cost: 40 }, again: { code: 'code in-2', cost: 40 } }],
        ],
      },
    },
  ]);
});

describe('an operation that cannot be answered', () => {
  const isAlone = (sdl: string): string =>
    sdl.replace('item: Item @join__field(graph: STOCK)', 'item: Item @join__field(graph: MONEY, external: true)');

  it('is refused with a code where no subgraph gives a field', async () => {
    const graph = await startGraph(shop(), { change: isAlone });
    const { data, errors } = await graph.ask('{ item { name } }');
    expect(data).toBeUndefined();
    expect(errors!.map(({ extensions }) => extensions!['code'])).toEqual(['OPERATION_UNANSWERABLE']);
    expect(graph.sent).toEqual([]);
  });

  it.each(['subscription { item { name } }'])('%s is refused with a code', async (query) => {
    const parts = shop();
    const stock = { ...parts['stock']!, sdl: `${parts['stock']!.sdl} type Subscription { item: Item }` };
    const graph = await startGraph({ ...parts, stock });
    const { errors } = await graph.ask(query);
    expect(errors!.map(({ extensions }) => extensions!['code'])).toEqual(['OPERATION_UNSUPPORTED']);
  });

  it('@defer is refused by validation, since the graph does not have it', async () => {
    const graph = await startGraph(shop());
    const { errors } = await graph.ask('{ item { ... @defer { name } } }');
    expect(errors!.map(({ extensions }) => extensions!['code'])).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });

  it.each([
    '{ __typename }',
    '{ item @skip(if: true) { name } }',
    'query ($a: Boolean = false) { item @include(if: $a) { name } }',
  ])('%s asks for nothing, and is answered', async (query) => {
    const graph = await startGraph(shop());
    expect((await graph.ask(query)).errors).toBeUndefined();
    expect(graph.sent).toEqual([]);
  });
});
