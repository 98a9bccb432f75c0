/** A file of requests for editors (`.http`, as the REST clients of VS Code and JetBrains read it): one request an operation. */
import type { Node } from '../follow.ts';
import { baseUrlOf, readOperations, type OperationSample } from './operations.ts';

/** A value in a path: variables of the file would need a name of their own, so the sample itself is there to be changed. */
function fillPath({ path, parameters }: OperationSample): string {
  const values = new Map(parameters.filter((one) => one.in === 'path').map(({ name, value }) => [name, value]));
  return path.replaceAll(/\{([^}]*)\}/g, (_, name: string) => encodeURIComponent(values.get(name) ?? name));
}

function printRequest(operation: OperationSample): string {
  const { id, method, parameters, body, summary } = operation;
  const sent = parameters.filter(({ required, isExample }) => required || isExample);
  const query = sent
    .filter((one) => one.in === 'query')
    .map(({ name, value }) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  const optional = parameters.filter((one) => one.in === 'query' && !sent.includes(one)).map(({ name }) => name);
  return [
    `### ${summary ?? id}`,
    ...(optional.length > 0 ? [`# Also: ${optional.join(', ')}`] : []),
    `# @name ${id}`,
    `${method} {{baseUrl}}${fillPath(operation)}${query === '' ? '' : `?${query}`}`,
    'Accept: application/json',
    ...(body ? [`Content-Type: ${body.mediaType}`] : []),
    ...sent.filter((one) => one.in === 'header').map(({ name, value }) => `${name}: ${value}`),
    ...(body ? ['', JSON.stringify(body.value, undefined, 2)] : []),
  ].join('\n');
}

/** The text of the file; addresses are below the variable `baseUrl`. */
export const buildHttpFile = (document: Node, origin: string): string =>
  [`@baseUrl = ${baseUrlOf(document, origin)}`, ...readOperations(document).map(printRequest), ''].join('\n\n');
