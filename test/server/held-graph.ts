/**
 * A gateway over two services that hold every call until told to answer: one REST service behind connectors, one GraphQL
 * subgraph over HTTP. So a test decides what is in flight, and sees which calls were given up.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, loadSettings } from 'tributary-gateway';
import { expect } from 'vitest';

/** One call that a service received. */
export interface HeldCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The gateway has given it up. */
  isGone: boolean;
  readonly answer: (value: unknown) => void;
}

export interface HeldGraph {
  readonly url: string;
  readonly calls: readonly HeldCall[];
  /** Forgets the calls so far. */
  readonly forget: () => void;
  /** Resolves once so many calls have come. */
  readonly arrived: (count: number) => Promise<void>;
  readonly ask: (query: string, options?: AskOptions) => Promise<HeldAnswer>;
  close(): Promise<void>;
}

export interface AskOptions {
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
  /** Members of the body beside the query. */
  readonly members?: Record<string, unknown>;
}

export interface HeldAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: any;
}

export interface HeldGraphOptions {
  readonly engine?: 'apollo' | 'tributary';
  readonly sharing?: boolean;
  /** Whether equal calls to services are shared below the door. */
  readonly coalesce?: boolean;
}

const NEAR = (url: string) => `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key"])
    @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@connect", "@source"])
    @source(name: "near", http: { baseURL: "${url}", headers: [{ name: "x-tenant", from: "x-tenant" }] })
  type Query { near: String @connect(source: "near", http: { GET: "/near?language={$request.headers.'x-language'->first ?? ''}" }, selection: "$.text") }
  type Mutation { push: String @connect(source: "near", http: { POST: "/push" }, selection: "$.text") }`;

const FAR = 'type Query { far: String other: String }';

export async function startHeldGraph(options: HeldGraphOptions = {}): Promise<HeldGraph> {
  const { engine = 'tributary', sharing = true, coalesce = false } = options;
  const calls: HeldCall[] = [];
  const service = createHttpServer((request, response) => void hold(request, response, calls));
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const serviceUrl = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;

  const folder = mkdtempSync(join(tmpdir(), 'tributary-test-'));
  writeFileSync(join(folder, 'near.graphql'), NEAR(serviceUrl));
  writeFileSync(join(folder, 'far.graphql'), FAR);
  const file = join(folder, 'tributary.yaml');
  const written = {
    engine,
    server: { port: 0, admin: { enabled: false } },
    sharing: { operations: sharing },
    services: { near: { schema: 'near.graphql' }, far: { schema: 'far.graphql', url: `${serviceUrl}/graphql` } },
    upstream: { coalesce },
    log: { level: 'silent' },
  };
  writeFileSync(file, JSON.stringify(written));
  const { settings } = loadSettings({ file, env: {} });
  rmSync(file);
  const server = await createServer({ settings, env: {} });
  const url = await server.listen();

  return {
    url,
    calls,
    forget: () => void calls.splice(0),
    arrived: (count) => expect.poll(() => calls.length, { timeout: 20_000 }).toBe(count),
    async ask(query, { headers = {}, signal, members = {} } = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, ...members }),
        ...(signal === undefined ? {} : { signal }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
    },
    async close() {
      service.closeAllConnections();
      await server.close();
      await new Promise((resolve) => service.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function hold(request: IncomingMessage, response: ServerResponse, calls: HeldCall[]): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const call: HeldCall = {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    body,
    isGone: false,
    answer: (value) => response.setHeader('content-type', 'application/json').end(JSON.stringify(value)),
  };
  response.on('close', () => (call.isGone = !response.writableFinished));
  calls.push(call);
}
