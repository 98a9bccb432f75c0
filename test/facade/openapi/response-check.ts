/**
 * Holds answers against an OpenAPI document: the status is listed for the operation, the media type and the headers are
 * those of the response, the body fits the schema. What is listed only as `default` counts as not listed.
 */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Json } from '../../../gateway/facade/index.ts';

type Node = { readonly [name: string]: Json };

export interface CheckedAnswer {
  readonly method: string;
  /** Below the server of the document, with its query: `/books/1?fields=id`. */
  readonly url: string;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string | undefined;
}

/** Sentences about what the document does not say; none when it says it all. */
export type ResponseCheck = (answer: CheckedAnswer) => string[];

/** Headers that mean something to a client of the API; the others belong to HTTP itself. */
const meaningful = [
  ...[
    'etag',
    'location',
    'link',
    'vary',
    'cache-control',
    'retry-after',
    'www-authenticate',
    'accept',
    'accept-patch',
    'accept-post',
  ],
  ...['accept-encoding', 'content-location', 'preference-applied', 'partial-response', 'idempotency-replayed'],
  ...['deprecation', 'sunset'],
];

const escape = (text: string): string => text.replaceAll('~', '~0').replaceAll('/', '~1');

export function createResponseCheck(document: Node): ResponseCheck {
  const paths = document['paths'] as { [template: string]: { [method: string]: Node } };
  const templates = Object.keys(paths).map((template) => ({
    template,
    pattern: new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
  }));
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, 'openapi');
  const compiled = new Map<string, ValidateFunction>();
  const validatorAt = (pointer: string): ValidateFunction => {
    const known = compiled.get(pointer) ?? ajv.compile({ $ref: `openapi#${pointer}` });
    compiled.set(pointer, known);
    return known;
  };
  const follow = (node: Node, at: string): { node: Node; at: string } => {
    const reference = node['$ref'];
    if (typeof reference !== 'string') return { node, at };
    const [, , kind = '', name = ''] = reference.split('/');
    const components = document['components'] as { [kind: string]: { [name: string]: Node } };
    return { node: components[kind]![name]!, at: reference.slice(1) };
  };

  return ({ method, url, status, headers, body }) => {
    const [path = '', query = ''] = url.split('?');
    const found = paths[path] ? path : templates.find(({ pattern }) => pattern.test(path))?.template;
    const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
    const operation = found === undefined ? undefined : paths[found]![verb];
    if (found === undefined || !operation) return [];
    const responses = operation['responses'] as { [status: string]: Node };
    const listed = responses[String(status)];
    if (!listed) return [`${method} ${found} answers ${status}, which is not listed`];
    const { node, at } = follow(listed, `/paths/${escape(found)}/${verb}/responses/${status}`);
    const known = Object.keys((node['headers'] ?? {}) as Node).map((name) => name.toLowerCase());
    const faults = meaningful
      .filter((name) => headers[name] !== undefined && !known.includes(name))
      .map((name) => `${method} ${found} ${status} has the header "${name}", which is not listed`);
    if (body === undefined || body === '') return faults;
    const [media = ''] = String(headers['content-type']).split(';');
    const content = (node['content'] ?? {}) as Node;
    if (!(media in content)) return [...faults, `${method} ${found} ${status} is of "${media}", which is not listed`];
    // Chosen fields are a part of the shape, required members or not.
    if (/(^|&)fields=/.test(query) && status < 300) return faults;
    const validate = validatorAt(`${at}/content/${escape(media)}/schema`);
    if (validate(JSON.parse(body))) return faults;
    const errors = validate.errors ?? [];
    return [
      ...faults,
      ...errors.map(({ instancePath, message }) => `${method} ${found} ${status} ${instancePath} ${message}`),
    ];
  };
}
