/**
 * What the selection of a paged connector gives, and what becomes of it: the selection gives the items, in `nodes` or in
 * `edges { node }`, and `@tributaryPage` makes the rest of a Relay connection (docs/decisions/0017).
 */
import { fieldShape, objectShapes, type ObjectShape, type Shape } from '../mapping/shape.ts';

export type ItemsField = 'nodes' | 'edges';

/** Where a selection gives the items; `nodes` comes first. */
export const itemsFieldOf = (shape: Shape): ItemsField | undefined => {
  if (fieldShape(shape, 'nodes')) return 'nodes';
  const edges = fieldShape(shape, 'edges');
  return edges && fieldShape(edges, 'node') ? 'edges' : undefined;
};

/** The shape of the whole connection; of a list it is the shape of its items. */
export function connectionShape(shape: Shape): Shape {
  const itemsField = itemsFieldOf(shape);
  const members = objectShapes(shape).map((object): ObjectShape => {
    const items = fieldShape(object, itemsField ?? 'nodes');
    const node = (itemsField === 'edges' ? items && fieldShape(items, 'node') : items) ?? unknown;
    const fields = new Map(object.fields);
    fields.set('nodes', { shape: node, ...nowhere });
    fields.set('edges', { shape: objectOf({ cursor: leaf, node }), ...nowhere });
    const ends = { hasNextPage: leaf, hasPreviousPage: leaf, startCursor: leaf, endCursor: leaf };
    fields.set('pageInfo', { shape: objectOf(ends), ...nowhere });
    return { ...object, fields };
  });
  return members.length === 0 ? shape : { kind: 'union', members };
}

const leaf: Shape = { kind: 'leaf' };
const unknown: Shape = { kind: 'unknown' };
/** These fields stand at no place of the file. */
const nowhere = { start: 0, end: 0 };

const objectOf = (shapes: Readonly<Record<string, Shape>>): ObjectShape => ({
  kind: 'object',
  fields: new Map(Object.entries(shapes).map(([name, shape]) => [name, { shape, ...nowhere }])),
  isOpen: false,
});
