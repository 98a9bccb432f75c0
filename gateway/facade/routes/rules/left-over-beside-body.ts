/** Rule 5: with `@body` one variable is the whole body, so a left-over variable would have no place; and a body needs a method that has one. */
import type { Rule } from './rule.ts';

export const leftOverBesideBody: Rule = ({ declarations, report }) => {
  for (const { claims, http, name } of declarations) {
    const body = claims.find((claim) => claim.from === 'body');
    if (!body) continue;
    for (const claim of claims) {
      if (claim.from !== 'property') continue;
      report(
        `Variable "$${claim.variable}" of "${name}" has no place: "$${body.variable}" is the whole body`,
        claim.node,
        'Put it into the route, or mark it @query or @header',
      );
    }
    if (http.values.method === 'GET' || http.values.method === 'DELETE') {
      report(`A ${http.values.method} has no body, but "$${body.variable}" of "${name}" is marked @body`, body.node);
    }
  }
};
