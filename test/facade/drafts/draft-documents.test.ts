/** Documents drafted from a schema: they start, whatever the graph looks like, and read like written by hand. */
import { buildSchema, type GraphQLSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { draftDocuments, type Drafts } from '../../../gateway/facade/drafts/draft-documents.ts';
import { createFacade } from '../../../gateway/facade/index.ts';
import { schema as bookshop } from '../bookshop.ts';

const boot = (schema: GraphQLSchema, { documents }: Drafts) =>
  createFacade({ documents, schema, execute: () => Promise.resolve({ data: null }), basePath: '' });

/** Drafting tries what it writes: once a schema is enough. */
const known = new Map<GraphQLSchema, Drafts>();
function draftsOf(schema: GraphQLSchema): Drafts {
  const drafts = known.get(schema) ?? draftDocuments(schema);
  known.set(schema, drafts);
  return drafts;
}

const routesOf = (schema: GraphQLSchema): string[] =>
  boot(schema, draftsOf(schema)).routes.map(({ method, route, operation }) => `${method} ${route} ${operation}`);

const textOf = (schema: GraphQLSchema): string =>
  draftsOf(schema)
    .documents.map(({ text }) => text)
    .join('\n');

const typesOf = (text: string): GraphQLSchema =>
  buildSchema(`${text} type PageInfo { hasNextPage: Boolean! endCursor: String }`);

describe('drafts of the bookshop', () => {
  it('have a route for every item, collection, page and write', () => {
    expect(routesOf(bookshop)).toEqual([
      'GET /authors ListAuthors',
      'GET /authors/{id} GetAuthor',
      'GET /authors/{id}/books ListAuthorBooks',
      'GET /books ListBooks',
      'GET /books/{id} GetBook',
      'GET /books/{id}/reviews ListBookReviews',
      'POST /books CreateBook',
      'PUT /books/{id} ReplaceBook',
      'PATCH /books/{id} UpdateBook',
      'DELETE /books/{id} DeleteBook',
      'GET /orders/{id} GetOrder',
      'GET /orders ListOrders',
      'POST /orders PlaceOrder',
      'POST /orders/{id}/cancel CancelOrder',
      'GET /report-jobs/{id} GetReportJob',
      'GET /sales-reports/{id} GetSalesReport',
      'POST /start-sales-report StartSalesReport',
      'GET /reviews/{id} GetReview',
      'POST /reviews AddReview',
      'PATCH /reviews/{id} UpdateReview',
      'DELETE /reviews/{id} DeleteReview',
    ]);
  });

  it('leave nothing out', () => {
    expect(draftsOf(bookshop).notes).toEqual([]);
  });

  it('bind versions and keys of writes to headers, and give refusals a status', () => {
    const text = textOf(bookshop);
    expect(text).toContain('$expectedVersion: Int @header(name: "If-Match")');
    expect(text).toContain('@guard(ifMatch: true)');
    expect(text).toContain('$idempotencyKey: String @header(name: "Idempotency-Key")');
    expect(text).toContain('{ type: "OutOfStock", status: 409 }');
    expect(text).toContain('notCancellableStatus: status');
  });

  it('are laid out one operation a block', () => {
    const authors = draftsOf(bookshop).documents.find(({ file }) => file === 'authors.graphql');
    expect(authors?.text).toMatchInlineSnapshot(`
      ""Search authors by a part of the name. Without a name: all of them"
      query ListAuthors($name: String @query, $first: Int = 20 @query, $after: String @query)
      @http(method: GET, route: "/authors", result: "authors")
      @collection(of: "Author", page: { items: "nodes", info: "pageInfo", total: "totalCount", max: 100 }) {
        authors(name: $name, first: $first, after: $after) {
          nodes {
            ...AuthorFull
          }
          pageInfo {
            hasNextPage
            endCursor
          }
          totalCount
        }
      }

      "One author, or null when there is none under this id"
      query GetAuthor($id: ID!)
      @http(method: GET, route: "/authors/{id}")
      @resource(type: "Author") {
        author(id: $id) {
          ...AuthorFull
        }
      }

      "The author's books in the catalog"
      query ListAuthorBooks($id: ID!, $first: Int = 20 @query, $after: String @query)
      @http(method: GET, route: "/authors/{id}/books", result: "author.books")
      @collection(of: "Book", page: { items: "nodes", info: "pageInfo", total: "totalCount", max: 100 }) {
        author(id: $id) {
          id
          books(first: $first, after: $after) {
            nodes {
              ...BookSummary
            }
            pageInfo {
              hasNextPage
              endCursor
            }
            totalCount
          }
        }
      }

      fragment AuthorFull on Author {
        id
        name
        firstName
        lastName
        birthYear
        deathYear
      }

      fragment BookSummary on Book {
        id
        isbn
        title
        year
        language
        genre
        price
        currency
        version
        stock
      }
      "
    `);
  });
});

describe('drafts of other graphs', () => {
  it('turn pages by offset, and name the variables that do', () => {
    const schema = typesOf(`
      type Query { users(offset: Int, limit: Int = 250): UserPage user(userId: ID!): User }
      type UserPage { items: [User!]! total: Int }
      type User { id: ID! name: String }`);
    expect(textOf(schema)).toContain(
      '@collection(of: "User", page: { style: OFFSET, items: "items", total: "total", size: "limit", cursor: "offset", max: 250 })',
    );
    expect(routesOf(schema)).toEqual(['GET /users ListUsers', 'GET /users/{id} GetUser']);
    expect(textOf(schema)).toContain('route: "/users/{id:$userId}"');
  });

  it('read the edges of Relay, and the payloads of its mutations', () => {
    const schema = typesOf(`
      type Query { posts(first: Int, after: String): PostConnection post(id: ID!): Post }
      type PostConnection { edges: [PostEdge] pageInfo: PageInfo! }
      type PostEdge { cursor: String! node: Post }
      type Post { id: ID! title: String }
      type Mutation { createPost(input: CreatePost!): PostPayload updatePost(input: UpdatePost!): PostPayload }
      input CreatePost { title: String! }
      input UpdatePost { id: ID! title: String }
      type PostPayload { post: Post userErrors: [String!]! }`);
    expect(routesOf(schema)).toEqual([
      'GET /posts ListPosts',
      'GET /posts/{id} GetPost',
      'POST /posts CreatePost',
      'PATCH /posts/{id} UpdatePost',
    ]);
    expect(textOf(schema)).toContain('updatePost(input: { id: $id, title: $title })');
    expect(textOf(schema)).toContain('result: "updatePost.post"');
    expect(draftsOf(schema).notes[0]).toContain('"createPost" answers errors beside its result');
  });

  it('keep clear of the names and addresses of the facade', () => {
    const schema = typesOf('type Query { profile: String docs(fields: [String!], embed: Int): String }');
    expect(routesOf(schema)).toEqual(['GET /profile-2 GetProfile', 'GET /docs-2 GetDocs']);
    expect(textOf(schema)).toContain('@query(name: "_fields")');
  });

  it('search by POST where no address carries the arguments', () => {
    const schema = typesOf(`
      type Query { find(where: Where!): [Hit!]! list(where: Where, q: String): [Hit!]! }
      input Where { and: [Where!] q: String }
      type Hit { score: Float }`);
    expect(routesOf(schema)).toEqual(['POST /find SearchFind', 'GET /list ListList']);
    expect(draftsOf(schema).notes).toEqual([
      '"list" is asked without its argument "where", which does not fit into an address',
    ]);
  });

  it('select the members of unions and interfaces, whatever the types of their fields', () => {
    const schema = typesOf(`
      type Query { search(q: String!): [Result!]! pet(id: ID!): Pet owner(id: ID!): Owner }
      union Result = Cat | Dog
      interface Pet { id: ID! }
      type Cat implements Pet { id: ID! size: Int }
      type Dog implements Pet { id: ID! size: String bones: [Bone!]! }
      type Bone { length: Float taste(of: String!): String }
      type Owner { id: ID! pets: [Pet!]! home: Home }
      type Home { town: Town }
      type Town { home: Home! name: String }`);
    expect(routesOf(schema)).toEqual(['GET /search GetSearch', 'GET /pets/{id} GetPet', 'GET /owners/{id} GetOwner']);
    expect(textOf(schema)).toContain('dog_size: size');
  });

  it('say what has no route, and why', () => {
    const schema = typesOf(`
      type Query { node(id: ID!): Node thing(id: ID!): Thing }
      interface Node { id: ID! }
      type Thing implements Node { id: ID! }
      type Other implements Node { id: ID! }
      type Mutation { touch(id: ID!): Node deleteThing(id: ID!, filter: Deep!): Boolean }
      input Deep { deep: Deep }
      type Subscription { changed: Thing }`);
    expect(draftsOf(schema).notes).toEqual([
      '"touch" has no route: which of the types of "Node" is the success is not known',
      '"deleteThing" has no route: DELETE has no body for its argument "filter"',
      '"changed" has no route: it is a subscription',
    ]);
    expect(routesOf(schema)).toEqual(['GET /nodes/{id} GetNode', 'GET /things/{id} GetThing']);
  });

  it('number what would have one name or one address', () => {
    const schema = typesOf(`
      type Query { user(id: ID!): User userByName(name: String!): User users: [User!] allUsers: [User!] get_user: User }
      type User { id: ID! name: String }`);
    expect(routesOf(schema)).toEqual([
      'GET /users/{id} GetUser',
      'GET /user-by-name GetUserByName',
      'GET /users ListUsers',
      'GET /all-users ListAllUsers',
      'GET /get-user GetGetUser',
    ]);
  });
});
