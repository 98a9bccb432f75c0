/**
 * Which headers of the client can change what a connector asks or answers: those it sends on, and those its mappings read.
 * Whoever shares an answer between clients has to tell them apart by these.
 */
import { collectReferences } from '../mapping/references.ts';
import type { Connector } from '../spec/connector.ts';
import { allMappings } from './variables.ts';

/** Names in lower case, each once. */
export function clientHeadersOf(connectors: readonly Connector[]): readonly string[] {
  return [...new Set(connectors.flatMap((connector) => [...sentOn(connector), ...readInMappings(connector)]))];
}

const sentOn = ({ headers, source, headerRules }: Connector): string[] => [
  ...[...headers, ...(source?.headers ?? [])].flatMap(({ from }) => (from === undefined ? [] : [from.toLowerCase()])),
  ...headerRules.flatMap((rule) => (rule.kind === 'propagate' ? [rule.named] : [])),
];

const readInMappings = (connector: Connector): string[] =>
  allMappings(connector)
    .flatMap(({ tree }) => collectReferences(tree))
    .filter(({ variable, keys }) => variable === '$request' && keys[0]?.key === 'headers')
    .flatMap(({ keys }) => keys[1]?.key.toLowerCase() ?? []);
