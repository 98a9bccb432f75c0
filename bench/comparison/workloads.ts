/** What is asked, and what must come back. */
import { composeServices } from '@apollo/composition';
import { graphqlSync, parse } from 'graphql';
import { posts, users } from './data.ts';
import { subgraphs, whole } from './subgraphs.ts';

export interface Workload {
  readonly name: string;
  readonly connections: number;
  readonly query: string;
  /** The data of the one right answer. */
  readonly expected: unknown;
  readonly kind: 'federation' | 'rest';
  /** What serve.ts calls a run of this kind. */
  readonly served: string;
}

const federated = `{
  users { id username name reviews { id body product { upc name price weight inStock shippingEstimate } } }
  topProducts(first: 10) {
    upc name price inStock shippingEstimate
    reviews { id body author { id username name reviews { id body product { upc name inStock } } } }
  }
}`;

export const restSchema = `type Query { posts: [Post] greet: String! }
type Post { id: Int! userId: Int! title: String! body: String! user: User }
type User { id: Int! name: String! username: String! email: String! phone: String website: String }`;

const pick = <Item extends object, Key extends keyof Item>(item: Item, keys: readonly Key[]) =>
  Object.fromEntries(keys.map((key) => [key, item[key]]));

export const workloads: readonly Workload[] = [
  {
    ...{ name: 'federation', kind: 'federation', served: 'fed', connections: 50, query: federated },
    get expected() {
      return structuredClone(graphqlSync({ schema: whole.schema, source: federated }).data);
    },
  },
  {
    ...{ name: 'posts', kind: 'rest', served: 'rest1', connections: 100 },
    query: '{ posts { id userId title user { id name email } } }',
    expected: {
      posts: posts.map((post) => ({
        ...pick(post, ['id', 'userId', 'title']),
        user: pick(users[post.userId - 1]!, ['id', 'name', 'email']),
      })),
    },
  },
  {
    ...{ name: 'titles', kind: 'rest', served: 'rest2', connections: 100, query: '{ posts { title } }' },
    expected: { posts: posts.map((post) => pick(post, ['title'])) },
  },
  {
    ...{ name: 'greet', kind: 'rest', served: 'rest3', connections: 100, query: '{ greet }' },
    expected: { greet: 'Hello World!' },
  },
];

/** The supergraph over the four services at `servicesUrl`. */
export function composeSupergraph(servicesUrl: string): string {
  const services = subgraphs.map(({ name, sdl }) => ({ name, typeDefs: parse(sdl), url: `${servicesUrl}/${name}` }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new AggregateError(errors ?? [], 'The subgraphs do not compose');
  return supergraphSdl;
}
