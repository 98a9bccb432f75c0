/** The `id` of a connector: shaped like a GraphQL name, unique in the file (6.1). */
import { argumentPlace, placeOf } from '../places.ts';
import type { Rule } from '../rule.ts';

const wellFormed = /^[_A-Za-z][_0-9A-Za-z]*$/;

export const connectorIds: Rule = ({ connectors }, faults) => {
  const owners = new Map<string, string>();
  for (const connector of connectors) {
    const { id } = connector;
    if (id === undefined) continue;
    const node = argumentPlace(connector, 'id');
    const owner = owners.get(id);
    if (!wellFormed.test(id)) {
      const hint = 'A name starts with a letter or "_"; letters, digits and "_" follow';
      faults.report('INVALID_CONNECTOR_ID_NAME', `"${id}" cannot be the id of a connector`, node, hint);
    } else if (owner !== undefined) {
      const message = `${placeOf(connector)} has the id "${id}", which is that of ${owner}`;
      faults.report('DUPLICATE_ID_NAME', message, node, 'Ids are unique in a file');
    } else owners.set(id, placeOf(connector));
  }
};
