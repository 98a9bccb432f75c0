/** Walks what a selection gives beside the schema: every field it writes, with the type it writes it to. */
import type { ExpressionNode, Span } from '../mapping/ast.ts';
import { objectShapes, typenameOf, type ObjectShape, type Shape } from '../mapping/shape.ts';
import { namedTypeOf, type FieldEntry, type SchemaIndex, type TypeEntry } from '../spec/schema-index.ts';

export interface ShapeVisitor {
  /** A field that is written; `entry` is undefined when the type has no such field. */
  onField?(
    type: TypeEntry,
    name: string,
    entry: FieldEntry | undefined,
    shape: Shape,
    span: Span,
    value: ExpressionNode | undefined,
  ): void;
  /** An object whose `__typename` names no type that is possible there. */
  onUnknownType?(typename: string, possible: readonly string[], span: Span): void;
  /** A value of this type about whose fields nothing is known. */
  onOpen?(type: TypeEntry): void;
}

export function walkShape(shape: Shape, typeName: string, schema: SchemaIndex, visitor: ShapeVisitor): void {
  if (shape.kind === 'unknown') {
    for (const name of schema.possibleTypes(typeName)) visitor.onOpen?.(schema.types.get(name)!);
  }
  if (shape.kind === 'union') for (const member of shape.members) walkShape(member, typeName, schema, visitor);
  if (shape.kind === 'object') walkObject(shape, typeName, schema, visitor);
}

function walkObject(shape: ObjectShape, typeName: string, schema: SchemaIndex, visitor: ShapeVisitor): void {
  const type = concreteType(shape, typeName, schema, visitor);
  if (!type) return;
  if (shape.isOpen) visitor.onOpen?.(type);
  for (const [name, field] of shape.fields) {
    if (name === '__typename') continue;
    const entry = type.fields.get(name);
    visitor.onField?.(type, name, entry, field.shape, { start: field.start, end: field.end }, field.value);
    const inner = entry && namedTypeOf(entry.type);
    if (inner !== undefined && schema.isComposite(inner)) walkShape(field.shape, inner, schema, visitor);
  }
}

function concreteType(
  shape: ObjectShape,
  typeName: string,
  schema: SchemaIndex,
  visitor: ShapeVisitor,
): TypeEntry | undefined {
  const possible = schema.possibleTypes(typeName);
  const typename = typenameOf(shape);
  if (typename === undefined) return possible.length === 1 ? schema.types.get(possible[0]!) : undefined;
  if (possible.includes(typename)) return schema.types.get(typename);
  visitor.onUnknownType?.(typename, possible, shape.fields.get('__typename')!);
  return undefined;
}

/** Whether a shape is certain to give a scalar where an object is needed. */
export const lacksGroup = (shape: Shape): boolean =>
  shape.kind === 'leaf' ||
  (shape.kind === 'literal' && shape.value !== null) ||
  (shape.kind === 'union' && objectShapes(shape).length === 0 && shape.members.some(lacksGroup));
