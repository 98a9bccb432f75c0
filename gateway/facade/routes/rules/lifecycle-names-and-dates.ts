/** Rules 14 and 15: a successor that is no operation; dates that are none, or a sunset before the deprecation (RFC 8594, RFC 9745). */
import { didYouMean } from '../../../errors/did-you-mean.ts';
import { argumentNode } from '../declaration.ts';
import type { Rule } from './rule.ts';

/** A calendar date, optionally with a time in UTC; undefined for anything else. */
export function readDate(text: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$/.test(text)) return undefined;
  const date = new Date(text);
  const isReal = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.slice(0, 10));
  return isReal ? date : undefined;
}

export const lifecycleNamesAndDates: Rule = ({ declarations, disabled, report }) => {
  const names = declarations.map((declaration) => declaration.name);
  for (const { lifecycle, name } of declarations) {
    if (!lifecycle) continue;
    const { version, successor, deprecated, sunset } = lifecycle.values;
    if (version !== undefined && !/^v\d+$/.test(version)) {
      report(`Version "${version}" of "${name}" is not of the form "v1"`, argumentNode(lifecycle.node, 'version'));
    }
    if (successor !== undefined && !names.includes(successor) && !disabled.has(successor)) {
      report(
        `The successor of "${name}" is "${successor}", which is no operation`,
        argumentNode(lifecycle.node, 'successor'),
        didYouMean(successor, names),
      );
    }
    for (const part of ['deprecated', 'sunset'] as const) {
      const text = lifecycle.values[part];
      if (text !== undefined && !readDate(text)) {
        report(
          `"${part}" of "${name}" is "${text}", expected a date such as "2027-06-30"`,
          argumentNode(lifecycle.node, part),
        );
      }
    }
    const [start, end] = [readDate(deprecated ?? ''), readDate(sunset ?? '')];
    if (start && end && end < start) {
      report(
        `The sunset of "${name}", ${sunset}, is before its deprecation, ${deprecated}`,
        argumentNode(lifecycle.node, 'sunset'),
      );
    }
  }
};
