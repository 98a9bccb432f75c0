/**
 * Compares two JSON Schemas of an OpenAPI document. The same difference means the opposite on the two ways: what is taken
 * may only become wider, what is answered only narrower.
 */
import type { Json } from '../../facade/index.ts';
import { follow, isNode, type Node } from '../../facade/openapi/follow.ts';
import type { Change, Severity } from './change.ts';

/** `in`: what clients send. `out`: what they get. */
export type Direction = 'in' | 'out';

/** A schema with references followed, `allOf` merged, and null told apart. */
interface Shape {
  readonly isNullable: boolean;
  readonly types: readonly string[];
  readonly values: readonly Json[] | undefined;
  readonly isOpenEnded: boolean;
  readonly properties: ReadonlyMap<string, Node>;
  readonly required: ReadonlySet<string>;
  readonly items: Node | undefined;
  /** Members of a union, by the name of their type. */
  readonly members: ReadonlyMap<string, Node>;
  readonly node: Node;
}

const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

const nameOf = (document: Node, member: Json, index: number): string => {
  if (isNode(member) && typeof member['$ref'] === 'string') return member['$ref'].split('/').at(-1)!;
  const { properties, title, allOf } = follow(document, member);
  const typeName =
    isNode(properties) && isNode(properties['__typename']) ? properties['__typename']['const'] : undefined;
  const inner = listOf(allOf)
    .map((part) => nameOf(document, part, -1))
    .find((name) => name !== '');
  return typeof typeName === 'string'
    ? typeName
    : typeof title === 'string'
      ? title
      : (inner ?? (index < 0 ? '' : `${index}`));
};

function shapeOf(document: Node, schema: Json | undefined): Shape {
  const node = follow(document, schema);
  const alternatives = [...listOf(node['anyOf']), ...listOf(node['oneOf'])];
  const isNull = (one: Json) => follow(document, one)['type'] === 'null';
  const real = alternatives.filter((one) => !isNull(one));
  if (real.length === 1) return { ...shapeOf(document, real[0]), isNullable: alternatives.length > 1 };
  const types = listOf(node['type']).map(String);
  const values = Array.isArray(node['enum']) ? node['enum'] : 'const' in node ? [node['const']!] : undefined;
  const parts = listOf(node['allOf']).map((part) => shapeOf(document, part));
  const properties = new Map(parts.flatMap((part) => [...part.properties]));
  for (const [name, property] of Object.entries(isNode(node['properties']) ? node['properties'] : {})) {
    if (isNode(property)) properties.set(name, property);
  }
  const own = types.filter((type) => type !== 'null');
  return {
    isNullable: types.includes('null') || (values?.includes(null) ?? false) || real.length < alternatives.length,
    types: own.length > 0 ? own : parts.flatMap((part) => part.types),
    values: values?.filter((value) => value !== null),
    isOpenEnded: node['x-open-ended'] === true || node['x-extensible-enum'] !== undefined,
    properties,
    required: new Set([...parts.flatMap((part) => [...part.required]), ...listOf(node['required']).map(String)]),
    items: isNode(node['items']) ? node['items'] : undefined,
    members: new Map(real.map((member, index) => [nameOf(document, member, index), member as Node])),
    node,
  };
}

const quote = (value: Json): string => (typeof value === 'string' ? `"${value}"` : JSON.stringify(value));

/** Bounds, and on which side of them a value is refused. */
const bounds = [
  ['minimum', 1],
  ['minLength', 1],
  ['minItems', 1],
  ['maximum', -1],
  ['maxLength', -1],
  ['maxItems', -1],
] as const;

const refOf = (node: Json | undefined): string =>
  isNode(node) && typeof node['$ref'] === 'string' ? node['$ref'] : '';

const covers = (types: readonly string[], type: string): boolean =>
  types.includes(type) || (type === 'integer' && types.includes('number'));

export interface SchemaRules {
  /** The earlier document leaves limits to the service: one it does not set is no promise that there is none. */
  readonly leavesLimits: boolean;
}

/** Walks two schemas side by side and gathers what differs. */
export class SchemaComparison {
  readonly changes: Change[] = [];
  readonly #before: Node;
  readonly #after: Node;
  readonly #rules: SchemaRules;
  /** Pairs of named schemas that are being compared. */
  readonly #open = new Set<string>();

  constructor(before: Node, after: Node, rules: SchemaRules) {
    this.#before = before;
    this.#after = after;
    this.#rules = rules;
  }

  add(severity: Severity, place: string, what: string, reason: string): void {
    this.changes.push({ severity, place, what, reason });
  }

  compare(old: Json | undefined, now: Json | undefined, direction: Direction, place: string): void {
    const pair = `${refOf(old)} ${refOf(now)}`;
    if (pair !== ' ' && this.#open.has(pair)) return; // a type that holds itself
    this.#open.add(pair);
    this.#compareShapes(shapeOf(this.#before, old), shapeOf(this.#after, now), direction, place);
    this.#open.delete(pair);
  }

  #compareShapes(before: Shape, after: Shape, direction: Direction, place: string): void {
    this.#compareTypes(before, after, direction, place);
    this.#compareNull(before, after, direction, place);
    this.#compareValues(before, after, direction, place);
    this.#compareLimits(before, after, direction, place);
    this.#compareProperties(before, after, direction, place);
    this.#compareMembers(before, after, direction, place);
    if (before.items && after.items) this.compare(before.items, after.items, direction, `${place}[]`);
  }

  #compareTypes(before: Shape, after: Shape, direction: Direction, place: string): void {
    const isWider = before.types.every((type) => covers(after.types, type));
    const isNarrower = after.types.every((type) => covers(before.types, type));
    if (isWider && isNarrower) return;
    const what = `type ${before.types.join(', ') || 'any'} became ${after.types.join(', ') || 'any'}`;
    const isFine =
      direction === 'in'
        ? isWider || after.types.length === 0
        : before.types.length === 0 || (isNarrower && after.types.length > 0);
    if (isFine) this.add('safe', place, what, 'What clients do still fits');
    else
      this.add(
        'breaking',
        place,
        what,
        direction === 'in' ? 'What clients send is refused' : 'Clients read another type',
      );
  }

  #compareNull({ isNullable: was }: Shape, { isNullable: is }: Shape, direction: Direction, place: string): void {
    if (was === is) return;
    if (direction === 'out') {
      if (is) this.add('breaking', place, 'may be null now', 'A client that reads it does not expect null');
      else this.add('safe', place, 'is never null now', 'A check for null is merely not needed any more');
    } else if (is) this.add('safe', place, 'may be null now', 'Clients may send more than before');
    else this.add('breaking', place, 'may not be null any more', 'A client that sends null is refused');
  }

  #compareValues(before: Shape, after: Shape, direction: Direction, place: string): void {
    if (!before.values && !after.values) return;
    if (!before.values || !after.values) {
      const isWider = !after.values;
      const what = isWider
        ? 'any value is possible now'
        : `only ${after.values.map(quote).join(', ')} are possible now`;
      const isFine = isWider === (direction === 'in') || before.isOpenEnded;
      this.add(
        isFine ? 'safe' : 'breaking',
        place,
        what,
        isFine ? 'What clients do still fits' : 'Clients meet what they do not know',
      );
      return;
    }
    const added = after.values.filter((value) => !before.values!.includes(value));
    const gone = before.values.filter((value) => !after.values!.includes(value));
    for (const value of added) {
      const isFine = direction === 'in' || before.isOpenEnded;
      const reason = isFine ? 'Clients need not know it' : 'Clients meet a value they do not know';
      this.add(isFine ? 'safe' : 'breaking', place, `value ${quote(value)} was added`, reason);
    }
    for (const value of gone) {
      const reason =
        direction === 'in' ? 'A client that sends it is refused' : 'Clients merely do not meet it any more';
      this.add(direction === 'in' ? 'breaking' : 'safe', place, `value ${quote(value)} is missing`, reason);
    }
  }

  #compareLimits({ node: before }: Shape, { node: after }: Shape, direction: Direction, place: string): void {
    for (const [name, sign] of bounds) {
      const [was, is] = [before[name], after[name]];
      if (was === is || (was !== undefined && typeof was !== 'number') || (is !== undefined && typeof is !== 'number'))
        continue;
      const isTighter = is !== undefined && (was === undefined || (is - was) * sign > 0);
      const what = `${name} ${was ?? 'none'} became ${is ?? 'none'}`;
      if (was === undefined && this.#rules.leavesLimits)
        this.add('safe', place, what, 'The limit is for the service to set');
      else if (isTighter && direction === 'in') this.add('breaking', place, what, 'What clients send may be refused');
      else if (!isTighter && direction === 'out')
        this.add('dangerous', place, what, 'Clients may meet values they do not expect');
      else this.add('safe', place, what, 'What clients do still fits');
    }
    if (before['pattern'] !== after['pattern']) {
      const isLoosened = after['pattern'] === undefined && direction === 'in';
      this.add(
        isLoosened ? 'safe' : 'dangerous',
        place,
        'the form of the text changed',
        'Whether the old texts fit cannot be told from the patterns',
      );
    }
  }

  #compareProperties(before: Shape, after: Shape, direction: Direction, place: string): void {
    const at = (name: string) => (/^[A-Z]+ \S+ \S+$/.test(place) ? `${place} ${name}` : `${place}.${name}`);
    for (const [name, schema] of before.properties) {
      const now = after.properties.get(name);
      if (!now) {
        const reason = direction === 'in' ? 'Unknown members are refused' : 'A client that reads it finds nothing';
        this.add('breaking', at(name), 'the property is missing', reason);
        continue;
      }
      const [was, is] = [before.required.has(name), after.required.has(name)];
      if (was !== is) this.#changeRequired(is, direction, at(name));
      if (now['deprecated'] === true && schema['deprecated'] !== true)
        this.add('safe', at(name), 'is deprecated', 'It is still there');
      this.compare(schema, now, direction, at(name));
    }
    for (const name of after.properties.keys()) {
      if (before.properties.has(name)) continue;
      if (direction === 'in' && after.required.has(name))
        this.add('breaking', at(name), 'a required property was added', 'A client that does not send it is refused');
      else
        this.add(
          'safe',
          at(name),
          'a property was added',
          'Clients ignore what they do not know, and need not send it',
        );
    }
  }

  #changeRequired(isRequired: boolean, direction: Direction, place: string): void {
    const what = isRequired ? 'is required now' : 'is optional now';
    if (direction === 'in' && isRequired)
      this.add('breaking', place, what, 'A client that does not send it is refused');
    else if (direction === 'out' && !isRequired)
      this.add('breaking', place, what, 'A client that reads it may find nothing');
    else this.add('safe', place, what, 'What clients do still fits');
  }

  #compareMembers(before: Shape, after: Shape, direction: Direction, place: string): void {
    for (const [name, member] of before.members) {
      const now = after.members.get(name);
      if (now) this.compare(member, now, direction, `${place}<${name}>`);
      else {
        const reason =
          direction === 'in' ? 'A client that sends it is refused' : 'Clients merely do not meet it any more';
        this.add(direction === 'in' ? 'breaking' : 'dangerous', place, `member "${name}" is missing`, reason);
      }
    }
    for (const name of after.members.keys()) {
      if (before.members.has(name)) continue;
      const reason = direction === 'in' ? 'Clients need not know it' : 'Clients meet a type they do not know';
      this.add(direction === 'in' ? 'safe' : 'breaking', place, `member "${name}" was added`, reason);
    }
  }
}
