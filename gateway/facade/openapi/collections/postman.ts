/** A Postman collection, format 2.1: a folder a noun, a request an operation. Optional parameters are there, switched off. */
import type { Json } from '../../contract.ts';
import type { Node } from '../follow.ts';
import { baseUrlOf, infoOf, readOperations, type OperationSample, type ParameterSample } from './operations.ts';

const FORMAT = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';

const describe = (description: string | undefined): { description?: string } =>
  description === undefined ? {} : { description };

/** Required ones, and those whose value the document gives, are sent. */
const isSent = ({ required, isExample }: ParameterSample): boolean => required || isExample;

function buildUrl({ path, parameters }: OperationSample): Json {
  const segments = path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => segment.replace(/^\{(.*)\}$/, ':$1'));
  const query = parameters.filter((one) => one.in === 'query');
  const search = query
    .filter(isSent)
    .map(({ name, value }) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  return {
    raw: `{{baseUrl}}/${segments.join('/')}${search === '' ? '' : `?${search}`}`,
    host: ['{{baseUrl}}'],
    path: segments,
    query: query.map((one) => ({
      key: one.name,
      value: one.value,
      disabled: !isSent(one),
      ...describe(one.description),
    })),
    variable: parameters
      .filter((one) => one.in === 'path')
      .map(({ name, value, description }) => ({ key: name, value, ...describe(description) })),
  };
}

function buildRequest(operation: OperationSample): Json {
  const { method, parameters, body, description } = operation;
  const headers = parameters.filter((one) => one.in === 'header');
  return {
    method,
    header: [
      { key: 'Accept', value: 'application/json' },
      ...(body ? [{ key: 'Content-Type', value: body.mediaType }] : []),
      ...headers.map((one) => ({
        key: one.name,
        value: one.value,
        disabled: !isSent(one),
        ...describe(one.description),
      })),
    ],
    url: buildUrl(operation),
    ...(body
      ? {
          body: {
            mode: 'raw',
            raw: JSON.stringify(body.value, undefined, 2),
            options: { raw: { language: 'json' } },
          },
        }
      : {}),
    ...describe(description),
  };
}

/** The collection of a document; addresses are below the variable `baseUrl`. */
export function buildPostman(document: Node, origin: string): Json {
  const { title, description, version } = infoOf(document);
  const operations = readOperations(document);
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  return {
    info: { name: title, description, version, schema: FORMAT },
    item: tags.map((tag) => ({
      name: tag,
      item: operations
        .filter((operation) => operation.tag === tag)
        .map((operation) => ({
          name: operation.summary ?? operation.id,
          request: buildRequest(operation),
          response: [],
        })),
    })),
    variable: [{ key: 'baseUrl', value: baseUrlOf(document, origin), type: 'string' }],
  };
}
