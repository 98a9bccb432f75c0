/**
 * `@guard` needs the version to reach the operation: it goes on to the service that checks it (5.3, way B). Reading and
 * comparing at the gateway is not built.
 */
import type { Rule } from './rule.ts';

export const headersBound: Rule = ({ declarations, report }) => {
  for (const { claims, guard, name } of declarations) {
    const match = claims.find((claim) => claim.from === 'header' && claim.name === 'if-match');
    if (match?.required) {
      report(
        `"$${match.variable}" of "${name}" reads "If-Match" and may not be null`,
        match.node,
        'If-Match: * passes no version on, so the variable must be nullable',
      );
    }
    if (guard && !match) {
      report(
        `"${name}" has @guard, but no variable reads "If-Match"`,
        guard.node,
        'Bind the version: $version: Int @header(name: "If-Match")',
      );
    }
  }
};
