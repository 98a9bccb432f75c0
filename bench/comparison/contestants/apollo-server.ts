/** The usual way without a gateway: Apollo Server, plain resolvers, fetch, and a DataLoader a request. */
import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import DataLoader from 'dataloader';

const { PORT, SCHEMA, UPSTREAM_URL } = process.env;

async function get(path: string): Promise<unknown> {
  const response = await fetch(UPSTREAM_URL + path);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

interface Context {
  readonly users: DataLoader<number, unknown>;
}

const server = new ApolloServer<Context>({
  typeDefs: readFileSync(SCHEMA!, 'utf8'),
  resolvers: {
    Query: { posts: () => get('/posts'), greet: () => 'Hello World!' },
    Post: { user: (post: { userId: number }, _: unknown, { users }: Context) => users.load(post.userId) },
  },
});

await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: Number(PORT) },
  context: () => Promise.resolve({ users: new DataLoader((ids) => Promise.all(ids.map((id) => get(`/users/${id}`)))) }),
});
