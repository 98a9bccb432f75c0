/**
 * The whole bookshop for tests: five services with data of their own, the gateway, the facade and the pages, on free ports,
 * in one process. Calls to services are counted; a service can be stopped and started again at its address.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, loadSettings, type Server } from 'tributary-gateway';
import type { Service } from '../subgraphs/chassis/create-service.ts';
import { prepareTemplate } from '../subgraphs/chassis/pglite-database.ts';
import { createBookshopService, serviceNames, type ServiceName } from '../subgraphs/start-bookshop.ts';

export type { ServiceName };

export interface TestShop {
  readonly url: string;
  readonly serviceUrls: Readonly<Record<ServiceName, string>>;
  readonly server: Server;
  /** Attempts that reached for a service since the last reset, as "GET catalog /v2/books?..." */
  readonly calls: string[];
  resetCalls(): void;
  countCalls(): Partial<Record<ServiceName, number>>;
  graphql<Data = any>(query: string, variables?: Record<string, unknown>): Promise<GraphqlAnswer<Data>>;
  stopService(name: ServiceName): Promise<void>;
  startService(name: ServiceName): Promise<void>;
  close(): Promise<void>;
}

export interface GraphqlAnswer<Data> {
  readonly status: number;
  readonly data: Data;
  readonly errors: { message: string; path?: (string | number)[]; extensions: Record<string, any> }[] | undefined;
}

export interface StartTestShopOptions {
  /** Environment of the settings file, for example TRIBUTARY_UPSTREAM__DEADLINE__CALL. */
  readonly env?: Record<string, string>;
  /** Answers that the contracts do not describe become faults; on by default. */
  readonly isCheckingAnswers?: boolean;
}

export async function startTestShop(options: StartTestShopOptions = {}): Promise<TestShop> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-test-'));
  const services = new Map<ServiceName, Service>();
  const urls: Partial<Record<ServiceName, string>> = {};

  const startService = async (name: ServiceName): Promise<void> => {
    const service = await createBookshopService(name, {
      storage: { kind: 'folder', folder: join(folder, name) },
      isSeeded: true,
      catalogUrl: urls.catalog ?? '',
      inventoryUrl: urls.inventory ?? '',
      isCheckingAnswers: options.isCheckingAnswers ?? true,
      onError: (error, requestId) => console.error(`[${name}] ${requestId}`, error),
    });
    services.set(name, service);
    const known = urls[name];
    urls[name] = await service.listen({ port: known === undefined ? 0 : Number(new URL(known).port) });
  };
  const stopService = async (name: ServiceName): Promise<void> => {
    await services.get(name)?.close();
    services.delete(name);
  };

  await prepareTemplate();
  for (const name of serviceNames) await startService(name);

  const calls: string[] = [];
  const addresses = Object.entries(urls).map(([name, url]) => [`${name.toUpperCase()}_URL`, url]);
  const env = {
    ...Object.fromEntries(addresses),
    TRIBUTARY_SERVER__PORT: '0',
    TRIBUTARY_SERVER__ADMIN__PORT: '0',
    TRIBUTARY_LOG__LEVEL: 'fatal',
    // What clients see is tested once more with the other engine (test/federation/apollo-engine.test.ts).
    ...(process.env['TRIBUTARY_ENGINE'] === undefined ? {} : { TRIBUTARY_ENGINE: process.env['TRIBUTARY_ENGINE'] }),
    ...options.env,
  };
  const { settings } = loadSettings({ file: 'tributary.yaml', env });
  const server = await createServer({
    settings,
    env,
    onUpstreamEvent: (event) => {
      if (event.kind !== 'attempt-started') return;
      const { pathname, search } = new URL(event.url);
      calls.push(`${event.method} ${event.service} ${pathname}${search}`);
    },
  });
  const url = await server.listen();

  return {
    url,
    serviceUrls: urls as Record<ServiceName, string>,
    server,
    calls,
    resetCalls: () => void (calls.length = 0),
    countCalls() {
      const counts: Partial<Record<ServiceName, number>> = {};
      for (const call of calls) {
        const name = call.split(' ')[1] as ServiceName;
        counts[name] = (counts[name] ?? 0) + 1;
      }
      return counts;
    },
    async graphql(query, variables = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      const answer = (await response.json()) as { data: any; errors?: any };
      return { status: response.status, data: answer.data, errors: answer.errors };
    },
    stopService,
    startService,
    async close() {
      await server.close();
      for (const name of [...services.keys()]) await stopService(name);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
