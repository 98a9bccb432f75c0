/** The smallest gateway that calls something: one service over HTTP with one connector, its calls counted. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createServer, loadSettings } from 'tributary-gateway';

export interface SmallGateway {
  readonly url: string;
  /** Paths that the service was asked for. */
  readonly calls: string[];
  close(): Promise<void>;
}

export interface SmallGatewayOptions {
  /** Lines of tributary.yaml, beside the service. */
  readonly settings?: string;
  /** Files beside it, by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly sdl?: string;
  /** Answers of the service; by default the path as a title. */
  readonly serve?: (request: IncomingMessage, response: ServerResponse) => void;
}

const sdl = (source: string) => `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key"])
  @link(url: "https://specs.apollo.dev/connect/v0.2", import: ["@connect", "@source"])
  @source(name: "api", http: { baseURL: "${source}" })
type Query {
  book(id: ID!): Book @connect(source: "api", http: { GET: "/books/{$args.id}" }, selection: "id title")
  shelf(id: ID!): Book @connect(source: "api", http: { GET: "/shelves/{$args.id}" }, selection: "id title")
}
type Mutation {
  add(title: String!): Book @connect(source: "api", http: { POST: "/books", body: "title: $args.title" }, selection: "id title")
}
type Book { id: ID!  title: String }
`;

export async function startSmallGateway(options: SmallGatewayOptions = {}): Promise<SmallGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-small-'));
  const calls: string[] = [];
  const service = createHttpServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    if (options.serve !== undefined) return options.serve(request, response);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ id: '1', title: request.url }));
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const source = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  for (const [name, text] of Object.entries(options.files ?? {})) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  writeFileSync(join(folder, 'books.graphql'), options.sdl?.replaceAll('SOURCE', source) ?? sdl(source));
  const file = join(folder, 'tributary.yaml');
  writeFileSync(file, `services:\n  books:\n    schema: books.graphql\n${options.settings ?? ''}`);
  const env = {
    TRIBUTARY_SERVER__PORT: '0',
    TRIBUTARY_SERVER__ADMIN__ENABLED: 'false',
    TRIBUTARY_LOG__LEVEL: 'fatal',
    ...(process.env['TRIBUTARY_ENGINE'] === undefined ? {} : { TRIBUTARY_ENGINE: process.env['TRIBUTARY_ENGINE'] }),
  };
  const server = await createServer({ settings: loadSettings({ file, env }).settings, env });
  const url = await server.listen();
  return {
    url,
    calls,
    async close() {
      await server.close();
      service.closeAllConnections();
      await new Promise((resolve) => service.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}
