/**
 * Resolves one field of a type (connectors.md 11.6 rule 3): (a) what is there, (b) the field's own connector, (c) null
 * where a mapping lists the field but gave nothing, (d) the connectors of the type, in the order of the file.
 */
import { Kind } from 'graphql';
import { mayProvide } from '../mapping/shape.ts';
import { isObject, type Maybe, type ValueObject } from '../mapping/value.ts';
import type { KeySet } from '../spec/key-set.ts';
import type { FieldEntry } from '../spec/schema-index.ts';
import type { ConnectorContext } from './connector-context.ts';
import type { ConnectorRunner } from './connector-runner.ts';
import { prepareLoad, type Load } from './entity-loader.ts';
import type { Failure } from './failure.ts';
import { gainedFrom, nothing, type Demand, type Gained } from './gained.ts';
import type { LazyObject } from './lazy-object.ts';
import { OperationStore } from './operation-store.ts';
import { prepareRun } from './pages/run-pages.ts';
import type { WantedFields } from './wanted.ts';

/** A connector together with its loader. */
export interface Loader {
  readonly runner: ConnectorRunner;
  readonly load: Load;
}

export const prepareLoader = (runner: ConnectorRunner): Loader => ({ runner, load: prepareLoad(runner) });

/** The connectors that can answer entities of a type, by type name. */
export type EntityLoaders = ReadonlyMap<string, readonly Loader[]>;

/** What of the operation the value of a field depends on, the same for every object that has the field. */
export interface FieldUse {
  readonly isMutation: boolean;
  /** The names of all fields selected below it; asked for only where several connectors compete. */
  readonly requested: () => readonly string[];
}

export interface RootUse extends FieldUse {
  readonly wanted: WantedFields;
}

/** A field of Query or Mutation with connectors. */
export interface RootField {
  readonly entry: FieldEntry;
  readonly demand: Demand;
  readonly gain: (args: ValueObject, context: ConnectorContext, use: RootUse) => Promise<Gained>;
}

/** A field of any other object type. */
export interface ObjectField {
  readonly entry: FieldEntry;
  readonly demand: Demand;
  readonly gain: (
    object: LazyObject,
    args: ValueObject,
    context: ConnectorContext,
    use: FieldUse,
  ) => Gained | Promise<Gained>;
}

export function prepareRootField(
  entry: FieldEntry,
  runners: readonly ConnectorRunner[],
  isMutation: boolean,
): RootField {
  const isNonNull = entry.type.kind === Kind.NON_NULL_TYPE;
  const runs = new Map(runners.map((runner) => [runner, prepareRun(runner)]));
  return {
    entry,
    demand: { isNonNull, isRequired: isNonNull },
    async gain(args, context, use) {
      const runner = chooseRunner(runners, use);
      const outcome = await runs.get(runner)!({ args }, context, { isRoot: true, isWrite: isMutation });
      if (isMutation) OperationStore.of(context.operation).clear();
      const { wanted } = use;
      const mapped = outcome.kind === 'failure' ? outcome : outcome.value.select(runner.selections.for(wanted));
      return gainedFrom(mapped, runner.connector.shape, wanted);
    },
  };
}

export function prepareField(
  entry: FieldEntry,
  own: readonly Loader[],
  keyFields: ReadonlySet<string>,
  entityLoaders: EntityLoaders,
): ObjectField {
  const isNonNull = entry.type.kind === Kind.NON_NULL_TYPE;
  const calls = new Map(own.map((loader) => [loader.runner, prepareOwnCall(loader, keyFields, entityLoaders)]));
  const runners = [...calls.keys()];
  return {
    entry,
    demand: { isNonNull, isRequired: isNonNull || keyFields.has(entry.name) },
    gain(object, args, context, use) {
      const found = object.find(entry.name);
      if (found.value !== undefined) return found;
      if (own.length > 0) {
        const runner = chooseRunner(runners, use);
        const isWrite = use.isMutation && runner.connector.http?.method !== 'GET';
        return calls.get(runner)!(object, { args, isWrite, wanted: found.origin.wanted }, context);
      }
      if (found.isListed) return found;
      if (!entityLoaders.has(object.__typename)) return nothing;
      return loadThrough(object, entry.name, context, entityLoaders, new Set());
    },
  };
}

// --- (b) the field's own connector -----------------------------------------------------------------------------------

interface OwnCall {
  readonly args: ValueObject;
  readonly isWrite: boolean;
  readonly wanted: WantedFields;
}

type CallOwn = (object: LazyObject, call: OwnCall, context: ConnectorContext) => Gained | Promise<Gained>;

function prepareOwnCall(
  { runner, load }: Loader,
  keyFields: ReadonlySet<string>,
  entityLoaders: EntityLoaders,
): CallOwn {
  const { keys, pathReads, skipsNullKeys } = runner.connector;
  const neededKeys = [...keys.keys()].filter((name) => keyFields.has(name) || pathReads.has(`$this.${name}`));
  const neededArguments = [...pathReads].filter((read) => read.startsWith('$args.')).map((read) => read.slice(6));
  const lacks = (object: ValueObject, names: readonly string[]): boolean =>
    names.some((name) => (object[name] ?? null) === null);
  return (object, { args, isWrite, wanted }, context) => {
    const go = (self: ValueObject): Gained | Promise<Gained> => {
      if (skipsNullKeys && (lacks(self, neededKeys) || lacks(args, neededArguments))) return nothing;
      return load(self, context, wanted, { args, isWrite });
    };
    const self = collectKeys(object, keys, context, entityLoaders, new Set());
    return self instanceof Promise ? self.then(go) : go(self);
  };
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
  const filled = load(keys, context, object.wanted).then(({ value, origin, failure }) => {
    if (isObject(value)) object.add(value, origin.shape, origin.faults);
    return failure;
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
    const value = object.peek(name);
    if (value !== undefined) collected[name] = trimToKeys(value, inner);
    else if (!object.find(name).isListed) missing.push(name);
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
function chooseRunner(runners: readonly ConnectorRunner[], { requested }: FieldUse): ConnectorRunner {
  if (runners.length === 1) return runners[0]!;
  const wanted = requested();
  const score = ({ connector }: ConnectorRunner): number =>
    wanted.filter((name) => mayProvide(connector.shape, name)).length;
  return runners.reduce((best, candidate) => (score(candidate) > score(best) ? candidate : best));
}
