/** Resolvers of one subgraph of a random graph: the true values, and what goes wrong on the way. */
import { GraphQLError } from 'graphql';
import { isShared, MEDIA, type Entity, type GraphModel } from './graph-model.ts';
import {
  computeFrom,
  hash,
  readReference,
  readRequired,
  rootValueOf,
  thingOf,
  valueOf,
  type Arguments,
  type Thing,
} from './true-values.ts';

export type FaultsOn = 'none' | 'all' | 'all but of lists';

/**
 * Where things go wrong. Which subgraph is asked for what several can give is for the planner to choose: so what can be had from
 * several fails everywhere or nowhere.
 */
export interface Faults {
  on: FaultsOn;
  /** Whether this field of this instance fails. */
  readonly isFailing: (place: string) => boolean;
  /** Whether this reference takes its whole list with it. */
  readonly isListFailing: (place: string) => boolean;
}

export interface SubgraphOptions {
  readonly model: GraphModel;
  readonly home: number;
  readonly faults: Faults;
  /** How many pushes came before, in all of the graph. */
  readonly countPush: () => number;
}

type Fail = (place: string) => void;
type Resolvers = Record<string, Record<string, unknown>>;
type Reference = Readonly<Record<string, unknown>>;

export function createSubgraphResolvers(options: SubgraphOptions): Resolvers {
  const { model, home, faults, countPush } = options;
  const subgraph = model.homes[home]!;
  const failAs =
    (who: string): Fail =>
    (place) => {
      if (faults.on !== 'none' && faults.isFailing(`${who} ${place}`)) throw broken(who, subgraph);
    };
  const resolvers: Resolvers = { Query: {}, Mutation: {} };
  const own = model.entities.filter(({ keys }) => keys.has(home));
  for (const entity of own) {
    const isSharedEntity = isShared(model, entity);
    const isInterface = entity.name === MEDIA && model.mediaHome === home;
    resolvers[entity.name] = {
      ...(isInterface ? {} : fieldResolvers(options, entity, failAs(isSharedEntity ? 'shared' : subgraph))),
      __resolveReference: referenceResolver(options, entity, isSharedEntity ? undefined : failAs(subgraph)),
    };
  }
  for (const { name, stubs } of model.entities) if (stubs.includes(home)) resolvers[name] = keyResolvers(options);
  const root =
    (name: string) =>
    (_: unknown, args: Arguments): unknown => {
      if ('at' in args) failAs(subgraph)(`${name} ${String(args['at'])}`);
      return rootValueOf(model, name, args, countPush);
    };
  const lower = own.map(({ name }) => name.toLowerCase());
  for (const name of ['aliveIn', 'labelledFrom', 'firstLabelledFrom', 'anyFrom']) query(name);
  for (const name of lower) [`${name}From`, `${name}sFrom`].forEach(query);
  for (const name of ['push', ...own.map(({ name: type }) => `push${type}In`)]) {
    resolvers['Mutation']![`${name}${home}`] = root(`${name}${home}`);
  }
  return resolvers;

  function query(name: string): void {
    resolvers['Query']![`${name}${home}`] = root(`${name}${home}`);
  }
}

const broken = (who: string, service: string): GraphQLError =>
  new GraphQLError('It broke', { extensions: { code: `BROKEN_${who.toUpperCase()}`, service } });

function keyResolvers({ model }: SubgraphOptions): Record<string, unknown> {
  const names = ['id', 'part', 'tag', 'code'];
  return Object.fromEntries(names.map((name) => [name, (thing: Thing) => valueOf(model, thing, name, {})]));
}

function fieldResolvers(options: SubgraphOptions, entity: Entity, failAt: Fail): Record<string, unknown> {
  const { model, home } = options;
  const label = `label${home}`;
  const resolvers = { ...keyResolvers(options), [label]: (thing: Thing) => valueOf(model, thing, label, {}) };
  // In the home of the interface the types below it give its fields.
  const inherited = model.mediaHome === home && entity.family === MEDIA;
  const fields = model.entities
    .filter(({ name }) => name === entity.name || (inherited && name === MEDIA))
    .flatMap((one) => one.fields);
  for (const field of fields) {
    resolvers[field.name] = (thing: Thing & Reference, args: Arguments) => {
      if (field.overriddenIn === home) throw broken('overridden', model.homes[home]!);
      failAt(`${entity.family}.${field.name} ${thing.at}`);
      if (field.requires === undefined) {
        const value = valueOf(model, thing, field.name, args);
        return field.provides === undefined ? value : withProvided(model, value, field.provides);
      }
      return computeFrom(field.requires.map((wanted) => readRequired(wanted, ({ field: name }) => thing[name])));
    };
  }
  return resolvers;
}

/** The things with the field that comes along, which others here may be computed from. */
function withProvided(model: GraphModel, value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withProvided(model, item, name));
  return value === null ? null : { ...(value as Thing), [name]: valueOf(model, value as Thing, name, {}) };
}

/** Never fails without `failAt`, unless all do. */
function referenceResolver({ model, home, faults }: SubgraphOptions, { name, family }: Entity, failAt?: Fail) {
  const resolve = (reference: Reference): unknown => {
    const at = readReference(reference);
    if (faults.on !== 'none' && failAt !== undefined) {
      failAt(`ref ${family} ${at}`);
      // Unknown to this subgraph, as services often say of things that another knows.
      if (hash(`${home} ${family} ${at}`) % 12 === 0) return null;
    }
    return { ...reference, ...thingOf(name, at) };
  };
  return (reference: Reference): unknown => {
    const isListFailing = faults.on === 'all' && faults.isListFailing(`${home} ${family} ${readReference(reference)}`);
    if (isListFailing) throw broken('list', model.homes[home]!);
    return Promise.resolve(reference).then(resolve);
  };
}
