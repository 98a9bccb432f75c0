/** Directives and arguments that are specified and not built: refused in plain words, so that nothing is ignored in silence. */
import { argumentNode } from '../declaration.ts';
import type { Rule } from './rule.ts';

export const notThereYet: Rule = ({ declarations, report }) => {
  for (const { http, name } of declarations) {
    if (http.values.expose) report(`"expose" of "${name}" is not supported yet`, argumentNode(http.node, 'expose'));
  }
};
