/** Rule 4: a template that does not read, or a hole in it that no variable fills. */
import { didYouMean } from '../../../errors/did-you-mean.ts';
import { argumentNode } from '../declaration.ts';
import type { Rule } from './rule.ts';

export const pathSegmentWithoutVariable: Rule = ({ declarations, report }) => {
  for (const { segments, http, operation, name, claims, badQueryParameters } of declarations) {
    const node = argumentNode(http.node, 'route');
    const variables = (operation.variableDefinitions ?? []).map((definition) => definition.variable.name.value);
    if (typeof segments === 'string') {
      report(segments, node);
      continue;
    }
    for (const segment of segments) {
      if (segment.kind === 'literal') continue;
      const isBound = claims.some((claim) => claim.from === 'path' && claim.name === segment.name);
      if (isBound) continue;
      const place = [segment.variable, ...segment.path].join('.');
      const hint = didYouMean(segment.variable, variables);
      report(
        `Path parameter "{${segment.name}}" of "${http.values.route}" needs a variable "$${place}" in "${name}"`,
        node,
        hint,
      );
    }
    for (const text of badQueryParameters) {
      report(
        `Entry "${text}" of "queryParameters" names no variable of "${name}"`,
        argumentNode(http.node, 'queryParameters'),
        'Write "name", or "name:$variable.field"',
      );
    }
  }
};
