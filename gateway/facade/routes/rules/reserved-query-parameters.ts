/** Rule 20: `fields` and `embed` belong to the facade (2.3). */
import type { Rule } from './rule.ts';

export const reservedQueryParameters: Rule = ({ declarations, report }) => {
  for (const { claims, name } of declarations) {
    for (const claim of claims) {
      if (claim.from === 'query' && (claim.name === 'fields' || claim.name === 'embed')) {
        report(
          `Query parameter "${claim.name}" of "${name}" is reserved`,
          claim.node,
          'Give it another name: @query(name: "...")',
        );
      }
    }
  }
};
