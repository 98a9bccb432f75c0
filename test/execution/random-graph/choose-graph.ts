/** A federated graph out of random choices. */
import type { Choose, Entity, Field, FieldKind, GraphModel, Key, LeafKind, Requirement } from './graph-model.ts';
import { entityOf, isGivenBy, MEDIA } from './graph-model.ts';

const LEAVES: readonly LeafKind[] = ['text', 'text', 'strict', 'number', 'mood', 'texts', 'counted', 'picked'];
const OTHERS: readonly FieldKind[] = ['value', 'one', 'one', 'many', 'strictMany', 'grid', 'page', 'labelled', 'any'];
const MAIN_KEYS: readonly Key[] = ['id', 'id', 'id part', 'id tag { zone number }'];

/** As it is while fields are still being chosen. */
type Draft = Omit<Entity, 'fields'> & { readonly fields: Field[] };

export function chooseGraph(choose: Choose): GraphModel {
  const homes = ['red', 'green', 'blue'].slice(0, 2 + choose(2));
  const all = homes.map((_, index) => index);
  const plain = ['Ant', 'Bee', 'Cat'].slice(0, 2 + choose(2)).map((name) => draftEntity(name, all, choose));
  const mediaHome = choose(2) === 0 ? choose(homes.length) : undefined;
  const entities = [...plain, ...(mediaHome === undefined ? [] : draftMedia(mediaHome, all, choose))];
  const labelled = chooseLabelled(plain, all, choose);
  const any = new Map(
    some(all, choose).flatMap((home) => {
      const members = plain.filter(({ keys }) => keys.has(home)).map(({ name }) => name);
      return members.length === 0 ? [] : [[home, members] as const];
    }),
  );
  const model = { homes, entities, labelled, any, mediaHome, isCodeHidden: choose(2) === 0 };
  for (const entity of entities) {
    const count = (entity.name === 'Book' || entity.name === 'Film' ? 1 : 3) + choose(3);
    for (let index = 0; index < count; index++) entity.fields.push(chooseField(model, entity, index, choose));
  }
  return { ...model, entities: entities.map((entity) => withProvides(model, entity, choose)) };
}

const pick = <Item>(items: readonly Item[], choose: Choose): Item => items[choose(items.length)]!;

function some<Item>(items: readonly Item[], choose: Choose): Item[] {
  const chosen = items.filter(() => choose(4) > 0);
  return chosen.length > 0 ? chosen : [pick(items, choose)];
}

function draftEntity(name: string, all: readonly number[], choose: Choose): Draft {
  const homes = some(all, choose);
  const main = pick(MAIN_KEYS, choose);
  // The first home is asked by either key, so that the others can be reached from each other.
  const hasCode = choose(3) === 0;
  const ways: readonly (readonly Key[])[] = hasCode ? [[main], ['code'], ['code', main]] : [[main]];
  const keys = new Map(
    homes.map((home, index) => [home, hasCode && index === 0 ? [main, 'code' as const] : pick(ways, choose)] as const),
  );
  const stubs = all.filter((home) => !homes.includes(home) && choose(3) === 0);
  return { name, kind: 'type', family: name, keys, stubs, fields: [] };
}

function draftMedia(home: number, all: readonly number[], choose: Choose): Draft[] {
  const key = ['id'] as const;
  const others = all.filter((other) => other !== home);
  const objectHome = pick(others, choose);
  const third = others.find((other) => other !== objectHome);
  const isBookThere = third !== undefined && choose(2) === 0;
  const isObjectThere = third !== undefined && !isBookThere && choose(2) === 0;
  const common = { family: MEDIA, stubs: [] };
  return [
    {
      ...common,
      name: MEDIA,
      kind: 'interface object',
      keys: new Map([[home, key], [objectHome, key], ...(isObjectThere ? [[third, key] as const] : [])]),
      fields: [],
    },
    {
      ...common,
      name: 'Book',
      kind: 'type',
      keys: new Map([[home, key], ...(isBookThere ? [[third, key] as const] : [])]),
      fields: [],
    },
    { ...common, name: 'Film', kind: 'type', keys: new Map([[home, key]]), fields: [] },
  ];
}

function chooseLabelled(plain: readonly Draft[], all: readonly number[], choose: Choose): GraphModel['labelled'] {
  const homes = some(all, choose);
  const entities = plain.filter(({ keys }) => homes.every((home) => keys.has(home))).map(({ name }) => name);
  return entities.length === 0 ? { homes: [], entities: [] } : { homes, entities };
}

function chooseField(model: GraphModel, entity: Draft, index: number, choose: Choose): Field {
  const homes = [...entity.keys.keys()];
  const owner = pick(homes, choose);
  const others = homes.filter((home) => home !== owner);
  const name = `${entity.name.toLowerCase()}${index}`;
  const kind = choose(2) === 0 ? pick(LEAVES, choose) : pick(OTHERS, choose);
  if (kind === 'labelled' && !model.labelled.homes.includes(owner)) return { name, owner, kind: 'text' };
  if (kind === 'any' && !model.any.has(owner)) return { name, owner, kind: 'mood' };
  if (['one', 'many', 'strictMany', 'grid', 'page'].includes(kind)) {
    const targets = model.entities.filter(({ keys, stubs }) => keys.has(owner) || stubs.includes(owner));
    return { name, owner, kind, target: pick(targets, choose).name };
  }
  if (kind !== 'text' && kind !== 'strict') return { name, owner, kind };
  const how = choose(4);
  // What an interface object requires is planned wrongly in several ways (docs/explanation/planning.md).
  if (how <= 1 && entity.name !== MEDIA) {
    const requires = chooseRequirements(model, entity, owner, choose);
    if (requires.length > 0) return { name, owner, kind, requires };
  }
  if (others.length === 0 || entity.name === MEDIA) return { name, owner, kind };
  if (how === 2) return { name, owner, kind, sharedWith: pick(others, choose) };
  return how === 3 ? { name, owner, kind, overriddenIn: pick(others, choose) } : { name, owner, kind };
}

function chooseRequirements(model: GraphModel, entity: Draft, home: number, choose: Choose): Requirement[] {
  const possible = entity.fields.flatMap((field): Requirement[] => {
    const isHere = isGivenBy(field, home) || field.overriddenIn === home || field.requires !== undefined;
    if (isHere) return [];
    if (field.kind === 'text' || field.kind === 'number') return [{ field: field.name }];
    if (field.kind === 'counted') return [{ field: field.name, by: choose(3) }];
    if (field.kind === 'value') return [{ field: field.name, below: 'shape' }];
    if (field.kind !== 'one') return [];
    const target = entityOf(model, field.target!);
    const below = target.fields.find(
      (other) => other.kind === 'text' && other.requires === undefined && other.overriddenIn === undefined,
    );
    return below === undefined || !target.keys.has(home) || target.kind !== 'type' || target.name === entity.name
      ? []
      : [{ field: field.name, below: below.name }];
  });
  return possible.length === 0 ? [] : some(possible, choose).slice(0, 2);
}

function withProvides(model: GraphModel, entity: Entity, choose: Choose): Entity {
  const fields = entity.fields.map((field): Field => {
    const isReference = field.kind === 'one' || field.kind === 'many';
    if (!isReference || entity.name === MEDIA || choose(2) === 0) return field;
    const target = entityOf(model, field.target!);
    if (target.kind !== 'type' || !target.keys.has(field.owner)) return field;
    const provided = target.fields.find(
      (other) =>
        other.kind === 'text' &&
        other.owner !== field.owner &&
        other.sharedWith === undefined &&
        other.overriddenIn === undefined &&
        other.requires === undefined,
    );
    return provided === undefined ? field : { ...field, provides: provided.name };
  });
  return { ...entity, fields };
}
