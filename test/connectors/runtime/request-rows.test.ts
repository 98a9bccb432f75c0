// The rows of connectors.md 9.6: templates, URLs, headers and form bodies. `expected: null` is an error, or for a header
// that it is dropped.
import { Kind, type StringValueNode } from 'graphql';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { compileMapping } from '../../../gateway/connectors/mapping/compile.ts';
import { parseMapping } from '../../../gateway/connectors/mapping/parser.ts';
import { MappingSyntaxFault } from '../../../gateway/connectors/mapping/syntax-fault.ts';
import type { Value, ValueObject } from '../../../gateway/connectors/mapping/value.ts';
import { buildFormBody, isFormContentType } from '../../../gateway/connectors/runtime/form-body.ts';
import { buildHeaders } from '../../../gateway/connectors/runtime/headers.ts';
import { RequestFault } from '../../../gateway/connectors/runtime/request-fault.ts';
import { buildUrl, queryParameters, readUrlPattern, resolveBaseUrl } from '../../../gateway/connectors/runtime/url.ts';
import type { MappingPart } from '../../../gateway/connectors/spec/connector.ts';
import { readTemplate, type Template } from '../../../gateway/connectors/spec/template.ts';

interface UrlRow {
  id: string;
  base: string;
  url: string;
  args: ValueObject;
  config?: ValueObject;
  sourcePath?: string;
  sourceQuery?: string;
  path?: string;
  query?: string;
  expected: string | null;
}

const table = JSON.parse(readFileSync(new URL('request-rows.json', import.meta.url), 'utf8')) as {
  urls: UrlRow[];
  headers: { id: string; value: string; variables: ValueObject; expected: string | null }[];
  forms: { id: string; body: string; args: ValueObject; expected: string | null }[];
};

const stringNode = (value: string): StringValueNode => ({ kind: Kind.STRING, value });
const template = (text: string): Template => readTemplate(stringNode(text), '0.3');
const mapping = (text: string): MappingPart => {
  const tree = parseMapping(text, '0.3');
  return { node: stringNode(text), tree, evaluate: compileMapping(tree) };
};
const optional = (text: string | undefined): MappingPart | undefined =>
  text === undefined ? undefined : mapping(text);

function urlOf(row: UrlRow): string {
  const source = {
    ...(row.sourcePath === undefined ? {} : { path: mapping(row.sourcePath) }),
    ...(row.sourceQuery === undefined ? {} : { queryParams: mapping(row.sourceQuery) }),
  };
  const query = optional(row.query);
  const parts = {
    base: resolveBaseUrl(template(row.base), { $config: row.config ?? {} }),
    source,
    connect: readUrlPattern(template(row.url)),
    connectPath: optional(row.path),
    connectQuery: query && ((variables: object) => queryParameters(query.evaluate({}, variables as never).value)),
  };
  return buildUrl(parts, { $args: row.args });
}

const fault = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error instanceof RequestFault || error instanceof MappingSyntaxFault ? null : error;
  }
};

describe('the URL of a call', () => {
  test.each(table.urls)('$id: $url', (row) => {
    expect(fault(() => urlOf(row))).toBe(row.expected);
  });

  test('keeps the digits of a long id (I5)', () => {
    const row = { id: 'I5', base: 'https://a.example', url: '/b/{$args.id}', args: { id: 9007199254740993n } };
    expect(urlOf({ ...row, expected: null })).toBe('https://a.example/b/9007199254740993');
  });

  test.each(['.', '..'])('is not sent when a value would climb out of its path (%s)', (id) => {
    expect(() =>
      urlOf({ id, base: 'https://a.example/v1', url: '/b/{$args.id}/c', args: { id }, expected: null }),
    ).toThrow(RequestFault);
  });

  test('has the same path segments and parameters whatever the values', () => {
    const row = { id: '', base: 'https://a.example/v1', url: '/b/{$args.id}/c?q={$args.q}', expected: null };
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (id, q) => {
        const text = fault(() => urlOf({ ...row, args: { id, q } }));
        if (text === null) return;
        const url = new URL(text as string);
        expect(url.origin).toBe('https://a.example');
        expect(url.pathname.split('/').map(decodeURIComponent)).toEqual(['', 'v1', 'b', id, 'c']);
        expect([...url.searchParams]).toEqual([['q', q]]);
      }),
    );
  });
});

describe('a header of a call', () => {
  test.each(table.headers)('$id: $value', ({ value, variables, expected }) => {
    const part = { name: 'x', node: stringNode(''), value: template(value) };
    expect(buildHeaders([part], variables, {})).toEqual(expected === null ? {} : { x: expected });
  });

  test('is dropped when its text could end the header', () => {
    const part = { name: 'x', node: stringNode(''), value: template('{$args.t}') };
    expect(buildHeaders([part], { $args: { t: 'a\r\nevil: 1' } }, {})).toEqual({});
  });

  test('copies every value of a client header, and nothing when there is none', () => {
    const part = { name: 'x-out', node: stringNode(''), from: 'x-in' };
    expect(buildHeaders([part], {}, { 'x-in': ['a', 'b'] })).toEqual({ 'x-out': ['a', 'b'] });
    expect(buildHeaders([part], {}, {})).toEqual({});
  });
});

describe('a form body', () => {
  test.each(table.forms)('$id: $body', ({ body, args, expected }) => {
    const value = mapping(body).evaluate({}, { $args: args }).value as Value;
    expect(fault(() => buildFormBody(value))).toBe(expected);
  });

  test('is asked for by the content-type, parameters or not', () => {
    expect(isFormContentType('application/x-www-form-urlencoded; charset=utf-8')).toBe(true);
    expect(isFormContentType('application/json')).toBe(false);
  });
});
