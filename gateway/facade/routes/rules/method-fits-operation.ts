/** Rule 7: a GET bound to a mutation would let a crawler write; a query under PUT, PATCH or DELETE would promise a write. */
import { argumentNode } from '../declaration.ts';
import type { Rule } from './rule.ts';

export const methodFitsOperation: Rule = ({ declarations, report }) => {
  for (const { http, isMutation, name } of declarations) {
    const { method } = http.values;
    const node = argumentNode(http.node, 'method');
    if (method === 'GET' && isMutation) report(`GET is bound to the mutation "${name}"`, node, 'A GET must be safe');
    if (method !== 'GET' && method !== 'POST' && !isMutation) report(`${method} is bound to the query "${name}"`, node);
  }
};
