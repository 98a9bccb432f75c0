/**
 * What the subgraphs say that composition leaves out or writes in its own way, for whoever answers over HTTP: which service
 * answers a field, what identifies an entity, and the hints of `@cacheControl`, which is no directive of the federation and
 * so is not in the supergraph.
 */
import {
  Kind,
  parse,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type SelectionNode,
} from 'graphql';

/** What `@cacheControl` says of a field or a type; `maxAge` in seconds. */
export interface CacheHint {
  readonly maxAge?: number;
  readonly scope?: 'PUBLIC' | 'PRIVATE';
  readonly inheritMaxAge?: boolean;
}

export interface GraphFacts {
  /** The services that answer a field themselves, from nothing but their own data. */
  servicesOf(type: string, field: string): ReadonlySet<string>;
  /** Fields at the top of all keys of an entity; empty for any other type. */
  keysOf(type: string): ReadonlySet<string>;
  hintOfField(type: string, field: string): CacheHint | undefined;
  hintOfType(type: string): CacheHint | undefined;
}

export interface SubgraphSchema {
  readonly name: string;
  readonly typeDefs: DocumentNode;
}

const none: ReadonlySet<string> = new Set();

const find = (directives: readonly ConstDirectiveNode[] | undefined, name: string): readonly ConstDirectiveNode[] =>
  (directives ?? []).filter(({ name: { value } }) => value === name || value === `federation__${name}`);

function argument(directive: ConstDirectiveNode, name: string): unknown {
  const found = directive.arguments?.find((one) => one.name.value === name);
  return found && valueFromASTUntyped(found.value);
}

function hintOf(directives: readonly ConstDirectiveNode[] | undefined): CacheHint | undefined {
  const [directive] = find(directives, 'cacheControl');
  if (!directive) return undefined;
  const [maxAge, scope] = [argument(directive, 'maxAge'), argument(directive, 'scope')];
  return {
    ...(typeof maxAge === 'number' ? { maxAge } : {}),
    ...(scope === 'PUBLIC' || scope === 'PRIVATE' ? { scope } : {}),
    ...(argument(directive, 'inheritMaxAge') === true ? { inheritMaxAge: true } : {}),
  };
}

/** Of several services' hints the narrower counts. */
function narrow(a: CacheHint | undefined, b: CacheHint): CacheHint {
  if (!a) return b;
  const maxAge = Math.min(a.maxAge ?? Number.POSITIVE_INFINITY, b.maxAge ?? Number.POSITIVE_INFINITY);
  const scope = a.scope === 'PRIVATE' || b.scope === 'PRIVATE' ? 'PRIVATE' : (a.scope ?? b.scope);
  return {
    ...(Number.isFinite(maxAge) ? { maxAge } : {}),
    ...(scope === undefined ? {} : { scope }),
    ...(a.inheritMaxAge === true && b.inheritMaxAge === true ? { inheritMaxAge: true } : {}),
  };
}

/** Names at the top of a key such as `id owner { id }`. */
function keyNames(key: unknown): string[] {
  if (typeof key !== 'string') return [];
  const [definition] = parse(`{ ${key} }`, { noLocation: true }).definitions;
  const selections: readonly SelectionNode[] =
    definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : [];
  return selections.flatMap((one) => (one.kind === Kind.FIELD ? [one.name.value] : []));
}

/** Reads the schemas of all services once. */
export function readGraphFacts(subgraphs: readonly SubgraphSchema[]): GraphFacts {
  const services = new Map<string, Set<string>>();
  const taken: [coordinate: string, service: string][] = [];
  const keys = new Map<string, Set<string>>();
  const fieldHints = new Map<string, CacheHint>();
  const typeHints = new Map<string, CacheHint>();

  const readField = (service: string, type: string, { name, directives }: FieldDefinitionNode): void => {
    const coordinate = `${type}.${name.value}`;
    const hint = hintOf(directives);
    if (hint) fieldHints.set(coordinate, narrow(fieldHints.get(coordinate), hint));
    for (const override of find(directives, 'override')) taken.push([coordinate, String(argument(override, 'from'))]);
    // A field that requires others changes with them, so it does not belong to its service alone.
    if (find(directives, 'external').length > 0 || find(directives, 'requires').length > 0) return;
    const known = services.get(coordinate) ?? new Set();
    services.set(coordinate, known.add(service));
  };

  for (const { name: service, typeDefs } of subgraphs) {
    for (const definition of typeDefs.definitions) {
      if (
        definition.kind !== Kind.OBJECT_TYPE_DEFINITION &&
        definition.kind !== Kind.OBJECT_TYPE_EXTENSION &&
        definition.kind !== Kind.INTERFACE_TYPE_DEFINITION &&
        definition.kind !== Kind.INTERFACE_TYPE_EXTENSION &&
        definition.kind !== Kind.UNION_TYPE_DEFINITION
      ) {
        continue;
      }
      const type = definition.name.value;
      const hint = hintOf(definition.directives);
      if (hint) typeHints.set(type, narrow(typeHints.get(type), hint));
      const names = find(definition.directives, 'key').flatMap((key) => keyNames(argument(key, 'fields')));
      if (names.length > 0) keys.set(type, new Set([...(keys.get(type) ?? []), ...names]));
      if ('fields' in definition) for (const field of definition.fields ?? []) readField(service, type, field);
    }
  }
  for (const [coordinate, service] of taken) services.get(coordinate)?.delete(service);
  return {
    servicesOf: (type, field) => services.get(`${type}.${field}`) ?? none,
    keysOf: (type) => keys.get(type) ?? none,
    hintOfField: (type, field) => fieldHints.get(`${type}.${field}`),
    hintOfType: (type) => typeHints.get(type),
  };
}
