/**
 * The composition root: reads the subgraphs, composes, and wires engine, Apollo Server, facade and HTTP together. Wiring
 * only; every decision is made in the folders it calls.
 */
import type { GraphQLSchema } from 'graphql';
import pino, { type Logger } from 'pino';
import type { Settings } from '../config/index.ts';
import { createApolloEngine } from '../execution/apollo-engine.ts';
import { createConnectorTarget } from '../execution/connector-target.ts';
import type { FetchTarget } from '../execution/fetch-target.ts';
import { createRemoteTarget } from '../execution/remote-target.ts';
import { createTributaryEngine, type Engine } from '../execution/tributary-engine.ts';
import { createFacade, type Facade, type FacadeExecute } from '../facade/index.ts';
import type { Subgraph } from '../supergraph/build-subgraphs.ts';
import { loadGraph, type Graph } from '../supergraph/load-graph.ts';
import { readSubgraphs } from '../supergraph/read-subgraphs.ts';
import { discoverServices, type WatchedService } from '../upstream/discovery/discover-services.ts';
import { createUpstream, type CallUpstream, type UpstreamEvent } from '../upstream/index.ts';
import { startAdmin, type Admin } from './admin/start-admin.ts';
import { createObserver } from './admin/observe-upstream.ts';
import { connectorSettingsOf, locateSubgraphs } from './graph-settings.ts';
import { createDrain } from './drain.ts';
import { createApolloServer } from './graphql/create-apollo-server.ts';
import { mountGraphql } from './graphql-endpoint.ts';
import { mountHealth } from './health.ts';
import { createHttpApp } from './http-app.ts';
import { createGraphqlPage, mountPages } from './pages.ts';
import { readDocumentFiles } from './read-document-files.ts';
import { createFacadeExecute, mountRest } from './rest-endpoint.ts';

export interface ServerOptions {
  readonly settings: Settings;
  readonly logger?: Logger;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Hears every call to a service, for counting and logging. */
  readonly onUpstreamEvent?: (event: UpstreamEvent) => void;
}

export interface Server {
  /** http://127.0.0.1:4000, once it listens. */
  readonly url: string;
  /** http://127.0.0.1:4900, once it listens; undefined where there is no admin port. */
  readonly adminUrl: string | undefined;
  readonly supergraphSdl: string;
  readonly facade: Facade | undefined;
  listen(): Promise<string>;
  /** Finishes the requests in flight within the grace time, then closes everything. */
  close(): Promise<void>;
}

/** Throws FaultsError with every fault found in the schemas and documents. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { settings, env = process.env } = options;
  const logger = options.logger ?? pino({ level: settings.log.level }, pino.destination(2));
  const observer = createObserver({
    services: Object.keys(settings.services),
    logger,
    sets: () => discovery.status(),
    instances: () => upstream.describe(),
  });
  const discovery = discoverServices({ services: watchedServices(settings), emit: observer.noteDiscovery });
  const upstream = createUpstream({
    settings: settings.upstream,
    discovery: discovery.sources,
    services: Object.fromEntries(Object.entries(settings.services).map(([name, service]) => [name, service.upstream])),
    emit: (event) => {
      observer.note(event);
      options.onUpstreamEvent?.(event);
    },
  });
  const graph = loadGraph(readSubgraphs(locateSubgraphs(settings)), {
    callUpstream: upstream.call,
    connectorSettings: (subgraph) => connectorSettingsOf(settings, subgraph, env),
  });
  const engine = createEngine(settings.engine, graph, upstream.call, logger);
  const apollo = createApolloServer({
    gateway: engine,
    isIntrospectionOn: settings.server.introspection,
    isCsrfPreventionOn: settings.server.csrf,
    limits: settings.server.limits,
    onFault: (error) => logger.error({ err: error }, 'fault while executing'),
  });
  await apollo.start();

  const drain = createDrain();
  const app = await createHttpApp({
    bodyLimitBytes: settings.server.bodyLimitBytes,
    corsOrigins: settings.server.cors.origins,
    rateLimit: settings.server.rateLimit.enabled ? settings.server.rateLimit : undefined,
    trustProxy: settings.server.trustProxy,
    onError: (error, requestId) => logger.error({ err: error, requestId }, 'fault while answering'),
    drain,
  });
  const { deadlineMs } = settings.server;
  const { basePath } = settings.facade;
  mountHealth(app, drain.isDraining);
  mountGraphql(app, { server: apollo, deadlineMs, sendPage: createGraphqlPage(settings.server.landingPage) });
  const facade = loadFacade(settings, graph.apiSchema, createFacadeExecute(apollo), (error, requestId) =>
    logger.error({ err: error, requestId }, 'fault in the facade'),
  );
  await mountPages(app, {
    landingPage: settings.server.landingPage,
    storefront: settings.server.web,
    restBasePath: facade === undefined ? undefined : basePath,
  });
  if (facade !== undefined) mountRest(app, { facade, basePath, deadlineMs });

  let url = '';
  let admin: Admin | undefined;
  return {
    get url() {
      return url;
    },
    get adminUrl() {
      return admin?.url;
    },
    supergraphSdl: graph.supergraphSdl,
    facade,
    async listen() {
      url = await app.listen({ host: settings.server.host, port: settings.server.port });
      admin = await startAdmin(settings.server.admin, { ...observer, logger });
      return url;
    },
    async close() {
      await drain.begin();
      const timer = setTimeout(() => app.server.closeAllConnections(), settings.server.shutdown.graceMs);
      await app.close();
      clearTimeout(timer);
      await admin?.close();
      await apollo.stop();
      await upstream.close();
      await discovery.close();
    },
  };
}

function createEngine(kind: Settings['engine'], graph: Graph, callUpstream: CallUpstream, logger: Logger): Engine {
  const { supergraphSdl, subgraphs } = graph;
  const targets = new Map(subgraphs.map((subgraph) => [subgraph.name, targetOf(subgraph, callUpstream)]));
  switch (kind) {
    case 'apollo':
      return createApolloEngine({ supergraphSdl, targets, logger: quietLogger(logger) });
    case 'tributary':
      return createTributaryEngine({ supergraphSdl, targets });
  }
}

function targetOf(subgraph: Subgraph, callUpstream: CallUpstream): FetchTarget {
  switch (subgraph.kind) {
    case 'connectors':
      return createConnectorTarget(subgraph.connectors);
    case 'remote':
      return createRemoteTarget({ name: subgraph.name, url: subgraph.url, callUpstream });
  }
}

const watchedServices = ({ services }: Settings): WatchedService[] =>
  Object.entries(services).flatMap(([service, { discovery, upstream }]) =>
    discovery === undefined ? [] : [{ service, discovery, keep: upstream.discovery }],
  );

function loadFacade(
  settings: Settings,
  schema: GraphQLSchema,
  execute: FacadeExecute,
  onFault: (error: unknown, requestId: string) => void,
): Facade | undefined {
  const { operations, basePath, title, version, publicUrl, negativeTtlMs } = settings.facade;
  if (operations === undefined) return undefined;
  const { versioning, levels, validationStatus } = settings.facade;
  return createFacade({
    documents: readDocumentFiles(operations),
    schema,
    execute,
    onFault,
    basePath,
    info: { title: title ?? 'REST', version: version ?? '1.0.0' },
    settings: {
      versioning,
      levels,
      validationStatus,
      negativeTtl: Math.floor(negativeTtlMs / 1000),
      ...(publicUrl === undefined ? {} : { publicUrl }),
    },
  });
}

/** @apollo/gateway says at info what is normal; warnings and errors are passed on. */
const quietLogger = (logger: Logger) => ({
  debug: () => {},
  info: () => {},
  warn: (message?: unknown) => logger.warn(String(message)),
  error: (message?: unknown) => logger.error(String(message)),
});
