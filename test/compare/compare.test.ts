/** What changed between two descriptions of an API, and which step of the version that is (facade.md, section 6). */
import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { isStepAllowed, stepOf, type Severity } from '../../gateway/compare/changes/change.ts';
import { compareGraphs } from '../../gateway/compare/changes/compare-graphs.ts';
import { compareOpenApi } from '../../gateway/compare/changes/compare-openapi.ts';
import type { Json } from '../../gateway/facade/index.ts';
import { documents, openShop } from '../facade/bookshop.ts';

type Document = { [name: string]: Json };

const document = (replace: (text: string) => string = (text) => text): Document =>
  openShop({ documents: documents.map(({ file, text }) => ({ file, text: replace(text) })) }).facade.openapi;

const base = document();

/** A small document: one schema that is sent and answered. */
const small = (schema: Json, more: Document = {}): Document => ({
  openapi: '3.1.1',
  paths: {
    '/things/{id}': {
      put: {
        parameters: [
          { name: 'id', in: 'path', required: true },
          { name: 'sort', in: 'query', required: false, schema: { type: 'string' } },
        ],
        requestBody: { required: true, content: { 'application/json': { schema } } },
        responses: { '200': { content: { 'application/json': { schema } } }, '404': {} },
        ...more,
      },
    },
  },
});
const object = (properties: Document, required: string[] = []): Document => ({ type: 'object', properties, required });
const lines = (before: Document, after: Document): string[] =>
  compareOpenApi(before, after).map(({ severity, place, what }) => `${severity} ${place}: ${what}`);
const change = (before: Json, after: Json): string[] => lines(small(before), small(after));

const tree = (leaf: Json): Document => ({
  ...small({ $ref: '#/components/schemas/Tree' }),
  components: { schemas: { Tree: object({ leaf, next: { $ref: '#/components/schemas/Tree' } }) } },
});

describe('two OpenAPI documents', () => {
  it('equal ones differ in nothing', () => {
    expect(compareOpenApi(base, document())).toEqual([]);
    expect(stepOf([])).toBe('patch');
  });

  it('names of parameters of the path are no part of the API', () => {
    expect(
      compareOpenApi(
        base,
        document((text) => text.replaceAll('/books/{bookId}', '/books/{bookId:$bookId}')),
      ),
    ).toEqual([]);
  });

  it('a field less in a fragment is told at every place that answers it', () => {
    const found = lines(
      base,
      document((text) => text.replace(/(fragment BookFull on Book \{\s+id\s+)isbn/, '$1')),
    );
    expect(found).toContain('breaking GET /books/{} 200 isbn: the property is missing');
    expect(found).toContain('breaking POST /books 201 isbn: the property is missing');
    expect(found.every((line) => line.startsWith('breaking') && line.endsWith('isbn: the property is missing'))).toBe(
      true,
    );
  });

  it('a route more is safe, a route less breaks', () => {
    const fewer = document((text) => text.replace(/"How many copies[^]*?\n\}\n/, ''));
    expect(lines(base, fewer)).toEqual(['breaking GET /books/{}/stock: the route is missing']);
    expect(lines(fewer, base)).toEqual(['safe GET /books/{}/stock: a route was added']);
  });

  const at = { in: 'PUT /things/{} body', out: 'PUT /things/{} 200' };
  const string = { type: 'string' };
  it.each<[string, Json, Json, string[]]>([
    [
      'a property is missing',
      object({ a: string, b: string }),
      object({ a: string }),
      [`breaking ${at.in} b: the property is missing`, `breaking ${at.out} b: the property is missing`],
    ],
    [
      'a required property was added',
      object({}),
      object({ a: string }, ['a']),
      [`breaking ${at.in} a: a required property was added`, `safe ${at.out} a: a property was added`],
    ],
    [
      'a property became required',
      object({ a: string }),
      object({ a: string }, ['a']),
      [`breaking ${at.in} a: is required now`, `safe ${at.out} a: is required now`],
    ],
    [
      'a property became optional',
      object({ a: string }, ['a']),
      object({ a: string }),
      [`breaking ${at.out} a: is optional now`, `safe ${at.in} a: is optional now`],
    ],
    [
      'null was allowed',
      object({ a: string }),
      object({ a: { type: ['string', 'null'] } }),
      [`breaking ${at.out} a: may be null now`, `safe ${at.in} a: may be null now`],
    ],
    [
      'null was allowed for a named type',
      object({ a: object({}) }),
      object({ a: { anyOf: [object({}), { type: 'null' }] } }),
      [`breaking ${at.out} a: may be null now`, `safe ${at.in} a: may be null now`],
    ],
    [
      'a value was added',
      { type: 'string', enum: ['A'] },
      { type: 'string', enum: ['A', 'B'] },
      [`breaking ${at.out}: value "B" was added`, `safe ${at.in}: value "B" was added`],
    ],
    [
      'a value was added to an open-ended list',
      { type: 'string', enum: ['A'], 'x-open-ended': true },
      { type: 'string', enum: ['A', 'B'], 'x-open-ended': true },
      [`safe ${at.in}: value "B" was added`, `safe ${at.out}: value "B" was added`],
    ],
    [
      'a value is gone',
      { type: 'string', enum: ['A', 'B'] },
      { type: 'string', enum: ['A'] },
      [`breaking ${at.in}: value "B" is missing`, `safe ${at.out}: value "B" is missing`],
    ],
    [
      'a type became wider',
      { type: 'integer' },
      { type: 'number' },
      [`breaking ${at.out}: type integer became number`, `safe ${at.in}: type integer became number`],
    ],
    [
      'a limit became tighter',
      { type: 'integer', maximum: 10 },
      { type: 'integer', maximum: 5 },
      [`breaking ${at.in}: maximum 10 became 5`, `safe ${at.out}: maximum 10 became 5`],
    ],
    [
      'a limit was taken away',
      { type: 'string', maxLength: 10 },
      { type: 'string' },
      [`dangerous ${at.out}: maxLength 10 became none`, `safe ${at.in}: maxLength 10 became none`],
    ],
    [
      'an item of a list changed',
      { type: 'array', items: string },
      { type: 'array', items: { type: 'boolean' } },
      [`breaking ${at.in}[]: type string became boolean`, `breaking ${at.out}[]: type string became boolean`],
    ],
    [
      'a member of a union was added',
      {
        oneOf: [
          { title: 'A', type: 'object' },
          { title: 'B', type: 'object' },
        ],
      },
      {
        oneOf: [
          { title: 'A', type: 'object' },
          { title: 'B', type: 'object' },
          { title: 'C', type: 'object' },
        ],
      },
      [`breaking ${at.out}: member "C" was added`, `safe ${at.in}: member "C" was added`],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(change(before, after)).toEqual(expected);
  });

  it.each<[string, Document, Document, string[]]>([
    ['a success is gone', {}, { responses: { '404': {} } }, ['breaking PUT /things/{} 200: the status is missing']],
    [
      'a problem comes and goes',
      {},
      { responses: { '200': { content: { 'application/json': { schema: {} } } }, '409': {} } },
      ['dangerous PUT /things/{} 404: the status is missing', 'safe PUT /things/{} 409: a problem was added'],
    ],
    [
      'a parameter is missing',
      {},
      { parameters: [] },
      ['breaking PUT /things/{} query sort: the parameter is missing'],
    ],
    [
      'a header is required now',
      {},
      {
        parameters: [
          { name: 'sort', in: 'query', schema: { type: 'string' } },
          { name: 'X-A', in: 'header', required: true },
        ],
      },
      ['breaking PUT /things/{} header X-A: a required parameter was added'],
    ],
    [
      'another media type is taken',
      {},
      { requestBody: { required: true, content: { 'text/plain': { schema: {} } } } },
      [
        'breaking PUT /things/{} body: media type "application/json" is missing',
        'safe PUT /things/{} body: media type "text/plain" was added',
      ],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(lines(small({}, before), small({}, after))).toEqual(expected);
  });

  it('a type that holds itself ends', () => {
    expect(lines(tree({ type: 'string' }), tree({ type: 'integer' }))).toHaveLength(2);
  });
});

describe('two graphs', () => {
  const before = buildSchema('enum Sort { A } type Query { books(sort: Sort): [String] year: Int! }');

  it.each<[string, Severity, string]>([
    ['enum Sort { A } type Query { books(sort: Sort): [String] }', 'breaking', 'Query.year was removed'],
    [
      'enum Sort { A } type Query { books(sort: Sort): [String] year: Int }',
      'breaking',
      'Query.year changed type from Int! to Int',
    ],
    [
      'enum Sort { A B } type Query { books(sort: Sort): [String] year: Int! }',
      'dangerous',
      'B was added to enum type Sort',
    ],
    ['enum Sort { A } type Query { books(sort: Sort): [String] year: Int! new: Int }', 'safe', 'Query.new was added'],
  ])('%s is told', (sdl, severity, what) => {
    expect(compareGraphs(before, buildSchema(sdl))).toMatchObject([{ severity, what }]);
    expect(compareGraphs(before, buildSchema(sdl))[0]!.reason).not.toBe('');
  });
});

const step = (...severities: Severity[]) =>
  stepOf(severities.map((severity) => ({ severity, place: '', what: '', reason: '' })));

describe('the step of the version', () => {
  it('is the largest that a change asks for', () => {
    expect([step('safe', 'breaking'), step('safe', 'dangerous'), step('safe'), step()]).toEqual([
      'major',
      'minor',
      'minor',
      'patch',
    ]);
  });

  it.each([
    ['2.0.0', '2.1.0', false],
    ['2.0.0', '3.0.0', true],
    ['0.3.0', '0.4.0', true],
    ['2.0.0', '1.0.0', false],
    [undefined, '2.0.0', false],
  ])('a breaking one from %s to %s: %s', (from, to, expected) => {
    expect(isStepAllowed('major', from, to)).toBe(expected);
    expect(isStepAllowed('minor', from, to)).toBe(true);
  });
});
