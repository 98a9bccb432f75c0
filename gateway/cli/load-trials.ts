/** Every connector of the settings file, to be run alone. Composition is left out: a mapping is tried before all fits. */
import { loadSettings, type Settings } from '../config/index.ts';
import type { ConnectorTrial } from '../connectors/index.ts';
import { connectorSettingsOf, locateSubgraphs } from '../server/graph-settings.ts';
import { buildSubgraphs } from '../supergraph/build-subgraphs.ts';
import { readSubgraphs } from '../supergraph/read-subgraphs.ts';
import type { CallUpstream } from '../upstream/index.ts';
import type { CommandIo } from './command.ts';

/** Throws FaultsError with every fault of settings and schemas. */
export function loadTrials(
  config: string,
  env: CommandIo['env'],
  createCall: (settings: Settings) => CallUpstream,
): readonly ConnectorTrial[] {
  const { settings, env: environment } = loadSettings({ file: config, env });
  const subgraphs = buildSubgraphs(readSubgraphs(locateSubgraphs(settings)), {
    callUpstream: createCall(settings),
    connectorSettings: (subgraph) => connectorSettingsOf(settings, subgraph, environment),
  });
  return subgraphs.flatMap((subgraph) => (subgraph.kind === 'connectors' ? subgraph.connectors.trials : []));
}
