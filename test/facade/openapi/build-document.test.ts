/** The OpenAPI document (facade.md 7.1): every reference leads somewhere, every schema compiles, shapes come from selections. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../gateway/facade/index.ts';
import { openShop } from '../bookshop.ts';

type Node = { [name: string]: Json };

const { openapi, routes } = openShop().facade;
const paths = openapi['paths'] as { [path: string]: { [method: string]: Node } };
const { schemas } = openapi['components'] as { schemas: { [name: string]: Node } };
const operations = Object.values(paths).flatMap((path) => Object.values(path));

const collect = (node: Json, name: string): Json[] => {
  if (typeof node !== 'object' || node === null) return [];
  if (Array.isArray(node)) return node.flatMap((item) => collect(item, name));
  return [
    ...(node[name] === undefined ? [] : [node[name]]),
    ...Object.values(node).flatMap((child) => collect(child, name)),
  ];
};

describe('the OpenAPI document', () => {
  it('says which version it is and where it is served', () => {
    expect(openapi).toMatchObject({
      openapi: '3.1.1',
      info: { title: 'Bookshop', version: '2.0.0' },
      servers: [{ url: '/rest' }],
    });
  });

  it('has an operation for every route, with a unique id', () => {
    expect(operations.map((operation) => operation['operationId'])).toEqual(
      [...new Set(routes.map(({ operation }) => operation))].sort((a, b) => {
        const order = operations.map((operation) => operation['operationId']);
        return order.indexOf(a) - order.indexOf(b);
      }),
    );
    expect(operations).toHaveLength(routes.length);
  });

  it('has no dead reference', () => {
    for (const reference of collect(openapi, '$ref') as string[]) {
      const found = reference
        .slice(2)
        .split('/')
        .reduce<Json | undefined>((node, key) => (node as Node | undefined)?.[key], openapi);
      expect(found, reference).toBeDefined();
    }
  });

  it('declares every path parameter of every path', () => {
    for (const [path, item] of Object.entries(paths)) {
      const holes = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      for (const operation of Object.values(item)) {
        const declared = ((operation['parameters'] ?? []) as Node[]).filter((one) => one['in'] === 'path');
        expect(declared.map((one) => one['name'])).toEqual(holes);
        expect(declared.every((one) => one['required'] === true)).toBe(true);
      }
    }
  });

  it('has schemas that ajv takes', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(openapi, 'openapi');
    for (const name of Object.keys(schemas)) {
      expect(() => ajv.compile({ $ref: `openapi#/components/schemas/${name}` }), name).not.toThrow();
    }
  });

  it('has responses with a description each, and a success', () => {
    for (const operation of operations) {
      const responses = Object.entries(operation['responses'] as { [status: string]: Node });
      expect(responses.some(([status]) => status.startsWith('2'))).toBe(true);
      for (const [, response] of responses) expect(response['description'] ?? response['$ref']).toBeTypeOf('string');
    }
  });

  it('names components after fragments and input types', () => {
    expect(Object.keys(schemas).sort()).toMatchInlineSnapshot(`
      [
        "AuthorFull",
        "BookFull",
        "BookInput",
        "BookPatch",
        "BookSummary",
        "HalDocument",
        "OrderFull",
        "OrderInput",
        "OrderLineInput",
        "OrderSummary",
        "Problem",
        "ReviewFull",
        "ReviewPatch",
      ]
    `);
    expect(schemas['BookFull']).toMatchObject({
      type: 'object',
      properties: {
        id: { type: 'string' },
        year: { type: ['integer', 'null'] },
        price: { pattern: expect.any(String) as string },
      },
    });
  });

  it('describes parameters as they are read', () => {
    const parameters = paths['/books']!['get']!['parameters'] as Node[];
    expect(parameters.find((one) => one['name'] === 'isbn')).toMatchObject({
      in: 'query',
      style: 'form',
      explode: false,
      schema: { type: 'array' },
    });
    expect(parameters.find((one) => one['name'] === 'first')).toMatchObject({
      required: false,
      schema: { type: 'integer', default: 20, minimum: 1 },
    });
    const put = paths['/books/{id}']!['put']!;
    expect((put['parameters'] as Node[]).find((one) => one['name'] === 'If-Match')).toMatchObject({
      in: 'header',
      required: true,
    });
    expect(put['requestBody']).toMatchObject({
      required: true,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/BookInput' } } },
    });
    expect(paths['/books/{id}']!['patch']!['requestBody']).toMatchObject({
      content: { 'application/merge-patch+json': {} },
    });
  });

  it('gives outcomes their statuses', () => {
    const responses = paths['/orders']!['post']!['responses'] as { [status: string]: Node };
    expect(Object.keys(responses)).toEqual(
      expect.arrayContaining(['201', '402', '409', '422', '428'].filter((status) => status !== '428')),
    );
    expect(responses['402']!['description']).toBe('Authorization refused');
  });
});
