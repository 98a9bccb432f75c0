/** Makes running connectors of sound declarations: source merged in, key inferred (connectors.md 6.4, 11.1). */
import { shapeOfMapping } from '../mapping/shape.ts';
import { connectionShape } from './connection-shape.ts';
import type { ConnectDeclaration, Connector, SourceDeclaration, Strict } from './connector.ts';
import type { DeclaredSubgraph } from './declared-subgraph.ts';
import type { HeaderRules } from './header-rule.ts';
import { buildKeySet } from './key-set.ts';
import { keyReferences } from './part-references.ts';
import { namedTypeOf } from './schema-index.ts';

/** The variable that holds the representation, by kind of connector. */
const keyVariable = { root: undefined, entity: '$args', field: '$this', type: '$this', batch: '$batch' } as const;

/** What holds where the file says nothing. */
interface Defaults {
  readonly skipNullKeys: boolean;
  readonly strict: Strict;
  /** What the settings say about a source, by its name: before what the file says about it. */
  readonly sources: Readonly<Record<string, { readonly skipNullKeys?: boolean; readonly strict?: Strict }>>;
  readonly headerRules: HeaderRules;
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
  const set = source && defaults.sources[source.name];
  const entityType = entityTypeOf(declaration, subgraph);
  const [http] = declaration.methods;
  const pathReads = keyReferences(declaration)
    .filter(({ isInPath, reference }) => isInPath && ['$this', '$args'].includes(reference.variable))
    .flatMap(({ reference }) => (reference.keys[0] ? `${reference.variable}.${reference.keys[0].key}` : []))
    // Where a page begins is said for every call, also when the client says nothing
    .filter((read) => !declaration.page || (read !== '$args.after' && read !== '$args.first'));
  const shape = shapeOfMapping(declaration.selection!.tree);
  return {
    ...declaration,
    ...(source ? { source } : {}),
    ...(entityType === undefined ? {} : { entityType }),
    ...(http ? { http: { method: http.method, url: http.template! } } : {}),
    selection: declaration.selection!,
    shape: declaration.page ? connectionShape(shape) : shape,
    keys: inferKeys(declaration),
    pathReads: new Set(pathReads),
    skipsNullKeys: declaration.skipsNullKeys ?? set?.skipNullKeys ?? source?.skipsNullKeys ?? defaults.skipNullKeys,
    strict: declaration.strict ?? set?.strict ?? source?.strict ?? defaults.strict,
    headerRules: [
      ...defaults.headerRules.all,
      ...((source && defaults.headerRules.sources[source.name]?.request) ?? []),
    ],
  };
}

const findSource = (
  { sourceName }: ConnectDeclaration,
  sources: readonly SourceDeclaration[],
): SourceDeclaration | undefined => sources.find(({ name }) => name === sourceName?.value);
