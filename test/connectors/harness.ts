// A REST service on loopback, a small real `callUpstream` over node:http, and a way to query a connectors file.
import { execute, parse, type ExecutionResult, type GraphQLError } from 'graphql';
import { createServer, request as sendRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createConnectorSubgraph,
  type ConnectorContext,
  type ConnectorSettings,
} from '../../gateway/connectors/index.ts';
import { parseJson } from '../../gateway/connectors/mapping/json-text.ts';
import { UpstreamError } from '../../gateway/errors/upstream-error.ts';
import { createDirectExecutor } from '../../gateway/execution/direct/compile-direct.ts';
import type { CallUpstream, UpstreamBody } from '../../gateway/upstream/upstream-call.ts';

export interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** Text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  /** Announces more bytes than are sent, then hangs up. */
  readonly isTruncated?: boolean;
  /** Answers only when this settles. */
  readonly after?: Promise<unknown>;
}

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export class RestServer {
  readonly requests: SeenRequest[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(answer: (request: SeenRequest, url: URL) => Answer | Promise<Answer>): Promise<RestServer> {
    const http = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const { method = '', url = '', headers } = incoming;
        const seen = { method, url, headers, body: Buffer.concat(chunks).toString() };
        server.requests.push(seen);
        void Promise.resolve(answer(seen, new URL(url, 'http://x'))).then(async (reply) => {
          await reply.after;
          const { status = 200, body, isTruncated = false } = reply;
          const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
          const length = isTruncated ? { 'content-length': String(Buffer.byteLength(text) + 10) } : {};
          outgoing.writeHead(status, { 'content-type': 'application/json', ...length, ...reply.headers });
          if (isTruncated) outgoing.write(text, () => outgoing.destroy());
          else outgoing.end(text);
        });
      });
    });
    const server = new RestServer(http);
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What was asked for since the last look, as `GET /path`, in order of text. */
  takeCalls(): string[] {
    return this.requests
      .splice(0)
      .map(({ method, url }) => `${method} ${url}`)
      .sort();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function readBody(contentType: string | undefined, text: string, service: string): UpstreamBody {
  if (text === '') return { kind: 'empty' };
  if (contentType?.startsWith('text/plain')) return { kind: 'text', text };
  if (contentType?.includes('xml')) return { kind: 'xml', text };
  const invalid = () =>
    new UpstreamError('UPSTREAM_INVALID_RESPONSE', { service, retryable: false, dispatched: true, status: 200 });
  if (contentType !== undefined && !contentType.includes('json')) throw invalid();
  try {
    return { kind: 'json', value: parseJson(text) };
  } catch {
    throw invalid();
  }
}

/** One HTTP call, without policies. */
export const callUpstream: CallUpstream = ({ service, method, url, headers, body, context }) =>
  new Promise((resolve, reject) => {
    const unreachable = (cause: Error) =>
      reject(
        context.signal.aborted
          ? cause
          : new UpstreamError('UPSTREAM_UNREACHABLE', { service, retryable: true, dispatched: false, cause }),
      );
    const outgoing = sendRequest(
      url,
      { method, headers: headers as Record<string, string | string[]>, signal: context.signal },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', (cause) =>
          reject(new UpstreamError('UPSTREAM_TRUNCATED', { service, retryable: true, dispatched: true, cause })),
        );
        response.on('end', () => {
          try {
            const text = Buffer.concat(chunks).toString();
            resolve({
              status: response.statusCode!,
              headers: response.headersDistinct as Record<string, string[]>,
              body: readBody(response.headers['content-type'], text, service),
            });
          } catch (error) {
            reject(error);
          }
        });
      },
    );
    outgoing.on('error', unreachable);
    outgoing.end(body);
  });

export interface Asked {
  readonly variables?: Record<string, unknown>;
  readonly signal?: AbortSignal;
  readonly requestHeaders?: Record<string, readonly string[]>;
  readonly operation?: Map<unknown, unknown>;
  readonly identity?: string;
}

/** Whether operations are compiled over the connectors instead of run by graphql-js; `direct.test.ts` asks for it. */
const runsDirectly = (): boolean => process.env['TRIBUTARY_TEST_EXECUTOR'] === 'direct';

/** Operations that were compiled, and those that were left to graphql-js. */
export const [run, left]: [string[], string[]] = [[], []];

/** A connectors file against one service; `{origin}` in the SDL is replaced by its address. */
export function loadSubgraph(sdl: string, origin: string, settings: ConnectorSettings = {}, call = callUpstream) {
  const subgraph = createConnectorSubgraph({
    name: 'shop',
    file: 'shop.graphql',
    sdl: sdl.replaceAll('{origin}', origin),
    settings,
    callUpstream: call,
  });
  const query = async (text: string, asked: Asked = {}): Promise<ExecutionResult> => {
    const reported: GraphQLError[] = [];
    const contextValue: ConnectorContext = {
      reportError: (error) => void reported.push(error),
      call: {
        signal: asked.signal ?? new AbortController().signal,
        deadlineAt: performance.now() + 10_000,
        identity: asked.identity ?? '',
        requestId: 'r1',
      },
      requestHeaders: asked.requestHeaders ?? {},
      entries: {},
      operation: asked.operation ?? new Map(),
    };
    const { schema, table } = subgraph;
    const document = parse(text);
    const variableValues = asked.variables ?? {};
    const runDirect = runsDirectly() ? createDirectExecutor({ schema, table }) : undefined;
    const direct = runDirect?.(document, variableValues, contextValue);
    if (runDirect !== undefined) (direct === undefined ? left : run).push(text);
    const result = await (direct ?? execute({ schema, document, contextValue, variableValues }));
    const errors = [...(result.errors ?? []), ...reported];
    return JSON.parse(JSON.stringify(errors.length === 0 ? result : { ...result, errors })) as ExecutionResult;
  };
  return { ...subgraph, query };
}

/** The head of a connectors file with one source. */
export const head = (version = '0.4', source = ''): string => `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.13", import: ["@key", "@shareable", "@external", "@requires"])
    @link(url: "https://specs.apollo.dev/connect/v${version}", import: ["@source", "@connect"])
    @source(name: "a", http: { baseURL: "{origin}" ${source} })
`;
