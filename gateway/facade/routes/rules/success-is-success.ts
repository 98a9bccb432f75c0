/** A success is a status a done request can have; which one is the choice of the document. */
import { argumentNode } from '../declaration.ts';
import type { Rule } from './rule.ts';

export const successIsSuccess: Rule = ({ declarations, report }) => {
  for (const { async, http, name } of declarations) {
    const { success } = http.values;
    if (success === 202 && async && !async.values.rule) {
      const node = argumentNode(http.node, 'success');
      report(`"success" of "${name}" is what its operation ends with, expected 200, 201 or 204`, node);
    }
    if (success === undefined || [200, 201, 202, 204].includes(success)) continue;
    report(`"success" of "${name}" is ${success}, expected 200, 201, 202 or 204`, argumentNode(http.node, 'success'));
  }
};
