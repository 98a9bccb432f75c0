/** Rule 13: an outcome becomes a problem, so its fields must not be named like a member of one (RFC 9457, 3.1). */
import { argumentNode } from '../declaration.ts';
import type { Rule } from './rule.ts';
import { resultOf } from './known-paths.ts';

const problemMembers: ReadonlySet<string> = new Set([
  'type',
  'title',
  'status',
  'detail',
  'instance',
  'code',
  'traceId',
  'errors',
]);

export const outcomeMemberNames: Rule = ({ declarations, report }) => {
  for (const declaration of declarations) {
    const { http, name } = declaration;
    for (const { type, status } of http.values.outcomes ?? []) {
      if (type === undefined || status < 400) continue;
      const keys = resultOf(declaration)?.selection?.variants.get(type)?.fields.keys() ?? [];
      for (const key of keys) {
        if (!problemMembers.has(key)) continue;
        report(
          `Outcome "${type}" of "${name}" selects "${key}", which is a member of every problem`,
          argumentNode(http.node, 'outcomes'),
          `Use an alias, such as "${type.charAt(0).toLowerCase()}${type.slice(1)}${key.charAt(0).toUpperCase()}${key.slice(1)}: ${key}"`,
        );
      }
    }
  }
};
