/** Rule 2: a variable, or a place inside one, that two things on the wire would fill: one of them would be lost. */
import type { Claim } from '../declaration.ts';
import type { Rule } from './rule.ts';

const overlaps = (a: Claim, b: Claim): boolean =>
  a.variable === b.variable && a.path.every((name, i) => b.path[i] === undefined || b.path[i] === name);

export const variableBoundTwice: Rule = ({ declarations, report }) => {
  for (const { claims, name } of declarations) {
    claims.forEach((claim, i) => {
      const earlier = claims.slice(0, i).find((other) => overlaps(other, claim));
      if (!earlier) return;
      const place = [`$${claim.variable}`, ...claim.path].join('.');
      report(`Variable "${place}" of "${name}" is bound twice: by ${earlier.by} and by ${claim.by}`, claim.node);
    });
    for (const from of ['query', 'header', 'property'] as const) {
      const names = claims.filter((claim) => claim.from === from);
      names.forEach((claim, i) => {
        if (names.slice(0, i).some((other) => other.name === claim.name && other.variable !== claim.variable)) {
          report(`Two variables of "${name}" are read from the same ${from} parameter "${claim.name}"`, claim.node);
        }
      });
    }
  }
};
