/**
 * Documents of Hot Chocolate's and Fusion's OpenAPI adapter. Our `@http` is a superset of theirs, and so is `@body`; `@hoist`
 * (`@responseBody` before) on a field is the path of the representation.
 */
import { Kind, type DirectiveNode, type OperationDefinitionNode } from 'graphql';
import type { Fault } from '../../errors/fault.ts';
import { printHttp } from '../drafts/operation-text.ts';
import { rangeOf } from '../routes/fault-range.ts';
import { readQueryParameter, readTemplate } from '../routes/route-template.ts';
import { warn, type Importer } from './imported.ts';
import { findMarkedField, rewriteDocuments } from './rewrite-documents.ts';
import { argumentsOf, left, nameOf, refuseMethod, routeOf, textOf, variablesOf, type Plan } from './route-plan.ts';

const knownArguments: ReadonlySet<string> = new Set(['method', 'route', 'queryParameters']);
const resultDirectives: ReadonlySet<string> = new Set(['hoist', 'responseBody']);

export const importHotChocolate: Importer = (documents) => rewriteDocuments(documents, planOperation);

function readQueryParameters(http: DirectiveNode): string[] {
  const value = argumentsOf(http).get('queryParameters');
  const items = value?.kind === Kind.LIST ? value.values : value ? [value] : [];
  return items.flatMap((item) => textOf(item) ?? []);
}

function planOperation(node: OperationDefinitionNode, warnings: Fault[]): Plan {
  const http = node.directives?.find(({ name }) => name.value === 'http');
  if (!http) return left('it has no @http');
  const given = argumentsOf(http);
  const [method, path] = [textOf(given.get('method')), textOf(given.get('route'))];
  if (method === undefined || path === undefined) return left('@http needs "method" and "route"');
  const refusal = refuseMethod(method, node);
  if (refusal !== undefined) return left(refusal);
  for (const argument of http.arguments ?? []) {
    if (knownArguments.has(argument.name.value)) continue;
    warnings.push(warn(`"${argument.name.value}" of @http is not known here and was taken out`, rangeOf(argument)));
  }
  const route = routeOf(path, () => undefined);
  const queryParameters = readQueryParameters(http);
  const marked = findMarkedField(node, resultDirectives);
  return {
    kind: 'route',
    name: node.name?.value ?? nameOf(method, route),
    directives: [
      printHttp(method, route, {
        queryParameters: queryParameters.length > 0 ? queryParameters.map((one) => JSON.stringify(one)) : undefined,
        result: marked && marked.path.length > 1 ? JSON.stringify(marked.path.join('.')) : undefined,
      }),
    ],
    variables: bindRest(node, method, route, queryParameters, warnings),
    removed: [http, ...(marked ? [marked.directive] : [])],
  };
}

/** Variables that nothing binds stay empty there; here every variable has a place, which is said. */
function bindRest(
  node: OperationDefinitionNode,
  method: string,
  route: string,
  queryParameters: readonly string[],
  warnings: Fault[],
): Map<string, string> {
  const segments = readTemplate(route);
  const bound = new Set([
    ...(typeof segments === 'string'
      ? []
      : segments.flatMap((one) => (one.kind === 'parameter' ? [one.variable] : []))),
    ...queryParameters.flatMap((text) => readQueryParameter(text)?.variable ?? []),
  ]);
  const isBody = (variable: (typeof all)[number]) => variable.directives?.some(({ name }) => name.value === 'body');
  const all = variablesOf(node);
  for (const variable of all.filter((one) => isBody(one) && bound.has(one.variable.name.value))) {
    const name = variable.variable.name.value;
    warnings.push(
      warn(
        `"$${name}" is the body and is filled from the address as well; here it is the one or the other`,
        rangeOf(variable),
      ),
    );
  }
  const rest = all.filter((variable) => !bound.has(variable.variable.name.value) && !isBody(variable));
  const isInQuery = method === 'GET' || method === 'DELETE' || all.some(isBody);
  for (const variable of rest) {
    const place = isInQuery ? 'a query parameter' : 'a member of the body';
    warnings.push(
      warn(`Nothing binds "$${variable.variable.name.value}" there; here it is ${place}`, rangeOf(variable)),
    );
  }
  return new Map(isInQuery ? rest.map((variable) => [variable.variable.name.value, '@query']) : []);
}
