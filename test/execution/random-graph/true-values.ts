/**
 * What every field of a random graph is, whoever gives it: it follows from the entity, the field and the arguments alone. So any
 * plan has to give the same answer, and so has one schema that has everything.
 */
import type { Field, GraphModel, Requirement } from './graph-model.ts';
import { entityOf, fieldsOf, MEDIA } from './graph-model.ts';

export interface Thing {
  readonly __typename: string;
  readonly at: number;
}

export type Arguments = Readonly<Record<string, unknown>>;

const INSTANCES = 4;
const MOODS = ['GLAD', 'CALM', 'GRIM'];

/** A number that the text alone decides (FNV-1a). */
export function hash(text: string): number {
  let value = 2_166_136_261;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 16_777_619);
  value = Math.imul(value ^ (value >>> 15), 2_246_822_519);
  return (value ^ (value >>> 13)) >>> 0;
}

/** An instance of a type; of an interface, of the type that this one is of. */
export function thingOf(name: string, number: number): Thing {
  const at = Math.abs(number) % INSTANCES;
  if (name === 'Book') return { __typename: 'Book', at: at - (at % 2) };
  if (name === 'Film') return { __typename: 'Film', at: at - (at % 2) + 1 };
  return { __typename: name === MEDIA ? (at % 2 === 0 ? 'Book' : 'Film') : name, at };
}

/** Every instance, with a gap and repeated ones. */
export function listOf(name: string): (Thing | null)[] {
  const all = Array.from({ length: INSTANCES }, (_, at) => thingOf(name, at));
  return [...all, null, ...all.slice(0, 2)];
}

/** What a reference is about, by whichever key it has. */
export function readReference({ id, code, tag }: Record<string, unknown>): number {
  if (typeof id === 'string') return Number(id.split('-')[1]);
  return typeof code === 'string' ? Number(code.split('#')[1]) : (tag as { number: number }).number;
}

export function valueOf(model: GraphModel, { __typename, at }: Thing, name: string, args: Arguments): unknown {
  const { family } = entityOf(model, __typename);
  if (name === 'id') return `${family}-${at}`;
  if (name === 'code') return `${family}#${at}`;
  if (name === 'part') return at * 10;
  if (name === 'tag') return { zone: `zone ${at % 2}`, number: at };
  if (name.startsWith('label')) return at === 3 ? null : `${name} of ${__typename} ${at}`;
  const field = fieldsOf(model, __typename).find((other) => other.name === name)!;
  if (field.requires === undefined) return plainValue(model, field, at, args);
  const sources = field.requires.map((one) =>
    readRequired(one, (wanted) => requiredValue(model, { __typename, at }, wanted)),
  );
  return computeFrom(sources);
}

/** What a field makes of what it requires. */
export const computeFrom = (sources: readonly unknown[]): string => `computed from ${JSON.stringify(sources)}`;

/** The value that is required, out of the object of the field. */
export function readRequired(wanted: Requirement, read: (wanted: Requirement) => unknown): unknown {
  const value = read(wanted) ?? null;
  if (wanted.below === undefined || value === null || typeof value !== 'object') return value;
  return (value as Record<string, unknown>)[wanted.below] ?? null;
}

function requiredValue(model: GraphModel, thing: Thing, { field, by, below }: Requirement): unknown {
  const value = valueOf(model, thing, field, by === undefined ? {} : { by });
  if (below === undefined || value === null || !('at' in (value as object))) return value;
  return { [below]: valueOf(model, value as Thing, below, {}) };
}

function plainValue(model: GraphModel, field: Field, at: number, { by = 1, with: options }: Arguments): unknown {
  const number = hash(`${field.name} ${at}`);
  const isNull = number % 7 === 0;
  const thing = (offset: number): Thing => thingOf(field.target!, number + offset);
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
      return isNull ? [null, `a of ${at}`] : [`b of ${at}`, `c of ${at}`];
    case 'value':
      return isNull ? null : { size: number % 5, shape: `shape of ${at}` };
    case 'counted':
      return `${field.name} of ${at} by ${String(by)}`;
    case 'picked':
      return `${field.name} of ${at} with ${JSON.stringify(options ?? null)}`;
    case 'one':
      return isNull ? null : thing(0);
    case 'many':
      return isNull ? null : [thing(1), null, thing(1), thing(2)];
    case 'strictMany':
      return [thing(0), thing(3)];
    case 'grid':
      return [[thing(0), thing(1)], null, [], [thing(2)]];
    case 'page':
      return isNull ? null : { total: number % 50, nodes: [thing(2), thing(0)] };
    case 'labelled':
      return model.labelled.entities.map((name) => thingOf(name, number));
    case 'any': {
      const members = model.any.get(field.owner)!;
      return isNull ? null : thingOf(members[number % members.length]!, number);
    }
  }
}

/** What the root fields of the graph give; a mutation says how many came before. */
export function rootValueOf(model: GraphModel, name: string, args: Arguments, countPush: () => number): unknown {
  const isIn = (home: string): number => Number(home);
  if (name.startsWith('aliveIn')) return true;
  const [, pushed] = /^push(\D+)In\d$/.exec(name) ?? [];
  if (pushed !== undefined) return thingOf(pushed, countPush());
  if (name.startsWith('push')) return countPush();
  const [, what = '', home = ''] = /^(.+)From(\d)$/.exec(name) ?? [];
  if (what === 'labelled') return model.labelled.entities.flatMap((one) => listOf(one).slice(0, 2));
  if (what === 'firstLabelled') return thingOf(model.labelled.entities[0]!, 1);
  if (what === 'any')
    return model.any
      .get(isIn(home))!
      .toReversed()
      .flatMap((one) => listOf(one).slice(1, 4));
  const single = model.entities.find((one) => one.name.toLowerCase() === what);
  if (single !== undefined) return thingOf(single.name, (args['at'] as number | null | undefined) ?? 0);
  return listOf(model.entities.find((one) => `${one.name.toLowerCase()}s` === what)!.name);
}
