/**
 * What other tools make requests with: a Postman collection, an .http file, Arazzo workflows. All of it is sent to the bookshop,
 * in this process, and nothing of it may be refused for its form.
 */
import { Ajv } from 'ajv';
import { BaseResolver, createConfig, lintDocument, makeDocumentFromString } from '@redocly/openapi-core';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { FacadeResponse, Json } from '../../../gateway/facade/index.ts';
import { buildArazzo } from '../../../gateway/facade/openapi/collections/arazzo.ts';
import { buildHttpFile } from '../../../gateway/facade/openapi/collections/http-file.ts';
import { buildPostman } from '../../../gateway/facade/openapi/collections/postman.ts';
import { jsonOf, openShop, type Shop } from '../bookshop.ts';

const shop = openShop();
const { openapi, routes } = shop.facade;
const origin = 'http://127.0.0.1:4000';
const base = `${origin}/rest`;

const send = (to: Shop, method: string, url: string, headers: Record<string, string>, body?: string) =>
  to.send(url.replace(base, '/rest'), {
    method,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    ...(body === undefined ? {} : { body: new TextEncoder().encode(body) }),
  });

/** Samples name things that are not there; for their form they are not refused. */
function expectUnderstood(answer: FacadeResponse): void {
  const isInvalid = answer.status === 422 && String(jsonOf(answer)['type']).endsWith('/validation');
  expect([400, 405, 406, 415, 428].includes(answer.status) || isInvalid ? answer : undefined).toBe(undefined);
  expect(answer.status).toBeLessThan(500);
}

interface Entry {
  readonly key: string;
  readonly value: string;
  readonly disabled?: boolean;
}

interface PostmanRequest {
  readonly method: string;
  readonly header: readonly Entry[];
  readonly url: { readonly raw: string; readonly path: readonly string[]; readonly variable: readonly Entry[] };
  readonly body?: { readonly raw: string };
}

interface PostmanItem {
  readonly name: string;
  readonly item?: readonly PostmanItem[];
  readonly request?: PostmanRequest;
}

describe('the Postman collection', () => {
  const collection = buildPostman(openapi, origin) as unknown as { item: PostmanItem[]; variable: Entry[] };
  const requests = collection.item.flatMap(({ item = [] }) => item.map(({ request }) => request!));

  it('has the form of format 2.1', () => {
    const entry = {
      type: 'object',
      required: ['key', 'value'],
      properties: { key: { type: 'string' }, value: { type: 'string' }, disabled: { type: 'boolean' } },
    };
    const validate = new Ajv().compile({
      type: 'object',
      required: ['info', 'item'],
      properties: {
        info: {
          type: 'object',
          required: ['name', 'schema'],
          properties: { schema: { const: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' } },
        },
        variable: { type: 'array', items: entry },
        item: { type: 'array', minItems: 1, items: { $ref: '#/definitions/item' } },
      },
      definitions: {
        item: {
          type: 'object',
          required: ['name'],
          properties: {
            item: { type: 'array', items: { $ref: '#/definitions/item' } },
            response: { type: 'array' },
            request: {
              type: 'object',
              required: ['method', 'url'],
              properties: {
                header: { type: 'array', items: entry },
                url: {
                  type: 'object',
                  required: ['raw', 'host', 'path'],
                  properties: { query: { type: 'array', items: entry }, variable: { type: 'array', items: entry } },
                },
                body: { type: 'object', required: ['mode', 'raw'] },
              },
            },
          },
        },
      },
    });
    validate(collection);
    expect(validate.errors).toBeNull();
  });

  it('has every operation of the version once, and its address as a variable', () => {
    expect(requests).toHaveLength(routes.length);
    expect(collection.variable).toEqual([{ key: 'baseUrl', value: base, type: 'string' }]);
  });

  it.each(requests.map((request) => [`${request.method} ${request.url.path.join('/')}`, request] as const))(
    '%s is understood',
    async (_, { method, url, header, body }) => {
      const filled = url.variable.reduce((raw, { key, value }) => raw.replace(`:${key}`, value), url.raw);
      const sent = header.filter(({ disabled }) => disabled !== true).map(({ key, value }) => [key, value]);
      const address = filled.replace('{{baseUrl}}', base);
      expectUnderstood(await send(shop, method, address, Object.fromEntries(sent), body?.raw));
    },
  );
});

describe('the .http file', () => {
  const text = buildHttpFile(openapi, origin);
  const requests = text
    .split(/^### .*\n/m)
    .slice(1)
    .map((part) => part.replaceAll(/^#.*\n/gm, ''));

  it('has every operation of the version once, by name', () => {
    const names = new Set([...text.matchAll(/^# @name (\w+)$/gm)].map(([, name]) => name));
    expect(names).toEqual(new Set(routes.map(({ operation }) => operation)));
    expect(requests).toHaveLength(routes.length);
    expect(text.startsWith(`@baseUrl = ${base}\n`)).toBe(true);
  });

  it.each(requests.map((request) => [request.split('\n')[0]!, request] as const))(
    '%s is understood',
    async (_, request) => {
      const [head = '', ...body] = request.trim().split('\n\n');
      const [line = '', ...headers] = head.split('\n');
      const [method = '', url = ''] = line.split(' ');
      const sent = headers.map((one) => one.split(': ') as [string, string]);
      const content = body.length > 0 ? body.join('\n\n') : undefined;
      const address = url.replace('{{baseUrl}}', base);
      expectUnderstood(await send(shop, method, address, Object.fromEntries(sent), content));
    },
  );
});

interface Step {
  readonly stepId: string;
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly value: string }[];
  readonly requestBody?: { readonly contentType: string; readonly payload: Json };
  readonly successCriteria: readonly { readonly condition: string }[];
  readonly outputs?: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly workflowId: string;
  readonly inputs?: { readonly properties: Readonly<Record<string, { readonly examples?: readonly string[] }>> };
  readonly steps: readonly Step[];
}

/** What an output names: a header, or a place in the body. */
function readOutput(expression: string, answer: FacadeResponse): string {
  const header = /^\$response\.header\.(.+)$/.exec(expression)?.[1];
  if (header !== undefined) return String(answer.headers[header.toLowerCase()]);
  const path = expression.replace('$response.body#/', '').split('/');
  return String(path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], jsonOf(answer)));
}

/** Runs a workflow against a shop, and gives the status of each step. */
async function runWorkflow({ steps, inputs }: Workflow, to: Shop): Promise<string[]> {
  const known = new Map<string, string>();
  for (const [name, { examples }] of Object.entries(inputs?.properties ?? {}))
    known.set(`$inputs.${name}`, examples?.[0] ?? '');
  const statuses: string[] = [];
  for (const { stepId, operationId, parameters = [], requestBody, successCriteria, outputs = {} } of steps) {
    const { method, route } = routes.find(({ operation }) => operation === operationId)!;
    const valued = parameters.map((one) => ({ ...one, value: known.get(one.value) ?? one.value }));
    const inPlace = (place: string) => valued.filter((one) => one.in === place).map(({ name, value }) => [name, value]);
    const path = inPlace('path').reduce((text, [name, value]) => text.replace(`{${name}}`, value!), route);
    const query = new URLSearchParams(inPlace('query') as [string, string][]).toString();
    const type = requestBody ? { 'Content-Type': requestBody.contentType } : {};
    const address = `/rest${path}${query === '' ? '' : `?${query}`}`;
    const headers = { ...Object.fromEntries(inPlace('header')), ...type } as Record<string, string>;
    const answer = await send(to, method, address, headers, requestBody && JSON.stringify(requestBody.payload));
    statuses.push(`${stepId} ${successCriteria[0]!.condition.endsWith(` ${answer.status}`) ? 'ok' : answer.status}`);
    for (const [name, expression] of Object.entries(outputs))
      known.set(`$steps.${stepId}.outputs.${name}`, readOutput(expression, answer));
  }
  return statuses;
}

describe('the Arazzo workflows', () => {
  const document = buildArazzo(openapi, `${base}/openapi.json`) as unknown as { workflows: Workflow[] };
  const byName = (name: string): Workflow => document.workflows.find(({ workflowId }) => workflowId === name)!;

  it('have no finding of Redocly', async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const source = makeDocumentFromString(JSON.stringify(document), 'arazzo.json');
    const found = await lintDocument({ document: source, externalRefResolver: new BaseResolver(), config });
    expect(found.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
  });

  it('tell the story of each noun', () => {
    expect(
      document.workflows.map(({ workflowId, steps }) => [workflowId, ...steps.map(({ stepId }) => stepId)]),
    ).toEqual([
      ['browse-authors', 'ListAuthors', 'GetAuthor'],
      ['browse-books', 'ListBooks', 'GetBook'],
      ['life-of-books', 'CreateBook', 'GetBook', 'PatchBook', 'ReplaceBook', 'AddReview', 'DeleteBook'],
      ['browse-orders', 'ListOrders', 'GetOrder'],
      ['life-of-orders', 'PlaceOrder', 'GetOrder', 'CancelOrder'],
    ]);
  });

  it('find a book and read it, with the key the list gave', async () => {
    expect(await runWorkflow(byName('browse-books'), openShop())).toEqual(['ListBooks ok', 'GetBook ok']);
  });

  it('lead a book from being created to being deleted, each write under the tag of the one before', async () => {
    const statuses = await runWorkflow(byName('life-of-books'), openShop());
    expect(statuses).toEqual([
      'CreateBook ok',
      'GetBook ok',
      'PatchBook ok',
      'ReplaceBook ok',
      'AddReview ok',
      'DeleteBook ok',
    ]);
  });
});

describe('the description in YAML', () => {
  it('says the same as in JSON, and is 304 for who has it', async () => {
    const { status, headers, body } = await shop.send('/rest/openapi.yaml');
    expect([status, headers['content-type']]).toEqual([200, 'application/yaml']);
    expect(parse(String(body))).toEqual(openapi);
    const again = await shop.send('/rest/openapi.yaml', { headers: { 'if-none-match': String(headers['etag']) } });
    expect(again.status).toBe(304);
  });
});
