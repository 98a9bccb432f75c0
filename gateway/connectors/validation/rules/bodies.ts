/** A body that is written must be able to give something; so must a selection (9.5, 13.1). */
import { placeOf } from '../places.ts';
import type { Rule } from '../rule.ts';

export const bodies: Rule = ({ connectors }, faults) => {
  for (const connector of connectors) {
    const { body, selection } = connector;
    const parts = [
      { part: body, code: 'INVALID_BODY', name: 'body' },
      { part: selection, code: 'INVALID_SELECTION', name: 'selection' },
    ];
    for (const { part, code, name } of parts) {
      if (part?.tree.root.kind === 'list' && part.tree.root.items.length === 0) {
        faults.report(code, `The ${name} of ${placeOf(connector)} is empty`, part.node);
      }
    }
  }
};
