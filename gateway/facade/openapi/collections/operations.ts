/** The operations of an OpenAPI document with a sample of each request: what every collection for clients is made from. */
import type { Json } from '../../contract.ts';
import { follow, isNode, type Node } from '../follow.ts';
import { sampleOf } from './sample.ts';

export interface ParameterSample {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  /** As it is written in a URL or a header. */
  readonly value: string;
  /** The document gives the value: it is no made-up one. */
  readonly isExample: boolean;
}

export interface OperationSample {
  readonly id: string;
  readonly method: string;
  /** With holes: `/books/{id}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary?: string;
  readonly description?: string;
  readonly parameters: readonly ParameterSample[];
  readonly body?: { readonly mediaType: string; readonly value: Json };
  /** Status of the success. */
  readonly success: number;
  /** Schema of what a success answers in JSON. */
  readonly answer?: Node;
  /** Headers of the success. */
  readonly headers: readonly string[];
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

const child = (node: Node, name: string): Node => {
  const value = node[name];
  return isNode(value) ? value : {};
};

const text = (value: Json): string =>
  Array.isArray(value) ? value.map(text).join(',') : isNode(value) ? JSON.stringify(value) : String(value);

function readParameter(document: Node, reference: Json): ParameterSample[] {
  const parameter = follow(document, reference);
  const { name, in: place, required, description } = parameter;
  if (typeof name !== 'string' || (place !== 'path' && place !== 'query' && place !== 'header')) return [];
  const schema = follow(document, parameter['schema']);
  const given = parameter['example'] ?? schema['default'];
  return [
    {
      name,
      in: place,
      required: required === true,
      ...(typeof description === 'string' ? { description } : {}),
      value: text(given ?? sampleOf(document, schema)),
      isExample: given !== undefined && given !== null,
    },
  ];
}

function readBody(document: Node, operation: Node): Pick<OperationSample, 'body'> {
  const [first] = Object.entries(child(follow(document, operation['requestBody']), 'content'));
  if (!first || !isNode(first[1])) return {};
  const [mediaType, content] = first;
  return { body: { mediaType, value: content['example'] ?? sampleOf(document, content['schema']) } };
}

function readSuccess(document: Node, operation: Node): Pick<OperationSample, 'success' | 'answer' | 'headers'> {
  const [status = '200', reference] =
    Object.entries(child(operation, 'responses')).find(([one]) => one.startsWith('2')) ?? [];
  const response = follow(document, reference);
  const content = child(child(response, 'content'), 'application/json');
  const answer = 'schema' in content ? { answer: follow(document, content['schema']) } : {};
  return { success: Number(status), ...answer, headers: Object.keys(child(response, 'headers')) };
}

/** Every operation, in the order of the document. */
export function readOperations(document: Node): OperationSample[] {
  return Object.entries(child(document, 'paths')).flatMap(([path, item]) =>
    methods.flatMap((method): OperationSample[] => {
      const operation = isNode(item) ? item[method] : undefined;
      if (!isNode(operation)) return [];
      // Of a document that the facade has made: an operation has an id, its tags are names.
      const { operationId, tags, summary, description, parameters } = operation;
      return [
        {
          id: operationId as string,
          method: method.toUpperCase(),
          path,
          tag: Array.isArray(tags) && tags.length > 0 ? (tags[0] as string) : 'api',
          ...(typeof summary === 'string' ? { summary } : {}),
          ...(typeof description === 'string' ? { description } : {}),
          parameters: (Array.isArray(parameters) ? parameters : []).flatMap((one) => readParameter(document, one)),
          ...readBody(document, operation),
          ...readSuccess(document, operation),
        },
      ];
    }),
  );
}

/** The address of the API: absolute, below `origin` where the document says none. */
export function baseUrlOf(document: Node, origin: string): string {
  const [server] = Array.isArray(document['servers']) ? document['servers'] : [];
  const url = isNode(server) ? (server['url'] as string) : '';
  return /^https?:/.test(url) ? url : `${origin}${url === '/' ? '' : url}`;
}

/** Title and description of the API. */
export const infoOf = (
  document: Node,
): { readonly title: string; readonly version: string; readonly description: string } => {
  const info = child(document, 'info');
  const word = (name: string): string => (typeof info[name] === 'string' ? info[name] : '');
  return { title: word('title'), version: word('version'), description: word('description') };
};
