/**
 * `@guard` and `@idempotent` need the header to reach the operation: the version goes on to the service that checks it
 * (5.3, way B), and so does the key. Reading and comparing at the gateway, and a store of keys here, are not built yet.
 */
import type { Rule } from './rule.ts';

export const headersBound: Rule = ({ declarations, report }) => {
  for (const { claims, guard, idempotent, name } of declarations) {
    const reads = (header: string) => claims.some((claim) => claim.from === 'header' && claim.name === header);
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
    if (idempotent && !reads('idempotency-key')) {
      report(
        `"${name}" has @idempotent, but no variable reads "Idempotency-Key"`,
        idempotent.node,
        'Pass the key on: $key: String @header(name: "Idempotency-Key")',
      );
    }
  }
};
