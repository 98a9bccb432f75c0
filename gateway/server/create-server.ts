/**
 * The composition root: reads the subgraphs, composes, and wires engine, Apollo Server, facade and HTTP together. Wiring
 * only; every decision is made in the folders it calls.
 */
import { dirname, join } from 'node:path';
import pino, { type Logger } from 'pino';
import type { Dispatcher } from 'undici';
import type { LoadedSettings, Settings } from '../config/index.ts';
import type { Fault } from '../errors/fault.ts';
import { createValidators, type Facade, type RouteUse } from '../facade/index.ts';
import { discoverServices, type WatchedService } from '../upstream/discovery/discover-services.ts';
import { createUpstream, type UpstreamEvent, type UpstreamServices } from '../upstream/index.ts';
import { startAdmin, type Admin } from './admin/start-admin.ts';
import { createObserver } from './admin/observe-upstream.ts';
import { createBackgroundWork } from './background-work.ts';
import { buildGeneration, composeHere, type Generation } from './build-generation.ts';
import { createCallLog } from './compare/call-log.ts';
import { mountCompare } from './compare/mount-compare.ts';
import { readUseCases } from './compare/read-use-cases.ts';
import { collectWarnings } from './collect-warnings.ts';
import { createDrain } from './drain.ts';
import { createPersistedTexts } from './graphql/persisted-texts.ts';
import { createShortWay } from './graphql/short-way.ts';
import { answerGraphql, mountGraphql } from './graphql-endpoint.ts';
import { mountHealth } from './health.ts';
import { upstreamVariantsOf } from './graph-settings.ts';
import { createContentCoding } from './http/content-coding.ts';
import { createHttpApp } from './http-app.ts';
import { createGraphqlPage, mountPages } from './pages.ts';
import { createLoadGuard } from './overload/load-guard.ts';
import { loadMetrics } from './overload/load-metrics.ts';
import { watchLoopDelay } from './overload/watch-loop-delay.ts';
import { readGraphInputs } from './read-graph-inputs.ts';
import { createReloader } from './reload/create-reloader.ts';
import { reloadGeneration } from './reload/reload-generation.ts';
import { createReloadHistory, type ReloadOutcome } from './reload/reload-history.ts';
import { watchFiles } from './reload/watch-files.ts';
import { mountRest } from './rest-endpoint.ts';
import { createServing } from './serving.ts';
import { openStorage } from './storage/open-storage.ts';
import { surviveRejections } from './survive-rejections.ts';
import { createGatewayTracing } from './telemetry/gateway-tracing.ts';
import { openTracing } from './telemetry/open-tracing.ts';
import { createClientCounter } from './versions/count-clients.ts';
import { nameClient } from './versions/name-client.ts';
import { reportVersions } from './versions/report-versions.ts';

export interface ServerOptions {
  readonly settings: Settings;
  readonly logger?: Logger;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Hears every call to a service, for counting and logging. */
  readonly onUpstreamEvent?: (event: UpstreamEvent) => void;
  /** Takes the place of the connections to services: for tests, and for a comparison in which a service fails. */
  readonly dispatcher?: Dispatcher;
  /** Where the settings come from, for reloads; left out, what was started with stays. */
  readonly source?: SettingsSource;
}

export interface SettingsSource {
  /** Absolute path. */
  readonly file: string;
  /** Reads them again. Throws FaultsError. */
  readonly load: () => Pick<LoadedSettings, 'settings' | 'env'>;
}

export interface Server {
  /** http://127.0.0.1:4000, once it listens. */
  readonly url: string;
  /** http://127.0.0.1:4900, once it listens; undefined where there is no admin port. */
  readonly adminUrl: string | undefined;
  /** Of the graph that is served now. */
  readonly supergraphSdl: string;
  readonly facade: Facade | undefined;
  /** For the operator, once, at the start. */
  readonly warnings: readonly Fault[];
  listen(): Promise<string>;
  /** Takes over what has changed in the files. A broken change is refused: what was served before is served on. */
  reload(): Promise<ReloadOutcome>;
  /** Finishes the requests in flight within the grace time, then closes everything. */
  close(): Promise<void>;
}

/** While files change all the time, they are read this often. */
const LONGEST_QUIET_MS = 2_000;

/** Throws FaultsError with every fault found in the schemas and documents. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { settings, env = process.env, source } = options;
  const logger = options.logger ?? pino({ level: settings.log.level }, pino.destination(2));
  const observer = createObserver({
    services: Object.keys(settings.services),
    logger,
    sets: () => discovery.status(),
    upstream: () => upstream,
  });
  const callLog = settings.compare.cases === undefined ? undefined : createCallLog('compare-');
  const discovery = discoverServices({ services: watchedServices(settings), emit: observer.noteDiscovery });
  const opened = await openTracing(settings, logger);
  const tracing = opened && createGatewayTracing(opened);
  const upstream = createUpstream({
    ...upstreamServices(settings),
    discovery: discovery.sources,
    keepsAnswers: settings.sharing.answers,
    ...(options.dispatcher === undefined ? {} : { dispatcher: options.dispatcher }),
    ...(tracing === undefined ? {} : { around: tracing.calls }),
    emit: (event) => {
      observer.note(event);
      tracing?.calls.note(event);
      callLog?.note(event);
      options.onUpstreamEvent?.(event);
    },
  });
  const inputs = readGraphInputs(settings, env);
  const { persistedQueries } = settings.server;
  const storage = openStorage(settings.facade.idempotencyStore);
  const background = createBackgroundWork();
  const clients = createClientCounter();
  const since = new Date();
  let applied = settings;
  // What outlives a change of the graph.
  const building = {
    callUpstream: upstream.call,
    facade: {
      validators: createValidators(),
      idempotencyStore: storage.keys,
      operationStore: storage.operations,
      stopping: background.stopping,
      onRouteUsed({ version, status, headers }: RouteUse) {
        const client = nameClient(headers, applied.facade.lifecycle.clientHeader);
        clients.note({ version, client, isGone: status === 410 });
      },
    },
    persistedTexts: persistedQueries.enabled ? createPersistedTexts(persistedQueries.bytes) : undefined,
    logger,
    tracing: tracing?.generation,
  };
  const graph = composeHere(inputs.graph, upstream.call);
  const first = await buildGeneration({ ...building, inputs, graph, canDisableRoutes: false, operations: [] });
  const serving = createServing<Generation>(first, (generation) => generation.close());

  const guard = createLoadGuard({
    settings: () => applied.server.overload,
    onChange(isShedding, delayMs) {
      if (isShedding) logger.warn({ delayMs }, 'overloaded: requests are refused');
      else logger.info('not overloaded any more');
    },
  });
  const requestGuard = {
    enter: guard.enter,
    retryAfterSeconds: () => Math.ceil(applied.server.overload.retryAfterMs / 1000),
  };
  const stopWatchingDelay = watchLoopDelay(guard.sample);
  const drain = createDrain();
  const { bodyLimitBytes } = settings.server;
  const onError = (error: unknown, requestId: string) =>
    logger.error({ err: error, requestId }, 'fault while answering');
  const encode = createContentCoding(settings.server.compression);
  const graphql = { enter: () => serving.enter(), guard: requestGuard, encode };
  const app = await createHttpApp({
    bodyLimitBytes,
    corsOrigins: settings.server.cors.origins,
    rateLimit: settings.server.rateLimit.enabled ? settings.server.rateLimit : undefined,
    trustProxy: settings.server.trustProxy,
    onError,
    drain,
    encode,
    // Spans of requests come from a hook of Fastify, which the short way does without.
    ...(tracing === undefined
      ? {
          shortWay: createShortWay({
            answer: (asked) => answerGraphql(graphql, asked),
            bodyLimitBytes,
            drain,
            onError,
          }),
        }
      : {}),
  });
  const { basePath } = settings.facade;
  tracing?.mount(app, { basePath, facade: () => serving.current.facade });
  mountHealth(app, {
    isDraining: drain.isDraining,
    readiness: settings.server.readiness,
    sets: () => upstream.knownInstances(),
  });
  mountGraphql(app, { ...graphql, sendPage: createGraphqlPage(settings.server.landingPage) });
  await mountPages(app, {
    landingPage: settings.server.landingPage,
    storefront: settings.server.web,
    restBasePath: first.facade === undefined ? undefined : basePath,
    hasComparison: callLog !== undefined,
    compression: settings.server.compression,
  });
  if (callLog !== undefined && settings.compare.cases !== undefined) {
    const cases = readUseCases([settings.compare.cases]);
    mountCompare(app, { cases, log: callLog, restPath: basePath, levels: settings.facade.levels });
  }
  if (first.facade !== undefined)
    mountRest(app, { basePath, guard: requestGuard, background, enter: () => serving.enter() });

  const history = createReloadHistory({ logger });
  const watcher = watchFiles(() => reloader.note());
  const watchAgain = () => {
    if (source !== undefined && applied.reload.watch) watcher.update(watchedFiles(source.file, applied));
  };
  const reloader = createReloader({
    quietMs: settings.reload.quietMs,
    maxMs: LONGEST_QUIET_MS,
    async run() {
      if (source === undefined) return { state: 'unchanged', restartNeeded: [] } satisfies ReloadOutcome;
      const outcome = await reloadGeneration({
        ...building,
        load: source.load,
        started: settings,
        current: () => serving.current,
        applied: () => applied,
        apply(wanted, next) {
          applied = wanted;
          discovery.update(watchedServices(wanted));
          upstream.reconfigure({ ...upstreamServices(wanted), discovery: discovery.sources });
          if (options.logger === undefined) logger.level = wanted.log.level;
          if (next !== undefined) serving.swap(next);
          watchAgain();
        },
      });
      history.note(outcome, disabledRoutes());
      return outcome;
    },
  });
  const disabledRoutes = () => serving.current.facade?.disabled ?? [];

  let url = '';
  let admin: Admin | undefined;
  let stopSurviving = () => {};
  return {
    get url() {
      return url;
    },
    get adminUrl() {
      return admin?.url;
    },
    get supergraphSdl() {
      return serving.current.graph.supergraphSdl;
    },
    get facade() {
      return serving.current.facade;
    },
    warnings: collectWarnings(graph, settings),
    reload: () => reloader.reload(),
    async listen() {
      stopSurviving = surviveRejections((error) => logger.error({ err: error }, 'fault after an answer'));
      url = await app.listen({ host: settings.server.host, port: settings.server.port });
      admin = await startAdmin(settings.server.admin, {
        ...observer,
        metrics: () => [
          ...observer.metrics(),
          ...history.metrics(disabledRoutes().length),
          ...loadMetrics(guard.state),
          ...clients.metrics(),
        ],
        graph: {
          versions: () => reportVersions(serving.current.facade, clients, since),
          report: () => describeGraph(serving.current, history.last, reloader.isRunning),
          reload: source && (() => reloader.reload()),
        },
        logger,
      });
      watchAgain();
      return url;
    },
    async close() {
      watcher.close();
      stopWatchingDelay();
      await drain.begin();
      const timer = setTimeout(() => app.server.closeAllConnections(), applied.server.shutdown.graceMs);
      const closed = app.close();
      await background.close(applied.server.shutdown.graceMs);
      await closed;
      clearTimeout(timer);
      await admin?.close();
      await reloader.close();
      await serving.close();
      await storage.close();
      stopSurviving();
      await upstream.close();
      await discovery.close();
      await tracing?.close();
    },
  };
}

/** For `/admin/graph`. */
const describeGraph = ({ graph, facade }: Generation, lastReload: object | undefined, isReloading: boolean) => ({
  subgraphs: graph.subgraphs.map(({ name, kind, file }) => ({ name, kind, file })),
  hints: graph.hints,
  routes: facade?.routes.length ?? 0,
  disabledRoutes: facade?.disabled ?? [],
  isReloading,
  lastReload: lastReload ?? null,
});

const upstreamServices = (settings: Settings): UpstreamServices => ({
  settings: settings.upstream,
  services: Object.fromEntries(Object.entries(settings.services).map(([name, service]) => [name, service.upstream])),
  variants: upstreamVariantsOf(settings),
});

const watchedServices = ({ services }: Settings): WatchedService[] =>
  Object.entries(services).flatMap(([service, { discovery, upstream }]) =>
    discovery === undefined ? [] : [{ service, discovery, keep: upstream.discovery }],
  );

const watchedFiles = (file: string, { services, facade, server }: Settings) => ({
  files: [
    file,
    join(dirname(file), '.env'),
    ...Object.values(services).map(({ schema }) => schema),
    ...(server.trustedDocuments.manifest === undefined ? [] : [server.trustedDocuments.manifest]),
  ],
  folder: facade.operations,
});
