/**
 * Operations of Tailcall with `@rest(method, path, query, body)`: `$id` in a path is a variable, `query` maps parameters to
 * variables, `body` is one variable. What nothing binds stays empty there.
 */
import { Kind, type DirectiveNode, type OperationDefinitionNode } from 'graphql';
import type { Fault } from '../../errors/fault.ts';
import { printHttp } from '../drafts/operation-text.ts';
import { rangeOf } from '../routes/fault-range.ts';
import { warn, type Importer } from './imported.ts';
import { rewriteDocuments } from './rewrite-documents.ts';
import { argumentsOf, left, nameOf, refuseMethod, routeOf, textOf, variablesOf, type Plan } from './route-plan.ts';

const knownArguments: ReadonlySet<string> = new Set(['method', 'path', 'query', 'body']);

export const importTailcall: Importer = (documents) => rewriteDocuments(documents, planOperation);

function planOperation(node: OperationDefinitionNode, warnings: Fault[]): Plan {
  const rest = node.directives?.find(({ name }) => name.value === 'rest');
  if (!rest) return left('it has no @rest');
  const given = argumentsOf(rest);
  const [method, path] = [textOf(given.get('method'))?.toUpperCase(), textOf(given.get('path'))];
  if (method === undefined || path === undefined) return left('@rest needs "method" and "path"');
  const refusal = refuseMethod(method, node);
  if (refusal !== undefined) return left(refusal);
  for (const argument of rest.arguments ?? []) {
    if (knownArguments.has(argument.name.value)) continue;
    warnings.push(warn(`"${argument.name.value}" of @rest is not known here and was taken out`, rangeOf(argument)));
  }
  const [address = '', search] = path.split('?');
  if (search !== undefined) warnings.push(warn(`"?${search}" of the path was taken out: use "query"`, rangeOf(rest)));
  const route = routeOf(address, (segment) => (segment.startsWith('$') ? `{${segment.slice(1)}}` : undefined));
  return {
    kind: 'route',
    name: node.name?.value ?? nameOf(method, route),
    directives: [printHttp(method, route)],
    variables: bindVariables(node, rest, method, route, warnings),
    removed: [rest],
  };
}

/** The parameters of `query`, by variable. Tailcall overlooks whatever is no variable. */
function readQuery(rest: DirectiveNode, warnings: Fault[]): Map<string, string> {
  const query = argumentsOf(rest).get('query');
  const found = new Map<string, string>();
  for (const field of query?.kind === Kind.OBJECT ? query.fields : []) {
    if (field.value.kind === Kind.VARIABLE) found.set(field.value.name.value, field.name.value);
    else warnings.push(warn(`"${field.name.value}" of "query" is no variable and was taken out`, rangeOf(field)));
  }
  return found;
}

function bindVariables(
  node: OperationDefinitionNode,
  rest: DirectiveNode,
  method: string,
  route: string,
  warnings: Fault[],
): Map<string, string> {
  const query = readQuery(rest, warnings);
  const body = argumentsOf(rest).get('body');
  const bodyName = body?.kind === Kind.VARIABLE ? body.name.value : undefined;
  const hasNoBody = method === 'GET' || method === 'DELETE';
  if (body && (bodyName === undefined || hasNoBody)) {
    const reason = bodyName === undefined ? 'it is no variable' : `a ${method} has none`;
    warnings.push(warn(`"body" was taken out: ${reason}`, rangeOf(body)));
  }
  const directives = new Map<string, string>();
  for (const variable of variablesOf(node)) {
    const name = variable.variable.name.value;
    const parameter = query.get(name);
    if (route.includes(`{${name}}`)) continue;
    if (parameter !== undefined) {
      directives.set(name, parameter === name ? '@query' : `@query(name: "${parameter}")`);
    } else if (name === bodyName && !hasNoBody) directives.set(name, '@body');
    else {
      directives.set(name, '@query');
      warnings.push(warn(`Nothing binds "$${name}" there; here it is a query parameter`, rangeOf(variable)));
    }
  }
  return directives;
}
