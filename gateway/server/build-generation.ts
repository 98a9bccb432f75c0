/**
 * One generation: a graph with everything that answers over it, engine, Apollo Server, facade. Built beside the one that
 * serves, in slices, and used by no request before it is complete and warm.
 */
import { createHash } from 'node:crypto';
import {
  buildASTSchema,
  Kind,
  parse,
  print,
  validate,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Logger } from 'pino';
import type { Settings } from '../config/index.ts';
import { createApolloEngine } from '../execution/apollo-engine.ts';
import { createConnectorTarget } from '../execution/connector-target.ts';
import type { FetchTarget } from '../execution/fetch-target.ts';
import { createRemoteTarget } from '../execution/remote-target.ts';
import {
  createTributaryEngine,
  type Engine,
  type KnownOperation,
  type TributaryEngine,
} from '../execution/tributary-engine.ts';
import { createQueryPlanner } from '../planning/apollo-query-planner.ts';
import { warmUpPlanner } from '../planning/warm-up-planner.ts';
import {
  buildFacade,
  createOperationCaching,
  type ClientHeaders,
  type Facade,
  type FacadeExecute,
  type FacadeOptions,
} from '../facade/index.ts';
import type { OperationPlanner } from '../planning/query-planner.ts';
import { buildSubgraphsInSteps, type Subgraph } from '../supergraph/build-subgraphs.ts';
import { loadGraph, type Graph } from '../supergraph/load-graph.ts';
import { readGraphFacts } from '../supergraph/read-graph-facts.ts';
import type { CallUpstream } from '../upstream/index.ts';
import { cacheAnswers } from './graphql/cache-answers.ts';
import { createAdmission } from './graphql/admit-request.ts';
import { createApolloServer } from './graphql/create-apollo-server.ts';
import { createSharing } from './graphql/create-sharing.ts';
import { createDebugData } from './graphql/debug-data.ts';
import { createOperationKey } from './graphql/operation-key.ts';
import type { createPersistedTexts } from './graphql/persisted-texts.ts';
import { createTrustedDocuments, readManifest, type TrustedDocuments } from './graphql/trusted-documents.ts';
import type { GraphqlDoor } from './graphql-endpoint.ts';
import type { GenerationInputs } from './read-graph-inputs.ts';
import type { GraphInputs } from './reload/graph-thread-messages.ts';
import type { GraphThread } from './reload/graph-thread.ts';
import { breathe, runInSlices } from './reload/run-in-slices.ts';
import { facadeOptions } from './facade-options.ts';
import { createFacadeExecute } from './rest-endpoint.ts';
import { sendWebhook } from './send-webhook.ts';
import type { GenerationTracing } from './telemetry/gateway-tracing.ts';

export interface Generation {
  readonly inputs: GenerationInputs;
  readonly graph: Graph;
  readonly graphql: GraphqlDoor;
  readonly facade: Facade | undefined;
  /** Operations that clients use, the one used last first; none where the engine does not tell. */
  readonly recentOperations: () => readonly KnownOperation[];
  readonly close: () => Promise<void>;
}

/** What the REST side has from one graph to the next. */
export type FacadeParts = Required<
  Pick<FacadeOptions, 'validators' | 'idempotencyStore' | 'operationStore' | 'onRouteUsed' | 'stopping'>
>;

export interface BuildGenerationOptions {
  readonly inputs: GenerationInputs;
  readonly graph: Graph;
  /** Where operations are planned; here, when it is left out. */
  readonly thread?: GraphThread;
  readonly callUpstream: CallUpstream;
  readonly facade: FacadeParts;
  /** Undefined where persisted queries are off. */
  readonly persistedTexts: ReturnType<typeof createPersistedTexts> | undefined;
  /** Switch off routes that do not fit instead of throwing. */
  readonly canDisableRoutes: boolean;
  readonly logger: Logger;
  /** Undefined where no spans are made. */
  readonly tracing: GenerationTracing | undefined;
  /** Prepared before the first request, where they are valid. */
  readonly operations: readonly KnownOperation[];
}

/** The graph, composed in this thread. Throws FaultsError. */
export const composeHere = ({ sources, connectorSettings }: GraphInputs, callUpstream: CallUpstream): Graph =>
  loadGraph(sources, { callUpstream, connectorSettings: (name) => connectorSettings[name] ?? {} });

/** The graph that a thread has composed, with what cannot come from there; subgraphs that did not change are taken over. */
export async function assembleGraph(
  { sources, connectorSettings }: GraphInputs,
  { composed }: GraphThread,
  before: Generation,
  callUpstream: CallUpstream,
): Promise<Graph> {
  const subgraphs: Subgraph[] = [];
  const old = before.inputs.graph;
  for (const source of sources) {
    const { name } = source;
    const keyOf = (inputs: GraphInputs) =>
      JSON.stringify([inputs.sources.find((one) => one.name === name), inputs.connectorSettings[name]]);
    const known = before.graph.subgraphs.find((subgraph) => subgraph.name === name);
    if (known !== undefined && keyOf(old) === keyOf({ sources, connectorSettings })) {
      subgraphs.push(known);
      continue;
    }
    await breathe();
    const options = { callUpstream, connectorSettings: () => connectorSettings[name] ?? {} };
    subgraphs.push(...(await runInSlices(buildSubgraphsInSteps([source], options))));
  }
  const { supergraphSdl, apiSdl, hints } = composed;
  return { subgraphs, supergraphSdl, hints, apiSchema: await schemaOf(apiSdl) };
}

/** Both steps of reading a schema take milliseconds for a large one. It was checked where it was printed. */
async function schemaOf(sdl: string): Promise<GraphQLSchema> {
  await breathe();
  const document = parse(sdl, { noLocation: true });
  await breathe();
  return buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
}

/** Throws FaultsError with what is wrong with the operation documents. */
export async function buildGeneration(options: BuildGenerationOptions): Promise<Generation> {
  const { inputs, graph, thread, persistedTexts, logger } = options;
  const { settings } = inputs;
  await breathe();
  const engine = await createEngine(options);
  const facts = { graph: readGraphFacts(graph.subgraphs), clientHeaders: clientHeadersOf(graph) };
  const debugData = createDebugData({
    graph,
    hasConnectors: settings.connectors.debugExtensions,
    hasQueryPlan: settings.debug.queryPlan,
    redact: settings.debug.redact,
  });
  await breathe();
  const apollo = createApolloServer({
    gateway: engine,
    isIntrospectionOn: settings.server.introspection,
    isCsrfPreventionOn: settings.server.csrf,
    limits: settings.server.limits,
    ...(persistedTexts === undefined ? {} : { persistedTexts }),
    onFault: (error) => logger.error({ err: error }, 'fault while executing'),
    plugins: [
      debugData.plugin,
      cacheAnswers(() => describeCaching),
      ...(options.tracing === undefined ? [] : [options.tracing.plugin]),
    ],
  });
  await apollo.start();
  await breathe();
  const sharing = createSharing(settings.sharing);
  const facade = await loadFacade(options, facts, createFacadeExecute(apollo, sharing.noteWrite));
  const describeCaching = createOperationCaching({
    schema: graph.apiSchema,
    ...facts,
    keyOf: (type) => facade?.keyOf(type) ?? [],
    settings: facadeOptions(settings).settings ?? {},
  });
  if (engine.prepare !== undefined)
    await warm(engine.prepare, [...operationsOf(facade), ...options.operations], graph.apiSchema);
  return {
    inputs,
    graph,
    facade,
    graphql: {
      server: apollo,
      deadlineMs: settings.server.deadlineMs,
      statuses: settings.server.graphqlStatus,
      admit: createAdmission({
        limits: settings.server.limits,
        trusted: loadTrusted(settings.server.trustedDocuments, logger),
      }),
      sharing,
      isKeeping: settings.sharing.cache.enabled,
      readKey:
        settings.sharing.operations || settings.sharing.cache.enabled
          ? createOperationKey(facts.clientHeaders.names, facts.clientHeaders.isSentOn)
          : undefined,
      startDebugLog: (headers) => debugData.startLog(headers),
    },
    recentOperations: () => engine.recentOperations?.() ?? [],
    async close() {
      await apollo.stop();
      await thread?.close();
    },
  };
}

/** The engine of Apollo keeps its operations to itself. */
type AnyEngine = Engine & Partial<Pick<TributaryEngine, 'prepare' | 'recentOperations' | 'stringify'>>;

async function createEngine(options: BuildGenerationOptions): Promise<AnyEngine> {
  const { inputs, graph, callUpstream, tracing, logger } = options;
  const { supergraphSdl, subgraphs } = graph;
  const targets = new Map(
    subgraphs.map((subgraph) => {
      const target = targetOf(inputs.settings.engine, subgraph, callUpstream);
      return [subgraph.name, tracing?.target(subgraph, target) ?? target];
    }),
  );
  switch (inputs.settings.engine) {
    case 'apollo':
      return createApolloEngine({ supergraphSdl, targets, logger: quietLogger(logger) });
    case 'tributary': {
      const plans = tracing?.plans();
      const planner = await createPlanner(options);
      const engine = createTributaryEngine({ supergraphSdl, targets, planner: plans?.planner(planner) ?? planner });
      return plans?.engine(engine) ?? engine;
    }
  }
}

async function createPlanner({ inputs, graph, thread }: BuildGenerationOptions): Promise<OperationPlanner> {
  if (thread === undefined) {
    const { pathsLimit } = inputs.graph;
    const planner = createQueryPlanner(graph.supergraphSdl, pathsLimit === undefined ? {} : { pathsLimit });
    warmUpPlanner(planner);
    return planner;
  }
  return {
    apiSchema: graph.apiSchema,
    fullSchema: await schemaOf(graph.supergraphSdl),
    planDocument: (document, name) => thread.planDocument(document, name),
  };
}

function targetOf(engine: Settings['engine'], subgraph: Subgraph, callUpstream: CallUpstream): FetchTarget {
  switch (subgraph.kind) {
    case 'connectors':
      // The reference engine leaves every part to the libraries
      return createConnectorTarget({ ...subgraph.connectors, ...(engine === 'apollo' ? { table: undefined } : {}) });
    case 'remote':
      return createRemoteTarget({ name: subgraph.name, url: subgraph.url, callUpstream });
  }
}

const loadTrusted = ({ mode, manifest }: Settings['server']['trustedDocuments'], logger: Logger): TrustedDocuments =>
  createTrustedDocuments({
    mode,
    documents: manifest === undefined ? new Map() : readManifest(manifest),
    onUnknown: (hash) => logger.warn({ hash }, 'a query is not in the list of trusted documents'),
  });

/** A remote subgraph gets none. */
function clientHeadersOf({ subgraphs }: Graph): ClientHeaders {
  const all = subgraphs.flatMap((subgraph) => (subgraph.kind === 'connectors' ? [subgraph.connectors] : []));
  return {
    names: all.flatMap(({ clientHeaders }) => clientHeaders),
    isSentOn: (name) => all.some(({ isSentOn }) => isSentOn(name)),
  };
}

/** What the routes run, as Apollo Server will know it. */
function operationsOf(facade: Facade | undefined): KnownOperation[] {
  return (facade?.operations ?? []).flatMap(({ document }) => {
    const queryHash = createHash('sha256').update(print(document)).digest('hex');
    const operation = document.definitions.find(
      (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
    );
    return operation === undefined ? [] : [{ queryHash, document, operation }];
  });
}

/** As many as are planned before a swap; the rest is planned when it is asked for. */
const MOST_WARMED = 200;

/** What cannot be prepared is no hindrance: whoever asks for it gets the error. */
async function warm(
  prepare: TributaryEngine['prepare'],
  operations: readonly KnownOperation[],
  schema: GraphQLSchema,
): Promise<void> {
  for (const known of operations.slice(0, MOST_WARMED)) {
    await breathe();
    if (validate(schema, known.document).length > 0) continue;
    await prepare(known).catch(() => {});
  }
}

async function loadFacade(
  options: BuildGenerationOptions,
  facts: Pick<FacadeOptions, 'graph' | 'clientHeaders'>,
  execute: FacadeExecute,
): Promise<Facade | undefined> {
  const { inputs, graph, facade, canDisableRoutes, logger } = options;
  const { documents, settings } = inputs;
  if (documents === undefined) return undefined;
  return runInSlices(
    buildFacade({
      documents,
      schema: graph.apiSchema,
      ...facts,
      execute,
      onFault: (error, requestId) => logger.error({ err: error, requestId }, 'fault in the facade'),
      canDisableRoutes,
      ...facade,
      ...webhooksOf(settings),
      ...facadeOptions(settings),
    }),
  );
}

const webhooksOf = ({ facade }: Settings): Pick<FacadeOptions, 'webhooks'> => {
  const { origins, secret } = facade.async.webhooks;
  return secret === undefined || origins.length === 0 ? {} : { webhooks: { origins, secret, send: sendWebhook } };
};

/** @apollo/gateway says at info what is normal; warnings and errors are passed on. */
const quietLogger = (logger: Logger) => ({
  debug: () => {},
  info: () => {},
  warn: (message?: unknown) => logger.warn(String(message)),
  error: (message?: unknown) => logger.error(String(message)),
});
