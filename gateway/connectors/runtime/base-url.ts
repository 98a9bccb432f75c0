/** The base URL of a source under the settings: overridden, or with its holes filled (connectors.md 9.3). */
import type { SourceDeclaration } from '../spec/connector.ts';
import type { ConnectorSettings } from './connector-context.ts';
import { readBaseUrl, resolveBaseUrl, type BaseUrl } from './url.ts';
import { staticVariables, type StaticVariables } from './variables.ts';

/** What `$config` and `$env` are for the connectors of a source. */
export const staticsOf = (source: SourceDeclaration | undefined, settings: ConnectorSettings): StaticVariables => ({
  config: (source && settings.sources?.[source.name]?.config) ?? {},
  env: settings.env ?? {},
});

/** Throws RequestFault when there is no usable URL. */
export function baseUrlOf(source: SourceDeclaration, settings: ConnectorSettings): BaseUrl {
  const override = settings.sources?.[source.name]?.overrideUrl;
  if (override !== undefined) return readBaseUrl(override);
  return resolveBaseUrl(source.baseUrl!, staticVariables(staticsOf(source, settings)));
}
