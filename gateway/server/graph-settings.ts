/** The parts of the settings that the graph is built from. */
import type { Settings, SourceHeaderRules, SourceSettings } from '../config/index.ts';
import type { UpstreamSettings } from '../upstream/settings.ts';
import type { ConnectorOverride, ConnectorSettings } from '../connectors/index.ts';
import type { SubgraphLocation } from '../supergraph/read-subgraphs.ts';

export const locateSubgraphs = (settings: Settings): SubgraphLocation[] =>
  Object.entries(settings.services).map(([name, { schema, url }]) => ({ name, schema, url }));

const variantName = (service: string, connector: string): string => `${service}/${connector}`;

/** Upstream settings of single connectors, by the names that their calls carry. */
export const upstreamVariantsOf = ({ services }: Settings): Record<string, UpstreamSettings> =>
  Object.fromEntries(
    Object.entries(services).flatMap(([service, { connectors }]) =>
      Object.entries(connectors).flatMap(([name, { upstream }]) =>
        upstream ? [[variantName(service, name), upstream] as const] : [],
      ),
    ),
  );

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
  const rules: Record<string, SourceHeaderRules> = {};
  for (const [name, source] of Object.entries(settings.headers.connector.sources)) {
    if (name.startsWith(prefix)) rules[name.slice(prefix.length)] = source;
  }
  const connectors: Record<string, ConnectorOverride> = {};
  for (const [name, { upstream, ...connector }] of Object.entries(settings.services[subgraph]?.connectors ?? {})) {
    connectors[name] = {
      ...connector,
      ...(upstream ? { variant: variantName(subgraph, name), isShared: upstream.coalesce } : {}),
    };
  }
  const { maxRequestsPerOperation } = settings.connectors;
  return {
    sources,
    connectors,
    headerRules: { all: settings.headers.connector.all.request, sources: rules },
    isShared: settings.services[subgraph]?.upstream.coalesce ?? true,
    env,
    portability: settings.connectors.portability,
    ...settings.services[subgraph]?.connectorDefaults,
    ...(maxRequestsPerOperation === undefined ? {} : { maxRequestsPerOperation }),
  };
}
