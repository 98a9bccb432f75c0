/**
 * Federated graphs out of random choices: entities with single and composite keys spread over subgraphs, references, lists,
 * an interface, a union, shared values, @requires, @provides, @shareable. Every value follows from its entity and field,
 * so that any plan gives the same answer; faults follow from them too.
 */
import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLError, parse, type GraphQLSchema } from 'graphql';

/** A number from 0 to below `count`. */
export type Choose = (count: number) => number;

export interface FederatedGraph {
  readonly subgraphs: readonly { readonly name: string; readonly sdl: string; readonly schema: GraphQLSchema }[];
}

type FieldKind =
  'text' | 'strict' | 'number' | 'mood' | 'texts' | 'value' | 'counted' | 'one' | 'many' | 'strictMany' | 'grid';

interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  readonly owner: number;
  /** A second subgraph that gives it too. */
  readonly sharedWith: number | undefined;
  /** Type that it refers to. */
  readonly target: string | undefined;
  /** Text field of the same entity, owned elsewhere, that it is computed from. */
  readonly requires: string | undefined;
  /** Text field of the target, owned elsewhere, that comes along. */
  readonly provides: string | undefined;
}

interface Entity {
  readonly name: string;
  readonly isComposite: boolean;
  readonly homes: readonly number[];
  readonly fields: Field[];
}

interface Thing {
  readonly __typename: string;
  readonly at: number;
}

const INSTANCES = 4;
const MOODS = ['GLAD', 'CALM', 'GRIM'];
const KINDS: readonly FieldKind[] = [
  ...(['text', 'text', 'strict', 'number', 'mood', 'texts', 'value', 'counted'] as const),
  ...(['one', 'one', 'many', 'many', 'strictMany', 'grid'] as const),
];

/**
 * Where things go wrong. Which subgraph is asked for what several can give, and what is asked for together, is for the planner to
 * choose: so what can be had from several fails everywhere or nowhere, and a list of entities fails always or never.
 */
interface Faults {
  readonly isFailing: (place: string) => boolean;
  /** Any reference to red takes its whole list with it. */
  readonly areListsFailing: boolean;
  /** Types of which some field can be had from several subgraphs. */
  readonly shared: ReadonlySet<string>;
}

export function createFederatedGraph(choose: Choose): FederatedGraph {
  const names = ['red', 'green', 'blue'].slice(0, 2 + choose(2));
  const entities = chooseEntities(names.length, choose);
  const salt = choose(1_000_000);
  const faultShare = [0, 0, 5, 15][choose(4)]!;
  const areListsFailing = faultShare > 0 && choose(4) === 0;
  const shared = new Set(entities.filter((entity) => isShared(entity, entities)).map(({ name }) => name));
  const faults: Faults = {
    isFailing: (place) => hash(`${salt}!${place}`) % 100 < faultShare,
    areListsFailing: areListsFailing && shared.size === 0,
    shared,
  };
  const abstractHome = choose(names.length);
  const subgraphs = names.map((name, index) => {
    const sdl = printSubgraph(entities, index, abstractHome);
    const typeDefs = parse(sdl);
    const resolvers = resolversOf(entities, index, name, faults, salt);
    return { name, sdl, schema: buildSubgraphSchema({ typeDefs, resolvers: resolvers as never }) };
  });
  return { subgraphs };
}

function chooseEntities(homeCount: number, choose: Choose): Entity[] {
  const entities: Entity[] = ['Ant', 'Bee', 'Cat'].slice(0, 2 + choose(2)).map((name) => ({
    name,
    isComposite: choose(3) === 0,
    homes: chooseHomes(homeCount, choose),
    fields: [],
  }));
  for (const entity of entities) {
    const count = 3 + choose(4);
    for (let index = 0; index < count; index++) entity.fields.push(chooseField(entity, index, entities, choose));
  }
  return entities.map((entity) => ({
    ...entity,
    fields: entity.fields.map((field) => withProvides(field, entities, choose)),
  }));
}

function chooseHomes(count: number, choose: Choose): number[] {
  const homes = Array.from({ length: count }, (_, index) => index).filter(() => choose(4) > 0);
  return homes.length > 0 ? homes : [choose(count)];
}

function chooseField(entity: Entity, index: number, entities: readonly Entity[], choose: Choose): Field {
  const owner = entity.homes[choose(entity.homes.length)]!;
  const kind = KINDS[choose(KINDS.length)]!;
  const others = entity.homes.filter((home) => home !== owner);
  const targets = entities.filter(({ homes }) => homes.includes(owner)).map(({ name }) => name);
  const isReference = ['one', 'many', 'strictMany', 'grid'].includes(kind);
  const isText = kind === 'text' || kind === 'strict';
  const required = entity.fields.find((field) => field.kind === 'text' && !isGivenBy(field, owner));
  const computes = isText && required !== undefined && required.requires === undefined && choose(2) === 0;
  const isShared = isText && !computes && others.length > 0 && choose(4) === 0;
  return {
    name: `${entity.name.toLowerCase()}${index}`,
    kind,
    owner,
    sharedWith: isShared ? others[choose(others.length)] : undefined,
    target: isReference ? targets[choose(targets.length)]! : undefined,
    requires: computes ? required.name : undefined,
    provides: undefined,
  };
}

function withProvides(field: Field, entities: readonly Entity[], choose: Choose): Field {
  if (field.kind !== 'one' || choose(2) === 0) return field;
  const target = entities.find(({ name }) => name === field.target)!;
  const provided = target.fields.find(
    (other) =>
      other.kind === 'text' && other.owner !== field.owner && other.sharedWith === undefined && !other.requires,
  );
  return provided === undefined ? field : { ...field, provides: provided.name };
}

const isShared = (entity: Entity, entities: readonly Entity[]): boolean =>
  entity.fields.some((field) => field.sharedWith !== undefined || isProvided(entity, field, undefined, entities));

const isGivenBy = (field: Field, home: number): boolean => field.owner === home || field.sharedWith === home;

function isExternal(entity: Entity, field: Field, home: number, entities: readonly Entity[]): boolean {
  if (isGivenBy(field, home)) return false;
  const isRequired = entity.fields.some((other) => isGivenBy(other, home) && other.requires === field.name);
  return isRequired || isProvided(entity, field, home, entities);
}

const isProvided = (entity: Entity, field: Field, home: number | undefined, entities: readonly Entity[]): boolean =>
  entities.some(({ fields }) =>
    fields.some(
      (other) =>
        other.provides === field.name && other.target === entity.name && (home === undefined || other.owner === home),
    ),
  );

function typeOf({ kind, target }: Field): string {
  switch (kind) {
    case 'text':
      return 'String';
    case 'strict':
      return 'String!';
    case 'number':
      return 'Int';
    case 'mood':
      return 'Mood';
    case 'texts':
      return '[String]';
    case 'value':
      return 'Value';
    case 'counted':
      return 'String';
    case 'one':
      return target!;
    case 'many':
      return `[${target!}]`;
    case 'strictMany':
      return `[${target!}!]`;
    case 'grid':
      return `[[${target!}!]]`;
  }
}

function printSubgraph(entities: readonly Entity[], home: number, abstractHome: number): string {
  const own = entities.filter(({ homes }) => homes.includes(home));
  const hasAbstract = home === abstractHome && own.length > 0;
  const types = own.map((entity) => printEntity(entity, home, entities, hasAbstract));
  const roots = own.flatMap(({ name }) => [
    `  ${name.toLowerCase()}From${home}(at: Int): ${name}`,
    `  ${name.toLowerCase()}sFrom${home}: [${name}]`,
  ]);
  if (hasAbstract) roots.push('  labelled: [Labelled]', '  firstLabelled: Labelled', '  any: [Any!]');
  return [
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@requires", "@provides", "@external", "@shareable"])',
    `type Query {\n  aliveIn${home}: Boolean\n${roots.join('\n')}\n}`,
    'type Value @shareable { size: Int  shape: String! }',
    'enum Mood { GLAD CALM GRIM }',
    ...(hasAbstract
      ? ['interface Labelled { label: String }', `union Any = ${own.map(({ name }) => name).join(' | ')}`]
      : []),
    ...types,
  ].join('\n\n');
}

function printEntity(entity: Entity, home: number, entities: readonly Entity[], isLabelled: boolean): string {
  const { name, isComposite, fields } = entity;
  const keys = isComposite ? '@key(fields: "id part")' : '@key(fields: "id")';
  const lines = fields.flatMap((field) => {
    const given = isGivenBy(field, home);
    if (!given && !isExternal(entity, field, home, entities)) return [];
    const marks = [
      ...(given ? [] : ['@external']),
      ...(given && (field.sharedWith !== undefined || isProvided(entity, field, undefined, entities))
        ? ['@shareable']
        : []),
      ...(given && field.requires !== undefined ? [`@requires(fields: "${field.requires}")`] : []),
      ...(given && field.provides !== undefined ? [`@provides(fields: "${field.provides}")`] : []),
    ];
    const args = field.kind === 'counted' ? '(by: Int = 1)' : '';
    return [`  ${field.name}${args}: ${typeOf(field)} ${marks.join(' ')}`];
  });
  return [
    `type ${name}${isLabelled ? ' implements Labelled' : ''} ${keys} {`,
    '  id: ID!',
    ...(isComposite ? ['  part: Int!'] : []),
    ...(isLabelled ? ['  label: String'] : []),
    ...lines,
    '}',
  ].join('\n');
}

const all = (name: string): Thing[] => Array.from({ length: INSTANCES }, (_, at) => ({ __typename: name, at }));

function resolversOf(entities: readonly Entity[], home: number, subgraph: string, faults: Faults, salt: number) {
  const query: Record<string, unknown> = { [`aliveIn${home}`]: () => true };
  const resolvers: Record<string, Record<string, unknown>> = { Query: query };
  const own = entities.filter(({ homes }) => homes.includes(home));
  const failAs =
    (who: string): Fail =>
    (place) => {
      if (!faults.isFailing(`${who} ${place}`)) return;
      throw new GraphQLError('It broke', { extensions: { code: `BROKEN_${who.toUpperCase()}`, service: subgraph } });
    };
  const failAt = failAs(subgraph);
  for (const { name } of own) {
    query[`${name.toLowerCase()}From${home}`] = (_: unknown, { at }: { at?: number | null }) => {
      failAt(`Query.${name} ${at ?? 0}`);
      return { __typename: name, at: Math.abs(at ?? 0) % INSTANCES };
    };
    query[`${name.toLowerCase()}sFrom${home}`] = () => [...all(name), null, ...all(name).slice(0, 2)];
  }
  query['labelled'] = () => own.flatMap(({ name }) => all(name).slice(0, 2));
  query['firstLabelled'] = () => all(own[0]!.name)[1];
  query['any'] = () => own.toReversed().flatMap(({ name }) => all(name).slice(1));
  for (const entity of own) {
    const { name } = entity;
    const isShared = faults.shared.has(name);
    const readReference = (reference: Record<string, unknown>) => {
      const at = Number(String(reference['id']).split('-')[1]);
      if (!isShared) {
        failAt(`ref ${name} ${at}`);
        // Unknown to this subgraph, as services often say of things that another knows.
        if (hash(`${salt} ${home} ${name} ${at}`) % 12 === 0) return null;
      }
      return { ...reference, __typename: name, at };
    };
    const failList = () => {
      throw new GraphQLError('All broke', { extensions: { code: 'BROKEN_LIST', service: subgraph } });
    };
    resolvers[name] = {
      ...entityResolvers(entity, isShared ? failAs('shared') : failAt),
      __resolveReference:
        faults.areListsFailing && home === 0
          ? failList
          : (reference: Record<string, unknown>) => Promise.resolve(reference).then(readReference),
    };
  }
  return resolvers;
}

type Fail = (place: string) => void;

function entityResolvers(entity: Entity, failAt: Fail): Record<string, unknown> {
  const { name } = entity;
  const resolvers: Record<string, unknown> = {
    __isTypeOf: (value: Thing) => value.__typename === name,
    id: ({ at }: Thing) => `${name}-${at}`,
    part: ({ at }: Thing) => at * 10,
    label: ({ at }: Thing) => (at === 3 ? null : `${name} ${at}`),
  };
  for (const field of entity.fields) {
    resolvers[field.name] = (thing: Thing & Record<string, unknown>, args: { by?: number | null }) => {
      failAt(`${name}.${field.name} ${thing.at}`);
      if (field.requires !== undefined) return `computed from ${JSON.stringify(thing[field.requires] ?? null)}`;
      return valueOf(name, field, thing.at, args.by ?? 0);
    };
  }
  return resolvers;
}

function valueOf(type: string, field: Field, at: number, by: number): unknown {
  const number = hash(`${type}.${field.name} ${at}`);
  const isNull = number % 7 === 0;
  const thing = (offset: number): Thing => ({ __typename: field.target!, at: (number + offset) % INSTANCES });
  switch (field.kind) {
    case 'strict':
      return `${field.name} of ${at}`;
    case 'text':
      return isNull ? null : `${field.name} of ${at}`;
    case 'number':
      return isNull ? null : number % 1000;
    case 'mood':
      return isNull ? null : MOODS[number % 3];
    case 'texts':
      return isNull ? [null, 'a'] : ['b', String(at)];
    case 'value':
      return isNull ? null : { size: number % 5, shape: `shape ${at}` };
    case 'counted':
      return `${field.name} of ${at} by ${by}`;
    case 'one':
      return isNull ? null : thing(0);
    case 'many':
      return isNull ? null : [thing(1), null, thing(1), thing(2)];
    case 'strictMany':
      return [thing(0), thing(3)];
    case 'grid':
      return [[thing(0), thing(1)], null, [], [thing(2)]];
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 2_166_136_261;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 16_777_619);
  return value >>> 0;
}
