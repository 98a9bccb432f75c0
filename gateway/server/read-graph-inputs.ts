/** Everything that a generation is built from, read from the files that the settings name. */
import { existsSync, readFileSync } from 'node:fs';
import type { Settings } from '../config/index.ts';
import { readSubgraphs } from '../supergraph/read-subgraphs.ts';
import { connectorSettingsOf, locateSubgraphs } from './graph-settings.ts';
import { readDocumentFiles, type OperationDocument } from './read-document-files.ts';
import type { GraphInputs } from './reload/graph-thread-messages.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface GenerationInputs {
  readonly settings: Settings;
  readonly graph: GraphInputs;
  /** Undefined without a facade. */
  readonly documents: readonly OperationDocument[] | undefined;
  /** The list of trusted documents as it was read, so that a change of it is seen. */
  readonly manifest: string | undefined;
}

/** Throws FaultsError when a schema cannot be read. */
export function readGraphInputs(settings: Settings, env: Environment): GenerationInputs {
  const { operations } = settings.facade;
  const names = Object.keys(settings.services);
  // Plain data: the environment of the process is an object of another kind.
  const variables = { ...env };
  return {
    settings,
    graph: {
      sources: readSubgraphs(locateSubgraphs(settings)),
      pathsLimit: settings.server.limits.planPaths,
      connectorSettings: Object.fromEntries(
        names.map((name) => [name, connectorSettingsOf(settings, name, variables)]),
      ),
    },
    documents: operations === undefined ? undefined : readDocumentFiles(operations),
    manifest: readText(settings.server.trustedDocuments.manifest),
  };
}

/** What is wrong with it is said by who reads it. */
function readText(file: string | undefined): string | undefined {
  return file !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Equal for inputs that give the same graph and the same answers; what calls to services are made with is left out. */
export function keyOfGeneration({ settings, graph, documents, manifest }: GenerationInputs): string {
  const { development, server, connectors, facade, sharing, debug, engine } = settings;
  return JSON.stringify([
    graph,
    documents,
    manifest ?? null,
    development,
    server,
    connectors,
    facade,
    sharing,
    debug,
    engine,
  ]);
}
