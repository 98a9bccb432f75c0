/**
 * Resolves one field of a type (connectors.md 11.6 rule 3): (a) what is there, (b) the field's own connector, (c) null
 * where a mapping lists the field but gave nothing, (d) the connectors of the type, in the order of the file.
 */
import { Kind, OperationTypeNode, type GraphQLResolveInfo } from 'graphql';
import { mayProvide, type Shape } from '../mapping/shape.ts';
import { isObject, type Maybe, type ValueObject } from '../mapping/value.ts';
import type { KeySet } from '../spec/key-set.ts';
import { namedTypeOf, type FieldEntry, type SchemaIndex } from '../spec/schema-index.ts';
import type { Mapped } from './answer.ts';
import type { ConnectorContext } from './connector-context.ts';
import type { ConnectorRunner } from './connector-runner.ts';
import { prepareLoad, type Load } from './entity-loader.ts';
import type { Failure, Outcome } from './failure.ts';
import type { LazyObject, Origin } from './lazy-object.ts';
import { OperationStore } from './operation-store.ts';
import { prepareOutput } from './output.ts';
import { everything, type WantedFields, type WantedReader } from './wanted.ts';

/** A connector together with its loader. */
export interface Loader {
  readonly runner: ConnectorRunner;
  readonly load: Load;
}

export const prepareLoader = (runner: ConnectorRunner): Loader => ({ runner, load: prepareLoad(runner) });

/** The connectors that can answer entities of a type, by type name. */
export type EntityLoaders = ReadonlyMap<string, readonly Loader[]>;

type Resolver<Source> = (
  source: Source,
  args: ValueObject,
  context: ConnectorContext,
  info: GraphQLResolveInfo,
) => unknown;

/** A field's value, or the failure that left it missing. */
interface Gained {
  readonly value: Maybe;
  readonly origin: Origin;
  readonly failure?: Failure;
}

const nothing: Gained = { value: undefined, origin: { shape: { kind: 'unknown' }, wanted: everything } };

/** What the resolvers of one subgraph share. */
export interface Graph {
  readonly schema: SchemaIndex;
  readonly entityLoaders: EntityLoaders;
  readonly wanted: WantedReader;
}

/** The resolver of a root field with connectors. */
export function prepareRootField(
  field: FieldEntry,
  runners: readonly ConnectorRunner[],
  graph: Graph,
  isMutation: boolean,
): Resolver<unknown> {
  const output = prepareOutput(field.type, graph.schema);
  const typeName = namedTypeOf(field.type);
  const isNonNull = field.type.kind === Kind.NON_NULL_TYPE;
  return async (_source, args, context, info) => {
    const runner = chooseRunner(runners, info);
    const outcome = await runner.run({ args }, context, { isRoot: true });
    if (isMutation) OperationStore.of(context.operation).clear();
    const wanted = graph.wanted.read(info, typeName);
    const mapped = outcome.kind === 'failure' ? outcome : outcome.value.select(runner.selections.for(wanted));
    if (mapped.kind === 'failure') return mapped.failure.raise(pathOf(info), isNonNull);
    const { value, faults } = mapped.value;
    const origin = { shape: runner.connector.shape, wanted, faults };
    complain(value, origin, context, info, isNonNull);
    return output(value, origin);
  };
}

/** The resolver of a field of any other object type. */
export function prepareField(
  field: FieldEntry,
  own: readonly Loader[],
  keyFields: ReadonlySet<string>,
  { schema, entityLoaders }: Graph,
): Resolver<LazyObject> {
  const output = prepareOutput(field.type, schema);
  const isNonNull = field.type.kind === Kind.NON_NULL_TYPE;
  const isRequired = isNonNull || keyFields.has(field.name);
  const finish = ({ value, origin, failure }: Gained, context: ConnectorContext, info: GraphQLResolveInfo): unknown => {
    if (failure) return failure.raise(pathOf(info), isNonNull);
    complain(value, origin, context, info, isRequired);
    return output(value, origin);
  };
  return (object, args, context, info) => {
    const found = object.find(field.name);
    if (found.value !== undefined) return finish(found, context, info);
    if (own.length > 0) {
      const runner = chooseRunner(
        own.map((loader) => loader.runner),
        info,
      );
      const loader = own.find((candidate) => candidate.runner === runner)!;
      const isWrite =
        info.operation.operation === OperationTypeNode.MUTATION && runner.connector.http?.method !== 'GET';
      const call = { args, isWrite, origin: found.origin };
      const gained = loadOwn(loader, object, call, keyFields, context, entityLoaders);
      return gained instanceof Promise
        ? gained.then((result) => finish(result, context, info))
        : finish(gained, context, info);
    }
    if (found.isListed) return finish(found, context, info);
    const loaders = entityLoaders.get(object.__typename) ?? [];
    if (loaders.length === 0) return null;
    return loadThrough(object, field.name, context, entityLoaders, new Set()).then((result) =>
      finish(result, context, info),
    );
  };
}

// --- (b) the field's own connector -----------------------------------------------------------------------------------

interface OwnCall {
  readonly args: ValueObject;
  readonly isWrite: boolean;
  readonly origin: Origin;
}

function loadOwn(
  { runner, load }: Loader,
  object: LazyObject,
  { args, isWrite, origin: { wanted } }: OwnCall,
  keyFields: ReadonlySet<string>,
  context: ConnectorContext,
  entityLoaders: EntityLoaders,
): Gained | Promise<Gained> {
  const { keys, pathReads, skipsNullKeys, shape } = runner.connector;
  const isNeeded = (name: string): boolean => keyFields.has(name) || pathReads.has(`$this.${name}`);
  const go = (self: ValueObject): Gained | Promise<Gained> => {
    const lacksKey = [...keys.keys()].some((name) => isNeeded(name) && (self[name] ?? null) === null);
    const lacksArgument = [...pathReads].some(
      (read) => read.startsWith('$args.') && (args[read.slice(6)] ?? null) === null,
    );
    if (skipsNullKeys && (lacksKey || lacksArgument)) return nothing;
    return load(self, context, wanted, { args, isWrite }).then((outcome) => gain(outcome, shape, wanted));
  };
  const self = collectKeys(object, keys, context, entityLoaders, new Set());
  return self instanceof Promise ? self.then(go) : go(self);
}

function gain(outcome: Outcome<Mapped>, shape: Shape, wanted: WantedFields): Gained {
  if (outcome.kind === 'failure') return { ...nothing, failure: outcome.failure };
  const { value, faults } = outcome.value;
  return { value, origin: { shape, wanted, faults } };
}

// --- (d) the connectors of the type ----------------------------------------------------------------------------------

async function loadThrough(
  object: LazyObject,
  name: string,
  context: ConnectorContext,
  entityLoaders: EntityLoaders,
  asking: ReadonlySet<string>,
): Promise<Gained> {
  for (const loader of entityLoaders.get(object.__typename) ?? []) {
    const { connector } = loader.runner;
    const isCircular = [...connector.keys.keys()].some((key) => key === name || asking.has(key));
    if (isCircular || !mayProvide(connector.shape, name)) continue;
    const keys = await collectKeys(object, connector.keys, context, entityLoaders, new Set([...asking, name]));
    if (connector.skipsNullKeys && lacksKeys(keys, connector.keys)) continue;
    const failure = await fill(object, loader, keys, context);
    if (failure) return { ...nothing, failure };
    const found = object.find(name);
    if (found.value !== undefined || found.origin.faults) return found;
  }
  return nothing;
}

/** Loads the connector's answer into the object, once. */
function fill(
  object: LazyObject,
  { runner, load }: Loader,
  keys: ValueObject,
  context: ConnectorContext,
): Promise<Failure | undefined> {
  const loading = object.loads.get(runner) as Promise<Failure | undefined> | undefined;
  if (loading) return loading;
  const filled = load(keys, context, object.wanted).then((outcome) => {
    if (outcome.kind === 'failure') return outcome.failure;
    const { value, faults } = outcome.value;
    if (isObject(value)) object.add(value, runner.connector.shape, faults);
    return undefined;
  });
  object.loads.set(runner, filled);
  return filled;
}

// --- keys ------------------------------------------------------------------------------------------------------------

/** The object's values of the key fields; what is missing is loaded, if a connector of the type can. */
function collectKeys(
  object: LazyObject,
  keys: KeySet,
  context: ConnectorContext,
  entityLoaders: EntityLoaders,
  asking: ReadonlySet<string>,
): ValueObject | Promise<ValueObject> {
  const collected: ValueObject = {};
  const missing: string[] = [];
  for (const [name, inner] of keys) {
    const { value, isListed } = object.find(name);
    if (value !== undefined) collected[name] = trimToKeys(value, inner);
    else if (!isListed) missing.push(name);
  }
  if (missing.length === 0) return collected;
  return Promise.all(missing.map((name) => loadThrough(object, name, context, entityLoaders, asking))).then(
    (gained) => {
      gained.forEach(({ value }, index) => {
        const name = missing[index]!;
        if (value !== undefined) collected[name] = trimToKeys(value, keys.get(name)!);
      });
      return collected;
    },
  );
}

/** Of a nested key only the fields that are read, so that equal keys are equal. */
function trimToKeys(value: Exclude<Maybe, undefined>, keys: KeySet): Exclude<Maybe, undefined> {
  if (keys.size === 0) return value;
  if (Array.isArray(value)) return value.map((item) => trimToKeys(item, keys));
  if (!isObject(value)) return value;
  const trimmed: ValueObject = {};
  for (const [name, inner] of keys) {
    if (Object.hasOwn(value, name)) trimmed[name] = trimToKeys(value[name]!, inner);
  }
  return trimmed;
}

function lacksKeys(value: Maybe, keys: KeySet): boolean {
  return [...keys].some(([name, inner]) => {
    const part = isObject(value) && Object.hasOwn(value, name) ? value[name] : null;
    return part === null || part === undefined || (inner.size > 0 && !Array.isArray(part) && lacksKeys(part, inner));
  });
}

// --- helpers of a field ----------------------------------------------------------------------------------------------

/** Of several connectors on one field the one whose selection provides most of what is asked for. */
function chooseRunner(runners: readonly ConnectorRunner[], info: GraphQLResolveInfo): ConnectorRunner {
  if (runners.length === 1) return runners[0]!;
  const wanted = requestedFields(info);
  const score = ({ connector }: ConnectorRunner): number =>
    wanted.filter((name) => mayProvide(connector.shape, name)).length;
  return runners.reduce((best, candidate) => (score(candidate) > score(best) ? candidate : best));
}

function requestedFields({ fieldNodes, fragments }: GraphQLResolveInfo): string[] {
  const names: string[] = [];
  const visit = (set: (typeof fieldNodes)[number]['selectionSet']): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) names.push(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) visit(selection.selectionSet);
      else visit(fragments[selection.name.value]?.selectionSet);
    }
  };
  for (const node of fieldNodes) visit(node.selectionSet);
  return names;
}

/** Strict mode: throws what left a field without a value, or hands over what went wrong beside the value. */
function complain(
  value: Maybe,
  { faults }: Origin,
  { reportError }: ConnectorContext,
  info: GraphQLResolveInfo,
  isRequired: boolean,
): void {
  const failure = faults?.failure;
  if (!failure || (faults.strict === 'required' && !isRequired)) return;
  if (value === undefined) failure.raise(pathOf(info), isRequired);
  else if (faults.strict === 'all') failure.note(pathOf(info), reportError);
}

function pathOf({ path }: GraphQLResolveInfo): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at: typeof path | undefined = path; at; at = at.prev) keys.unshift(at.key);
  return keys;
}
