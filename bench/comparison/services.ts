/**
 * The services under all contestants, one program: POST /<subgraph> for the graph, GET /posts, /users/<id> and /users?id=1&id=2
 * for REST, GET /stats for the number of requests so far. An answer is computed once, so that the services cost little.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { graphql } from 'graphql';
import { posts, users } from './data.ts';
import { subgraphs } from './subgraphs.ts';

const answers = new Map<string, string>();
let requests = 0;

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function answer(path: string, body: string): Promise<string> {
  const { pathname, searchParams } = new URL(path, 'http://localhost');
  const subgraph = subgraphs.find(({ name }) => pathname === `/${name}`);
  if (subgraph !== undefined) {
    const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> };
    const result = await graphql({ schema: subgraph.schema, source: query, variableValues: variables ?? {} });
    return JSON.stringify(result);
  }
  if (pathname === '/posts') return JSON.stringify(posts);
  const asked = searchParams.getAll('id').map(Number);
  if (pathname === '/users') return JSON.stringify(users.filter(({ id }) => asked.includes(id)));
  return JSON.stringify(users.find(({ id }) => `/users/${id}` === pathname) ?? null);
}

const server = createServer((request, response) => {
  if (request.url === '/stats') {
    response.end(JSON.stringify({ requests }));
    return;
  }
  requests++;
  void readBody(request).then(async (body) => {
    const key = `${request.url} ${body}`;
    const text = answers.get(key) ?? (await answer(request.url!, body));
    answers.set(key, text);
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
      .end(text);
  });
});
server.listen(Number(process.env['PORT']), '127.0.0.1');
