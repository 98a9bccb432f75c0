/** A gateway over files in a folder of its own, one service behind it, and clients that ask all the time. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { createServer, loadSettings, type Server } from 'tributary-gateway';
import { onTestFinished } from 'vitest';

export interface ReloadingGateway {
  readonly server: Server;
  readonly log: { readonly level: number; readonly msg: string; readonly [name: string]: unknown }[];
  /** Requests that the service got. */
  readonly calls: string[];
  write(name: string, text: string): void;
  /** The files as they were at the start. */
  writeFirst(): void;
  ask(query: string): Promise<{ status: number; body: { data?: any; errors?: any[] } }>;
  rest(path: string): Promise<{ status: number; body: any; headers: Headers }>;
  admin(path: string, init?: RequestInit): Promise<{ status: number; body: any }>;
  /** Asks with so many clients until `work` is over; gives what was not answered in full. */
  under<Result>(
    clients: number,
    work: () => Promise<Result>,
  ): Promise<{ result: Result; asked: number; failed: unknown[] }>;
}

export const schemaWith = (fields: string, selection = 'id title') => `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"])
  @link(url: "https://specs.apollo.dev/connect/v0.2", import: ["@source", "@connect"])
  @source(name: "api", http: { baseURL: "http://books.test" })
type Query {
  book(id: ID!): Book @connect(source: "api", http: { GET: "/books/{$args.id}" }, selection: "${selection}", entity: true)
}
type Mutation {
  restock(id: ID!): Int @connect(source: "api", http: { POST: "/books/{$args.id}" }, selection: "$.year")
}
type Book @key(fields: "id") { id: ID! ${fields} }
`;

export const routes = `query getBook($id: ID!) @http(method: GET, route: "/books/{id}") { book(id: $id) { id title } }
query getYear($id: ID!) @http(method: GET, route: "/years/{id}") { book(id: $id) { id year } }
`;

export interface GatewayOptions {
  /** More of the group `server`. */
  readonly server?: string;
  /** The group `server.overload`; left out, a loop that is late on a busy machine refuses nothing. */
  readonly overload?: string;
  /** The service answers once this has resolved. */
  readonly hold?: () => Promise<void>;
  /** When it is to end; with the test where this is left out. */
  readonly onEnd?: (close: () => Promise<void>) => void;
}

export async function startReloadingGateway(
  settingsText = '',
  options: GatewayOptions = {},
): Promise<ReloadingGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-reload-'));
  const calls: string[] = [];
  const service = createHttpServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    response.setHeader('content-type', 'application/json');
    const body = JSON.stringify({ id: 'b', title: 'Title', year: 1857, isbn: '1' });
    void (options.hold?.() ?? Promise.resolve()).then(() => response.end(body));
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const serviceUrl = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const settingsOf = (more: string) => `
server: { port: 0, introspection: true, admin: { port: 0 }, overload: { ${options.overload ?? 'loopDelay: 1h'} }${options.server ?? ''} }
engine: tributary
services:
  books: { schema: ./books.graphql }
connectors:
  sources: { books.api: { override_url: '${serviceUrl}' } }
facade: { operations: ./routes }
${more}`;
  const writeFirst = () => {
    write('tributary.yaml', settingsOf(settingsText));
    write('books.graphql', schemaWith('title: String year: Int', 'id title year'));
    write('routes/books.graphql', routes);
  };
  mkdirSync(join(folder, 'routes'));
  writeFirst();

  const log: ReloadingGateway['log'] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void log.push(JSON.parse(line) as never) });
  const file = join(folder, 'tributary.yaml');
  const load = () => loadSettings({ file, env: {} });
  const server = await createServer({ settings: load().settings, env: {}, logger, source: { file, load } });
  const url = await server.listen();
  const { onEnd = onTestFinished } = options;
  onEnd(async () => {
    await server.close();
    service.closeAllConnections();
    await new Promise((resolve) => service.close(resolve));
    rmSync(folder, { recursive: true });
  });

  const ask: ReloadingGateway['ask'] = async (query) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return { status: response.status, body: (await response.json()) as never };
  };
  const rest: ReloadingGateway['rest'] = async (path) => {
    const response = await fetch(`${url}/rest${path}`);
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  return {
    server,
    log,
    calls,
    write: (name, text) => write(name, name === 'tributary.yaml' ? settingsOf(text) : text),
    writeFirst,
    ask,
    rest,
    async admin(path, init) {
      const response = await fetch(`${server.adminUrl}${path}`, init);
      const text = await response.text();
      return { status: response.status, body: path === '/metrics' ? text : JSON.parse(text) };
    },
    async under(clients, work) {
      let isOver = false;
      let asked = 0;
      const failed: unknown[] = [];
      const client = async (number: number) => {
        for (let turn = 0; !isOver; turn++) {
          // A few texts, so that plans are made as well.
          const query = `{ a${turn % 7}: book(id: "${number}") { id title } }`;
          const { status, body } = await (turn % 2 === 0 ? ask(query) : rest(`/books/b${number}`));
          asked++;
          if (status !== 200 || body.errors !== undefined) failed.push({ status, body });
          // The thread that composes has a machine to share.
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      };
      const running = Array.from({ length: clients }, (_, number) => client(number));
      const result = await work().finally(() => (isOver = true));
      await Promise.all(running);
      return { result, asked, failed };
    },
  };
}
