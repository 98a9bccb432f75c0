/** Rule 10: `page.size` or `page.cursor` naming no variable that the query fills; `max` below the variable's default. */
import { didYouMean } from '../../../errors/did-you-mean.ts';
import { argumentNode } from '../declaration.ts';
import type { Rule } from './rule.ts';

export const pageVariables: Rule = ({ declarations, report }) => {
  for (const { collection, claims, name, operation } of declarations) {
    const page = collection?.values.page;
    if (!collection || !page) continue;
    const node = argumentNode(collection.node, 'page');
    const variables = (operation.variableDefinitions ?? []).map((definition) => definition.variable.name.value);
    for (const part of ['size', 'cursor'] as const) {
      const claim = claims.find((one) => one.variable === page[part] && one.path.length === 0);
      if (claim?.from !== 'query') {
        const found = claim ? `, which ${claim.by} binds, not the query` : ', which is no variable';
        report(`page.${part} of "${name}" is "${page[part]}"${found}`, node, didYouMean(page[part], variables));
      } else if (part === 'size' && typeof claim.defaultValue === 'number' && claim.defaultValue > page.max) {
        report(
          `page.max of "${name}" is ${page.max}, below the default of "$${page.size}", ${claim.defaultValue}`,
          node,
        );
      }
    }
    if (page.max < 1) report(`page.max of "${name}" is ${page.max}, expected at least 1`, node);
  }
};
