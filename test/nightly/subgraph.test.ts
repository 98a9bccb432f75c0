// F57 of the fault table: remote subgraphs whose answers do not keep to the contract of a subgraph.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createServer, loadSettings, type Server } from 'tributary-gateway';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])';
const schemas = {
  books: `${link} type Query { books: [Book!] } type Book @key(fields: "id") { id: ID! title: String }`,
  ratings: `${link} type Book @key(fields: "id") { id: ID! rating: Int }`,
};
type Name = keyof typeof schemas;
type Respond = (response: ServerResponse) => void;

const send =
  (body: unknown, status = 200): Respond =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/graphql-response+json' }).end(JSON.stringify(body));

const good: Record<Name, Respond> = {
  books: send({ data: { books: ['a', 'b'].map((id) => ({ __typename: 'Book', id, title: `Book ${id}` })) } }),
  ratings: send({ data: { _entities: [1, 2].map((rating) => ({ __typename: 'Book', rating })) } }),
};
const respond = { ...good };
const folder = mkdtempSync(join(tmpdir(), 'tributary-subgraph-'));
const servers = new Map<Name, ReturnType<typeof createHttpServer>>();
const gateways = new Map<string, Server>();

beforeAll(async () => {
  const services: Record<string, unknown> = {};
  for (const name of Object.keys(schemas) as Name[]) {
    const server = createHttpServer(
      (request, response) => void request.resume().on('end', () => respond[name](response)),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.set(name, server);
    writeFileSync(join(folder, `${name}.graphql`), schemas[name]);
    const { port } = server.address() as AddressInfo;
    services[name] = { schema: `./${name}.graphql`, url: `http://127.0.0.1:${port}/graphql` };
  }
  const file = join(folder, 'tributary.yaml');
  const server = { port: 0, admin: { port: 0 } };
  for (const engine of ['apollo', 'tributary']) {
    writeFileSync(file, JSON.stringify({ engine, server, services, log: { level: 'fatal' } }));
    const gateway = await createServer({ settings: loadSettings({ file, env: {} }).settings, env: {} });
    await gateway.listen();
    gateways.set(engine, gateway);
  }
});
afterAll(async () => {
  for (const gateway of gateways.values()) await gateway.close();
  for (const server of servers.values()) server.close().closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

let asked = 0;
async function ask(engine: string, faulty: Partial<Record<Name, Respond>>) {
  Object.assign(respond, good, faulty);
  const response = await fetch(`${gateways.get(engine)!.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: `query Ask${asked++} { books { id title rating } }` }),
  });
  return (await response.json()) as {
    data: { books: { title: string; rating: number | null }[] | null };
    errors?: { message: string; path?: unknown; extensions: Record<string, unknown> }[];
  };
}

describe.each(['apollo', 'tributary'])(
  'F57 a remote subgraph that answers otherwise than it should, engine: %s',
  (engine) => {
    test('in order: everything is there', async () => {
      const { data, errors } = await ask(engine, {});
      expect(errors).toBeUndefined();
      expect(data.books).toMatchObject([{ rating: 1 }, { rating: 2 }]);
    });

    test('503 with a body of GraphQL errors: they are kept', async () => {
      const errors = [{ message: 'Closed for the night', extensions: { code: 'MAINTENANCE' } }];
      const answer = await ask(engine, { books: send({ data: { books: null }, errors }, 503) });
      expect(answer.data.books).toBeNull();
      expect(answer.errors).toMatchObject(errors);
    });

    test.each([
      ['one too many', [1, 2, 3]],
      ['one too few', [1]],
      ['none', []],
    ])('_entities has %s: UPSTREAM_INVALID_RESPONSE for those entities only', async (_name, ratings) => {
      const entities = ratings.map((rating) => ({ __typename: 'Book', rating }));
      const { data, errors } = await ask(engine, { ratings: send({ data: { _entities: entities } }) });
      expect(data.books).toMatchObject([
        { title: 'Book a', rating: null },
        { title: 'Book b', rating: null },
      ]);
      expect(errors!.length).toBeGreaterThan(0);
      expect(new Set(errors!.map(({ extensions }) => extensions['code']))).toEqual(
        new Set(['UPSTREAM_INVALID_RESPONSE']),
      );
    });

    test('_entities of another type: nothing of it is taken for a book', async () => {
      const entities = [1, 2].map((rating) => ({ __typename: 'Car', rating }));
      const { data, errors } = await ask(engine, { ratings: send({ data: { _entities: entities } }) });
      const ratings = data.books?.map(({ rating }) => rating) ?? [];
      expect(ratings.filter((rating) => rating !== null)).toEqual([]);
      expect(errors?.length).toBeGreaterThan(0);
    });
  },
);
