/**
 * What must be mapped of an answer so that a connection can be made of it: `nodes` and `edges { node }` are the same
 * items, asked for in two places.
 */
import type { Wanted } from '../../mapping/prune.ts';
import { shapeOfMapping } from '../../mapping/shape.ts';
import { itemsFieldOf, type ItemsField } from '../../spec/connection-shape.ts';
import type { Connector } from '../../spec/connector.ts';
import type { WantedFields } from '../wanted.ts';

/** The fields that `@tributaryPage` fills. */
const filled = new Set(['nodes', 'edges', 'pageInfo']);

/** Where the selection of a paged connector gives its items; a rule has seen that it does. */
export const itemsFieldOfConnector = ({ selection }: Pick<Connector, 'selection'>): ItemsField =>
  itemsFieldOf(shapeOfMapping(selection.tree)) ?? 'nodes';

/** Of a connection: everything that is asked for beside the items, and of the items what both places ask for. */
export function wantItems(connector: Pick<Connector, 'selection'>): (wanted: WantedFields) => Wanted {
  const itemsField = itemsFieldOfConnector(connector);
  return (wanted) => {
    if (!wanted.fields) return wanted;
    const inEdges = wanted.fields.get('edges');
    const node = [wanted.fields.get('nodes'), inEdges?.fields?.get('node')].reduce<Wanted>(
      (all, more) => (more ? mergeWanted(all, more) : all),
      { fields: new Map() },
    );
    const fields = new Map<string, Wanted>([...wanted.fields].filter(([name]) => !filled.has(name)));
    fields.set(itemsField, itemsField === 'nodes' ? node : { fields: new Map([['node', node]]) });
    return { fields };
  };
}

function mergeWanted(a: Wanted, b: Wanted): Wanted {
  if (!a.fields || !b.fields) return { fields: undefined };
  const fields = new Map(a.fields);
  for (const [name, wanted] of b.fields) {
    const other = fields.get(name);
    fields.set(name, other ? mergeWanted(other, wanted) : wanted);
  }
  return { fields, ...mergeByType(a, b) };
}

/** What one type wants in either place. */
function mergeByType(a: Wanted, b: Wanted): Pick<Wanted, 'byType'> {
  const types = new Set([...(a.byType?.keys() ?? []), ...(b.byType?.keys() ?? [])]);
  if (types.size === 0) return {};
  const of = (wanted: Wanted, type: string): Wanted => wanted.byType?.get(type) ?? { fields: wanted.fields };
  return { byType: new Map([...types].map((type) => [type, mergeWanted(of(a, type), of(b, type))])) };
}
