/**
 * From one SDL file to an executable subgraph: read, check, lower, wire resolvers (connectors.md 11.6). Wiring only; the
 * decisions are in spec/, validation/ and runtime/.
 */
import { errorCauses } from '@apollo/federation-internals';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLError, print, type DocumentNode, type GraphQLSchema } from 'graphql';
import { FaultsError, sortFaults, type Fault } from '../errors/fault.ts';
import type { CallUpstream } from '../upstream/upstream-call.ts';
import { secretTexts } from './debug/secret-texts.ts';
import { clientHeadersOf } from './runtime/client-headers.ts';
import { baseUrlOf, staticsOf } from './runtime/base-url.ts';
import type { ConnectorSettings } from './runtime/connector-context.ts';
import { ConnectorRunner } from './runtime/connector-runner.ts';
import { describeCalls, nameCalls } from './runtime/describe-calls.ts';
import { describeConnector, type ConnectorDetail } from './runtime/describe-connector.ts';
import { buildFieldTable, type FieldTable } from './runtime/field-table.ts';
import { sendsOnByPattern } from './runtime/header-rules.ts';
import { lowerDocument } from './runtime/lower.ts';
import { buildResolvers } from './runtime/resolvers.ts';
import { prepareUntypedCheck } from './runtime/untyped-values.ts';
import { locateIn, type Locate } from './runtime/strict.ts';
import { buildConnectors } from './spec/build-connectors.ts';
import type { Connector } from './spec/connector.ts';
import type { DeclaredSubgraph } from './spec/declared-subgraph.ts';
import { FaultSink } from './spec/fault-sink.ts';
import { readSubgraph } from './spec/read-subgraph.ts';
import { SdlSource } from './spec/sdl-source.ts';
import { createTrial, type ConnectorTrial } from './trial/connector-trial.ts';
import { rules } from './validation/index.ts';

export interface ConnectorSubgraphOptions {
  readonly name: string;
  /** For places in messages. */
  readonly file: string;
  readonly sdl: string;
  readonly settings: ConnectorSettings;
  readonly callUpstream: CallUpstream;
}

export interface ConnectorSubgraph {
  readonly name: string;
  /** Plain federation SDL, without connector directives; goes to composition. */
  readonly sdl: string;
  /** The same as a document, with the places of the file it came from. */
  readonly typeDefs: DocumentNode;
  /** Executable; its `contextValue` is a ConnectorContext. */
  readonly schema: GraphQLSchema;
  /** The fields themselves, for those who execute without graphql-js. */
  readonly table: FieldTable;
  /** `catalog:Query.book[0]`, in the order of the file. */
  readonly coordinates: readonly string[];
  readonly warnings: readonly Fault[];
  /** Headers of the client that can change an answer; names in lower case. */
  readonly clientHeaders: readonly string[];
  /** Further ones that settings send on by pattern. */
  readonly isSentOn: (clientHeader: string) => boolean;
  /** `GET /v2/books/{$args.id}` of the connectors that answer a field (`Type.field`) or an entity (`Type`). */
  describeCalls(coordinate: string): readonly string[];
  /** The same as a query plan names them: `catalog.api http: GET /v2/books/{$args.id}`. */
  nameCalls(coordinate: string): readonly string[];
  /** Each connector, as spans name it. */
  describeConnectors(): readonly ConnectorDetail[];
  /** What debug data must not show: the texts behind `$config` and `$env`. */
  readonly secrets: readonly string[];
  /** Each connector, to be run alone; in the order of the file. */
  readonly trials: readonly ConnectorTrial[];
}

/** Throws FaultsError with every error found. */
export function createConnectorSubgraph(options: ConnectorSubgraphOptions): ConnectorSubgraph {
  const steps = buildConnectorSubgraph(options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same in steps of a few milliseconds, for a process that answers requests meanwhile. */
export function* buildConnectorSubgraph(options: ConnectorSubgraphOptions): Generator<void, ConnectorSubgraph> {
  const { name, file, sdl, settings } = options;
  const faults = new FaultSink(new SdlSource(file, sdl));
  const subgraph = readSubgraph(name, faults, settings);
  const fail = (found: readonly Fault[]): never => {
    throw new FaultsError(sortFaults(found), new Map([[file, sdl]]));
  };
  if (!subgraph) return fail(faults.faults);
  for (const rule of rules) {
    yield;
    rule(subgraph, faults, settings);
  }
  if (faults.hasErrors) return fail(faults.faults);

  yield;
  const connectors = buildConnectors(subgraph, {
    skipNullKeys: settings.skipNullKeys ?? true,
    strict: settings.strict ?? 'none',
    sources: settings.sources ?? {},
    headerRules: settings.headerRules ?? { all: [], sources: {} },
  });
  yield;
  const runners = createRunners(subgraph, connectors, locateIn(faults.source), options);
  const typeDefs = lowerDocument(subgraph, connectors);
  const table = buildFieldTable(subgraph, runners);
  yield;
  try {
    const schema = buildSubgraphSchema({ typeDefs, resolvers: buildResolvers(table) as never });
    yield;
    return {
      name,
      sdl: print(typeDefs),
      typeDefs,
      schema,
      table,
      coordinates: connectors.map(({ coordinate }) => coordinate),
      warnings: faults.faults,
      clientHeaders: clientHeadersOf(connectors),
      isSentOn: sendsOnByPattern(connectors.flatMap(({ headerRules }) => headerRules)),
      describeCalls: (coordinate) => describeCalls(coordinate, connectors),
      nameCalls: (coordinate) => nameCalls(coordinate, connectors),
      describeConnectors: () => connectors.map(describeConnector),
      secrets: secretTexts(connectors, subgraph.sources, settings),
      trials: runners.map((runner) => createTrial(runner, faults.source)),
    };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return fail(schemaFaults(error, faults));
  }
}

function createRunners(
  { name, sources, schema }: DeclaredSubgraph,
  connectors: readonly Connector[],
  locate: Locate,
  { settings, callUpstream }: ConnectorSubgraphOptions,
): ConnectorRunner[] {
  // The service of the settings is the only source, or the one named like the subgraph; others are called by their own name
  const main = sources.find((source) => source.name === name) ?? (sources.length === 1 ? sources[0] : undefined);
  const bases = new Map(sources.map((source) => [source, baseUrlOf(source, settings)]));
  return connectors.map((connector) => {
    const { source } = connector;
    const service = !source || source === main ? name : `${name}.${source.name}`;
    const base = source && bases.get(source);
    const { maxRequestsPerOperation } = settings;
    const limits = {
      isShared: settings.isShared ?? true,
      ...(maxRequestsPerOperation === undefined ? {} : { maxRequestsPerOperation }),
      ...(source && settings.sources?.[source.name]),
    };
    return new ConnectorRunner({
      connector,
      service,
      base,
      statics: staticsOf(source, settings),
      callUpstream,
      locate,
      findUntyped: prepareUntypedCheck(connector, schema),
      limits,
    });
  });
}

/** What `@apollo/subgraph` found wrong with the lowered file, at the places of the file itself. */
function schemaFaults(error: GraphQLError, faults: FaultSink): readonly Fault[] {
  const causes = errorCauses(error) ?? [error];
  for (const cause of causes) {
    const node = cause.nodes?.[0];
    const [position = 0] = cause.positions ?? [];
    const loc = node?.loc ?? { start: position, end: position + 1 };
    faults.report('GRAPH_QL_ERROR', cause.message.replace(/\.$/, ''), { loc } as never);
  }
  return faults.faults;
}
