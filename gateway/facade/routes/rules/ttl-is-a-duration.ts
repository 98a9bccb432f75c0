/** How long an answer is kept under its key is a duration with a unit. */
import { argumentNode } from '../declaration.ts';
import type { Rule } from './rule.ts';

const millisecondsIn: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `24h` in milliseconds; undefined for what is no duration. */
export function readTtl(text: string): number | undefined {
  const [, amount = '', unit = ''] = /^([1-9]\d{0,5})(s|m|h|d)$/.exec(text) ?? [];
  const factor = millisecondsIn[unit];
  return factor === undefined ? undefined : Number(amount) * factor;
}

export const ttlIsADuration: Rule = ({ declarations, report }) => {
  for (const { idempotent, name } of declarations) {
    if (!idempotent || readTtl(idempotent.values.ttl) !== undefined) continue;
    const node = argumentNode(idempotent.node, 'ttl');
    report(`"ttl" of "${name}" is "${idempotent.values.ttl}", expected a duration such as "24h"`, node);
  }
};
