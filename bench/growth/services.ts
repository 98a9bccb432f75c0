/** Eight GraphQL services in one HTTP server, each answering a body once and then from memory, so that they cost little. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { composeServices } from '@apollo/composition';
import { graphql, parse, type GraphQLSchema } from 'graphql';

export const SERVICES = 8;
export const FIELDS = 8;

interface Service {
  readonly name: string;
  readonly sdl: string;
  readonly schema: GraphQLSchema;
}

/** Items with eight fields in each service, and a chain whose next step another service knows. */
function createService(number: number): Service {
  const fields = Array.from({ length: FIELDS }, (_, index) => `${fieldName(number, index)}: String`).join(' ');
  const root = number === 0 ? 'type Query { items(count: Int!): [Item] chain: Step }' : '';
  const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
    ${root}
    type Item @key(fields: "id") { id: ID! ${fields} }
    type Step @key(fields: "id") { id: ID! step${number}: Step }`;
  const value = (item: { id: string }) => `value ${item.id} of service ${number}`;
  const resolvers = {
    ...(number === 0 ? { Query: { items, chain: () => ({ id: '0' }) } } : {}),
    Item: Object.fromEntries(Array.from({ length: FIELDS }, (_, index) => [fieldName(number, index), value])),
    Step: { [`step${number}`]: ({ id }: { id: string }) => ({ id: `${id}.${number}` }) },
  };
  return {
    name: `s${number}`,
    sdl,
    schema: buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as never }),
  };
}

export const fieldName = (service: number, index: number): string => `s${service}f${index}`;

const items = (_: unknown, { count }: { count: number }): { id: string }[] =>
  Array.from({ length: count }, (__, index) => ({ id: String(index) }));

export interface RunningServices {
  readonly supergraphSdl: string;
  close(): void;
}

/** Listens on a free port of loopback; the supergraph names that address. */
export async function startServices(): Promise<RunningServices> {
  const services = Array.from({ length: SERVICES }, (_, number) => createService(number));
  const answers = new Map<string, Promise<string>>();
  const server = createServer((request, response) => {
    void readBody(request).then(async (body) => {
      const key = `${request.url} ${body}`;
      const known =
        answers.get(key) ??
        answer(
          services.find(({ name }) => request.url === `/${name}`)!,
          body,
        );
      answers.set(key, known);
      response.writeHead(200, { 'content-type': 'application/json' }).end(await known);
    });
  });
  const url = await listen(server);
  const given = services.map(({ name, sdl }) => ({ name, typeDefs: parse(sdl), url: `${url}/${name}` }));
  const { supergraphSdl, errors } = composeServices(given);
  if (supergraphSdl === undefined) throw new AggregateError(errors ?? [], 'The services do not compose');
  return { supergraphSdl, close: () => server.close() };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function answer({ schema }: Service, body: string): Promise<string> {
  const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> };
  return JSON.stringify(await graphql({ schema, source: query, variableValues: variables ?? {} }));
}
