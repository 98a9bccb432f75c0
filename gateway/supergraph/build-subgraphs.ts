/**
 * A declared schema becomes an executable subgraph (its connectors lowered), a schema with an address stays remote. What
 * composition sees is plain federation SDL in both cases, with the places of the file it came from.
 */
import { existsSync, readFileSync } from 'node:fs';
import { GraphQLError, parse, Source, type DocumentNode } from 'graphql';
import type { ConnectorSettings, ConnectorSubgraph } from '../connectors/index.ts';
import { buildConnectorSubgraph } from '../connectors/index.ts';
import { describeError } from '../errors/catalogue.ts';
import { FaultsError, type Fault } from '../errors/fault.ts';
import type { CallUpstream } from '../upstream/upstream-call.ts';
import type { SubgraphSource } from './read-subgraphs.ts';

interface SubgraphBase {
  readonly name: string;
  readonly file: string;
  readonly typeDefs: DocumentNode;
}

export type Subgraph =
  | (SubgraphBase & { readonly kind: 'connectors'; readonly connectors: ConnectorSubgraph })
  | (SubgraphBase & { readonly kind: 'remote'; readonly url: string });

export interface BuildSubgraphsOptions {
  readonly callUpstream: CallUpstream;
  /** Connector settings of one subgraph. */
  readonly connectorSettings: (subgraph: string) => ConnectorSettings;
}

/** Throws FaultsError with the faults of all files. */
export function buildSubgraphs(sources: readonly SubgraphSource[], options: BuildSubgraphsOptions): Subgraph[] {
  const steps = buildSubgraphsInSteps(sources, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same in steps of a few milliseconds, for a process that answers requests meanwhile. */
export function* buildSubgraphsInSteps(
  sources: readonly SubgraphSource[],
  options: BuildSubgraphsOptions,
): Generator<void, Subgraph[]> {
  const faults: Fault[] = [];
  const texts = new Map(sources.map(({ file, sdl }) => [file, sdl]));
  const subgraphs: Subgraph[] = [];
  for (const source of sources) {
    try {
      subgraphs.push(yield* buildSubgraph(source, options));
    } catch (error) {
      if (error instanceof FaultsError) faults.push(...error.faults);
      else if (error instanceof GraphQLError) faults.push(toSyntaxFault(error, source));
      else throw error;
    }
  }
  if (faults.length > 0) throw new FaultsError(faults, addSettings(texts, faults));
  return subgraphs;
}

/** Settings about connectors are checked with the schema they are about; of the file they stand in only the name comes here. */
function addSettings(texts: ReadonlyMap<string, string>, faults: readonly Fault[]): ReadonlyMap<string, string> {
  const files = new Set(
    faults.flatMap(({ range }) => (range === undefined || texts.has(range.file) ? [] : [range.file])),
  );
  const found = [...files].filter((file) => existsSync(file));
  return new Map([...texts, ...found.map((file) => [file, readFileSync(file, 'utf8')] as const)]);
}

function* buildSubgraph(source: SubgraphSource, options: BuildSubgraphsOptions): Generator<void, Subgraph> {
  const { name, file, sdl, url } = source;
  if (url !== undefined) return { kind: 'remote', name, file, url, typeDefs: parse(new Source(sdl, file)) };
  const settings = options.connectorSettings(name);
  const connectors = yield* buildConnectorSubgraph({
    name,
    file,
    sdl,
    settings,
    callUpstream: options.callUpstream,
  });
  return { kind: 'connectors', name, file, connectors, typeDefs: connectors.typeDefs };
}

function toSyntaxFault(error: GraphQLError, source: SubgraphSource): Fault {
  const { line = 1, column = 1 } = error.locations?.[0] ?? {};
  return {
    code: 'COMPOSITION_INVALID_SCHEMA',
    severity: 'error',
    message: describeError('COMPOSITION_INVALID_SCHEMA', { reason: error.message.replace(/\.$/, '') }),
    range: { file: source.file, line, column, endLine: line, endColumn: column + 1 },
  };
}
