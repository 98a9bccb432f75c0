/** Rule 8: one root field (O3), written in the operation itself. */
import type { Rule } from './rule.ts';

export const oneRootField: Rule = ({ declarations, report }) => {
  for (const { operation, rootFields, name } of declarations) {
    const { selections } = operation.selectionSet;
    if (selections.length === 1 && rootFields.length === 1) continue;
    report(
      `"${name}" has ${selections.length === 1 ? 'no root field of its own' : `${selections.length} root selections`}, expected one root field`,
      selections[1] ?? selections[0] ?? operation,
      'Start joined resources from one root and walk the graph',
    );
  }
};
