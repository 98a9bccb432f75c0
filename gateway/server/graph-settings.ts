/** The parts of the settings that the graph is built from. */
import type { Settings, SourceSettings } from '../config/index.ts';
import type { ConnectorSettings } from '../connectors/index.ts';
import type { SubgraphLocation } from '../supergraph/read-subgraphs.ts';

export const locateSubgraphs = (settings: Settings): SubgraphLocation[] =>
  Object.entries(settings.services).map(([name, { schema, url }]) => ({ name, schema, url }));

/** Sources are set by "<subgraph>.<source>"; a subgraph sees its own, by their short names. */
export function connectorSettingsOf(
  settings: Settings,
  subgraph: string,
  env: Readonly<Record<string, string | undefined>>,
): ConnectorSettings {
  const prefix = `${subgraph}.`;
  const sources: Record<string, SourceSettings> = {};
  for (const [name, source] of Object.entries(settings.connectors.sources)) {
    if (name.startsWith(prefix)) sources[name.slice(prefix.length)] = source;
  }
  const { maxRequestsPerOperation } = settings.connectors;
  return {
    sources,
    env,
    portability: settings.connectors.portability,
    ...settings.services[subgraph]?.connectorDefaults,
    ...(maxRequestsPerOperation === undefined ? {} : { maxRequestsPerOperation }),
  };
}
