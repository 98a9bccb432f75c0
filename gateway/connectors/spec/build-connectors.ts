/** Makes running connectors of sound declarations: source merged in, key inferred (connectors.md 6.4, 11.1). */
import { shapeOfMapping } from '../mapping/shape.ts';
import type { ConnectDeclaration, Connector, SourceDeclaration, Strict } from './connector.ts';
import type { DeclaredSubgraph } from './declared-subgraph.ts';
import { buildKeySet } from './key-set.ts';
import { keyReferences } from './part-references.ts';
import { namedTypeOf } from './schema-index.ts';

/** The variable that holds the representation, by kind of connector. */
const keyVariable = { root: undefined, entity: '$args', field: '$this', type: '$this', batch: '$batch' } as const;

/** What holds where the file says nothing. */
interface Defaults {
  readonly skipNullKeys: boolean;
  readonly strict: Strict;
}

/** Expects that the rules found no error. */
export const buildConnectors = (subgraph: DeclaredSubgraph, defaults: Defaults): Connector[] =>
  subgraph.connectors.map((declaration) => buildConnector(declaration, subgraph, defaults));

/** The key a connector asks for, as far as its texts tell. */
export function inferKeys(declaration: ConnectDeclaration): Connector['keys'] {
  const variable = keyVariable[declaration.kind];
  const paths = keyReferences(declaration)
    .filter(({ reference }) => reference.variable === variable && reference.keys.length > 0)
    .map(({ reference }) => reference.keys.map(({ key }) => key));
  return buildKeySet(paths);
}

/** The type whose entities a connector answers. */
export function entityTypeOf(declaration: ConnectDeclaration, { schema }: DeclaredSubgraph): string | undefined {
  const { kind, typeName, fieldName } = declaration;
  if (kind === 'type' || kind === 'batch') return typeName;
  const field = kind === 'entity' ? schema.types.get(typeName)?.fields.get(fieldName!) : undefined;
  return field && namedTypeOf(field.type);
}

function buildConnector(declaration: ConnectDeclaration, subgraph: DeclaredSubgraph, defaults: Defaults): Connector {
  const source = findSource(declaration, subgraph.sources);
  const entityType = entityTypeOf(declaration, subgraph);
  const [http] = declaration.methods;
  const pathReads = keyReferences(declaration)
    .filter(({ isInPath, reference }) => isInPath && ['$this', '$args'].includes(reference.variable))
    .flatMap(({ reference }) => (reference.keys[0] ? `${reference.variable}.${reference.keys[0].key}` : []));
  return {
    ...declaration,
    ...(source ? { source } : {}),
    ...(entityType === undefined ? {} : { entityType }),
    ...(http ? { http: { method: http.method, url: http.template! } } : {}),
    selection: declaration.selection!,
    shape: shapeOfMapping(declaration.selection!.tree),
    keys: inferKeys(declaration),
    pathReads: new Set(pathReads),
    skipsNullKeys: declaration.skipsNullKeys ?? source?.skipsNullKeys ?? defaults.skipNullKeys,
    strict: declaration.strict ?? source?.strict ?? defaults.strict,
  };
}

const findSource = (
  { sourceName }: ConnectDeclaration,
  sources: readonly SourceDeclaration[],
): SourceDeclaration | undefined => sources.find(({ name }) => name === sourceName?.value);
