/** Four GraphQL services over one graph: accounts, products, inventory, reviews. */
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type GraphQLSchema } from 'graphql';
import { products, reviews, shippingOf, users, type Product, type Review, type User } from './data.ts';

const head = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",
  import: ["@key", "@external", "@requires", "@provides", "@shareable"])\n`;

const userOf = ({ id }: { id: number | string }): User => users[Number(id) - 1]!;
const productOf = ({ upc }: { upc: string }): Product => products[Number(upc) - 1]!;
const first = (_: unknown, { first: count }: { first: number }): readonly Product[] => products.slice(0, count);

export interface Subgraph {
  readonly name: string;
  readonly sdl: string;
  readonly schema: GraphQLSchema;
}

const subgraph = (name: string, body: string, resolvers: Record<string, Record<string, unknown>>): Subgraph => {
  const sdl = head + body;
  return { name, sdl, schema: buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as never }) };
};

export const subgraphs: readonly Subgraph[] = [
  subgraph(
    'accounts',
    `type Query { users: [User] }
     type User @key(fields: "id") { id: ID! name: String username: String @shareable email: String }`,
    { Query: { users: () => users }, User: { __resolveReference: userOf } },
  ),
  subgraph(
    'products',
    `type Query { topProducts(first: Int = 5): [Product] }
     type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }`,
    { Query: { topProducts: first }, Product: { __resolveReference: productOf } },
  ),
  subgraph(
    'inventory',
    `type Product @key(fields: "upc") {
       upc: String! price: Int @external weight: Int @external inStock: Boolean
       shippingEstimate: Int @requires(fields: "price weight")
     }`,
    {
      Product: {
        __resolveReference: (asked: Product) => ({ ...asked, inStock: productOf(asked).inStock }),
        shippingEstimate: shippingOf,
      },
    },
  ),
  subgraph(
    'reviews',
    `type Review @key(fields: "id") { id: ID! body: String author: User @provides(fields: "username") product: Product }
     type User @key(fields: "id") { id: ID! username: String @external reviews: [Review] }
     type Product @key(fields: "upc") { upc: String! reviews: [Review] }`,
    {
      Review: {
        __resolveReference: ({ id }: Review) => reviews[Number(id) - 1],
        author: ({ userId }: Review) => userOf({ id: userId }),
        product: ({ upc }: Review) => ({ upc }),
      },
      User: { reviews: ({ id }: User) => reviews.filter(({ userId }) => userId === Number(id)) },
      Product: { reviews: ({ upc }: Product) => reviews.filter((review) => review.upc === upc) },
    },
  ),
];

/** The same graph without federation, which says what the right answer is. */
export const whole: Subgraph = subgraph(
  'whole',
  `type Query { users: [User] topProducts(first: Int = 5): [Product] }
   type User { id: ID! name: String username: String email: String reviews: [Review] }
   type Product {
     upc: String! name: String price: Int weight: Int inStock: Boolean shippingEstimate: Int reviews: [Review]
   }
   type Review { id: ID! body: String author: User product: Product }`,
  {
    Query: { users: () => users, topProducts: first },
    User: { reviews: ({ id }: User) => reviews.filter(({ userId }) => userId === id) },
    Product: {
      shippingEstimate: shippingOf,
      reviews: ({ upc }: Product) => reviews.filter((review) => review.upc === upc),
    },
    Review: { author: ({ userId }: Review) => userOf({ id: userId }), product: productOf },
  },
);
