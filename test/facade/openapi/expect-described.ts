/** Checks an answer against the OpenAPI document: its status, its media type and its body are described. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import type { FacadeResponse, Json } from '../../../gateway/facade/index.ts';

type Node = { [name: string]: Json };

const escape = (text: string): string => text.replaceAll('~', '~0').replaceAll('/', '~1');

function findPath(paths: Node, url: string): string | undefined {
  const path = url.split('?')[0]!.replace(/^\/rest(\/v2)?(?=\/)/, '');
  const matches = (template: string) => new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path);
  return Object.keys(paths).find((template) => template === path) ?? Object.keys(paths).find(matches);
}

/** Fails when the route is in the document and the answer is not. */
export function expectDescribed(openapi: Node, url: string, method: string, response: FacadeResponse): void {
  const template = findPath(openapi['paths'] as Node, url);
  const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
  const operation = template === undefined ? undefined : ((openapi['paths'] as Node)[template] as Node)[verb];
  if (template === undefined || operation === undefined || response.status === 405) return;
  const responses = (operation as Node)['responses'] as Node;
  const status = responses[String(response.status)] ? String(response.status) : 'default';
  expect(responses[status], `${method} ${url} may answer ${response.status}`).toBeDefined();
  if (response.body === undefined) return;

  const { $ref } = responses[status] as { $ref?: string };
  const at = $ref?.slice(1) ?? `/paths/${escape(template)}/${verb}/responses/${status}`;
  const media = escape(String(response.headers['content-type']));
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(openapi, 'openapi');
  const validate = ajv.compile({ $ref: `openapi#${at}/content/${media}/schema` });
  expect([validate(JSON.parse(String(response.body))), validate.errors]).toEqual([true, null]);
}
