/** Rule 6: two routes of one version that are equal once the names of their parameters are erased; and the facade's own paths. */
import { argumentNode, type Declaration } from '../declaration.ts';
import { eraseNames } from '../route-template.ts';
import type { Rule } from './rule.ts';

const ownPaths: ReadonlySet<string> = new Set(['/openapi.json', '/openapi.yaml', '/docs', '/profile', '/problems/{}']);

export const sameRouteTwice: Rule = ({ declarations, report }) => {
  const withOperations = new Set(
    declarations.filter(({ async }) => async && !async.values.rule).map(({ version }) => version),
  );
  const seen = new Map<string, Declaration>();
  for (const declaration of declarations) {
    if (typeof declaration.segments === 'string') continue;
    const { method, route } = declaration.http.values;
    const node = argumentNode(declaration.http.node, 'route');
    const path = eraseNames(declaration.segments);
    const isOperation = path === '/operations/{}' && withOperations.has(declaration.version);
    if (ownPaths.has(path) || isOperation) report(`Route "${route}" is one the facade answers itself`, node);
    const key = `${declaration.version} ${method} ${path}`;
    const earlier = seen.get(key);
    if (earlier) {
      report(`${method} ${route} is declared twice: by "${earlier.name}" and by "${declaration.name}"`, node);
    } else {
      seen.set(key, declaration);
    }
  }
};
