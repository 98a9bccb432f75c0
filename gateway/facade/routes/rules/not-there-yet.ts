/** Directives and arguments that are specified and not built: refused in plain words, so that nothing is ignored in silence. */
import { argumentNode } from '../declaration.ts';
import type { Rule } from './rule.ts';

export const notThereYet: Rule = ({ declarations, report }) => {
  for (const { rels, async, http, collection, name } of declarations) {
    if (rels) report(`@rels of "${name}" is not supported yet`, rels.node, 'Derived links need no @rels');
    if (async) report(`@async of "${name}" is not supported yet`, async.node);
    if (http.values.location !== undefined) {
      report(
        `"location" of "${name}" is not supported yet`,
        argumentNode(http.node, 'location'),
        'Declare the @resource route of the result: Location follows from it',
      );
    }
    if (http.values.expose) report(`"expose" of "${name}" is not supported yet`, argumentNode(http.node, 'expose'));
    if (collection?.values.page?.style === 'OFFSET') {
      report(`Pages by offset, as "${name}" asks for, are not supported yet`, argumentNode(collection.node, 'page'));
    }
  }
};
