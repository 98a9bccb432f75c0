/** An interface that another subgraph has as an object (`@interfaceObject`, Apollo Federation 2.3). */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startGraph, type TestGraph } from './start-graph.ts';

interface Medium {
  readonly __typename: string;
  readonly id: string;
  readonly title: string;
}

const media: readonly Medium[] = [
  { __typename: 'Book', id: '1', title: 'Nana' },
  { __typename: 'Film', id: '2', title: 'Stalker' },
];
const reference = ({ id }: { id: string }) => media.find((medium) => medium.id === id);
const represented = ({ id, title }: { id: string; title?: string }) => ({ id, title });

let graph: TestGraph;
beforeAll(async () => {
  graph = await startGraph({
    media: {
      sdl: `type Query { media: [Media!]! }
        interface Media @key(fields: "id") { id: ID!  title: String }
        type Book implements Media @key(fields: "id") { id: ID!  title: String  pages: Int }
        type Film implements Media @key(fields: "id") { id: ID!  title: String }`,
      resolvers: {
        Query: { media: () => media },
        Media: { __resolveReference: reference },
        Book: { __resolveReference: reference, pages: () => 300 },
        Film: { __resolveReference: reference },
      },
    },
    ratings: {
      sdl: `type Query { best: [Media!]! }
        type Media @key(fields: "id") @interfaceObject {
          id: ID!
          title: String @external
          stars: Int
          badge: String @requires(fields: "title")
        }`,
      resolvers: {
        Query: { best: () => media.map(({ id }) => ({ id })) },
        Media: {
          __resolveReference: represented,
          stars: () => 5,
          badge: ({ title }: { title: string }) => `best: ${title}`,
        },
      },
    },
  });
});
beforeEach(() => void graph.sent.splice(0));

describe('fields of an interface object', () => {
  it('stand below a type, whatever else is asked of the type', async () => {
    const query = 'query ($no: Boolean!) { media { ... on Book { stars ... on Book @skip(if: $no) { id } } } }';
    expect(await graph.ask(query, { no: true })).toEqual({ data: { media: [{ stars: 5 }, {}] } });
    expect(await graph.ask(query, { no: false })).toEqual({ data: { media: [{ stars: 5, id: '1' }, {}] } });
  });

  it('leave the type what it is', async () => {
    const query = 'query ($yes: Boolean!) { media { ... on Book { __typename stars @include(if: $yes) pages } } }';
    expect(await graph.ask(query, { yes: true })).toEqual({
      data: { media: [{ __typename: 'Book', stars: 5, pages: 300 }, {}] },
    });
  });

  it('start from the object too', async () => {
    expect(await graph.ask('{ best { __typename stars ... on Book { pages } title } }')).toEqual({
      data: {
        best: [
          { __typename: 'Book', stars: 5, pages: 300, title: 'Nana' },
          { __typename: 'Film', stars: 5, title: 'Stalker' },
        ],
      },
    });
  });

  it('that require another field are asked only for the type that wants them, and with the key', async () => {
    expect(await graph.ask('{ best { ... on Book { badge } } }')).toEqual({
      data: { best: [{ badge: 'best: Nana' }, {}] },
    });
    expect(graph.sent.at(-1)).toMatchObject({
      subgraph: 'ratings',
      variables: { representations: [{ __typename: 'Media', id: '1', title: 'Nana' }] },
    });
  });
});

describe('an interface object of which conditions leave nothing', () => {
  it('is there, and nobody is asked for its type', async () => {
    const query = 'query ($yes: Boolean!) { best { stars @include(if: $yes) } }';
    expect(await graph.ask(query, { yes: false })).toEqual({ data: { best: [{}, {}] } });
    expect(graph.sent.map(({ subgraph }) => subgraph)).toEqual(['ratings']);
  });
});
