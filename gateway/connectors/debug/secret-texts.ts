/** The texts of settings and environment that debug data must not show: what connectors can read as `$config` and `$env`. */
import { collectReferences } from '../mapping/references.ts';
import type { ConnectorSettings } from '../runtime/connector-context.ts';
import { allMappings } from '../runtime/variables.ts';
import type { Connector, SourceDeclaration } from '../spec/connector.ts';
import { ofTemplate } from '../spec/part-references.ts';

/** Every text and number in `$config`, the variables of `$env` that some mapping names, and what header rules insert. */
export function secretTexts(
  connectors: readonly Connector[],
  sources: readonly SourceDeclaration[],
  { sources: settings = {}, env = {} }: ConnectorSettings,
): string[] {
  const mappings = [
    ...connectors.flatMap(allMappings),
    ...sources.flatMap(({ baseUrl }) => ofTemplate(baseUrl, '', true)),
  ];
  const named = mappings
    .flatMap(({ tree }) => collectReferences(tree))
    .filter(({ variable }) => variable === '$env')
    .map(({ keys }) => keys[0]?.key);
  const ofEnvironment = named.flatMap((name) => (name === undefined ? Object.values(env) : [env[name]]));
  const ofConfig = Object.values(settings).flatMap(({ config = {} }) => leavesOf(config));
  const ofRules = connectors
    .flatMap(({ headerRules }) => headerRules)
    .flatMap((rule) => (rule.kind === 'insert' ? [rule.value] : []));
  return [...new Set([...ofEnvironment.filter((text) => text !== undefined), ...ofConfig, ...ofRules])];
}

function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number' || typeof value === 'bigint') return [String(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [];
}
