/**
 * What a mapping can give, known from its text alone: which fields, and which of several objects `->match` and spread
 * choose from. Arrays are transparent: the shape of a list is the shape of its items. Rule (c) of connectors.md 11.6 and
 * the checks of section 13 read it.
 */
import type { ExpressionNode, ItemNode, ListNode, MappingNode, PathNode, Span } from './ast.ts';

export type Shape =
  | ObjectShape
  | { readonly kind: 'union'; readonly members: readonly Shape[] }
  | { readonly kind: 'literal'; readonly value: null | boolean | number | bigint | string }
  /** A path without a sub-selection, or a method that gives a scalar. */
  | { readonly kind: 'leaf' }
  | { readonly kind: 'unknown' };

export interface ObjectShape {
  readonly kind: 'object';
  readonly fields: ReadonlyMap<string, ShapeField>;
  /** May have more fields than are known: something unknown is spread into it. */
  readonly isOpen: boolean;
}

interface ShapeField extends Span {
  readonly shape: Shape;
  /** What the mapping writes there; the last of several. */
  readonly value?: ExpressionNode;
}

const leaf: Shape = { kind: 'leaf' };
const unknown: Shape = { kind: 'unknown' };
const noFields: ObjectShape = { kind: 'object', fields: new Map(), isOpen: false };

/** Methods that give their input, or elements of it. */
const passing = new Set(['as', 'first', 'last', 'slice', 'get', 'filter', 'find']);
const opening = new Set(['entries', 'jsonParse', 'keysToCamelCase', 'keysToCamelCaseDeep']);

/** The shape of a whole mapping. */
export const shapeOfMapping = ({ root }: Pick<MappingNode, 'root'>): Shape =>
  root.kind === 'list' ? shapeOfItems(root.items) : shapeOf(root);

/** The objects a shape may be, unions looked through. */
export function objectShapes(shape: Shape): ObjectShape[] {
  if (shape.kind === 'object') return [shape];
  return shape.kind === 'union' ? shape.members.flatMap(objectShapes) : [];
}

/** The shapes of one field in all objects a shape may be. */
export function fieldShape(shape: Shape, name: string): Shape | undefined {
  const shapes = objectShapes(shape).flatMap(({ fields }) => fields.get(name)?.shape ?? []);
  return shapes.length === 0 ? undefined : unionOf(shapes);
}

/** Whether a shape may bring a field: it lists it, or is not wholly known. */
export function mayProvide(shape: Shape, name: string): boolean {
  if (shape.kind === 'unknown') return true;
  return objectShapes(shape).some(({ fields, isOpen }) => isOpen || fields.has(name));
}

/** The `__typename` literal of an object shape. */
export function typenameOf({ fields }: ObjectShape): string | undefined {
  const shape = fields.get('__typename')?.shape;
  return shape?.kind === 'literal' && typeof shape.value === 'string' ? shape.value : undefined;
}

function unionOf(shapes: readonly Shape[]): Shape {
  const members = shapes.flatMap((shape) => (shape.kind === 'union' ? shape.members : [shape]));
  return members.length === 1 ? members[0]! : { kind: 'union', members };
}

function shapeOf(node: ExpressionNode): Shape {
  switch (node.kind) {
    case 'literal':
      return { kind: 'literal', value: node.value };
    case 'array':
      return node.items.length === 0 ? leaf : unionOf(node.items.map(shapeOf));
    case 'chain':
      return unionOf(node.operands.map(shapeOf));
    case 'object':
      return shapeOfItems(node.items);
    case 'path':
      return shapeOfPath(node);
  }
}

const shapeOfList = ({ items }: ListNode): Shape => shapeOfItems(items);

function shapeOfPath({ head, steps, selection }: PathNode): Shape {
  if (selection) return shapeOfList(selection);
  let shape: Shape = head.kind === 'expression' ? shapeOf(head.value) : leaf;
  for (const step of steps) {
    if (step.kind === 'key') shape = fieldShape(shape, step.key) ?? leaf;
    if (step.kind === 'method') shape = shapeOfMethod(step.name, step.args ?? [], shape);
  }
  return shape;
}

function shapeOfMethod(name: string, args: readonly ExpressionNode[], input: Shape): Shape {
  if (passing.has(name)) return input;
  if (opening.has(name)) return unknown;
  if (name === 'echo' || name === 'map') return args[0] ? shapeOf(args[0]) : leaf;
  if (name !== 'match') return leaf;
  const values = args.flatMap((arg) => (arg.kind === 'array' && arg.items.length === 2 ? [arg.items[1]!] : []));
  return values.length === 0 ? leaf : unionOf(values.map(shapeOf));
}

function shapeOfItems(items: readonly ItemNode[]): Shape {
  const only = items.length === 1 ? items[0] : undefined;
  if (only?.kind === 'anonymous') return shapeOf(only.value);
  let alternatives: ObjectShape[] = [noFields];
  for (const item of items) {
    const added: ObjectShape[] =
      item.kind === 'field'
        ? [{ kind: 'object', fields: new Map([[item.name, fieldOf(item)]]), isOpen: false }]
        : spreadAlternatives(shapeOf(item.value));
    alternatives = alternatives.flatMap((base) => added.map((other) => mergeObjectShapes(base, other)));
  }
  return unionOf(alternatives);
}

const fieldOf = (item: ItemNode & { kind: 'field' }): ShapeField => ({
  shape: shapeOf(item.value),
  value: item.value,
  ...item.nameSpan,
});

function spreadAlternatives(shape: Shape): ObjectShape[] {
  const objects = objectShapes(shape);
  if (objects.length > 0) return objects;
  return shape.kind === 'literal' ? [noFields] : [{ ...noFields, isOpen: true }];
}

function mergeObjectShapes(a: ObjectShape, b: ObjectShape): ObjectShape {
  const fields = new Map(a.fields);
  for (const [name, field] of b.fields) {
    const before = fields.get(name);
    const shape = before ? mergeShapes(before.shape, field.shape) : field.shape;
    fields.set(name, { ...field, shape });
  }
  return { kind: 'object', fields, isOpen: a.isOpen || b.isOpen };
}

const mergeShapes = (a: Shape, b: Shape): Shape =>
  a.kind === 'object' && b.kind === 'object' ? mergeObjectShapes(a, b) : b;
