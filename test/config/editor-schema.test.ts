// The schema for editors, and the rows of the reference page.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { buildEditorSchema, describeSettings } from '../../gateway/config/index.ts';

const committed = JSON.parse(readFileSync(new URL('../../settings.schema.json', import.meta.url), 'utf8')) as unknown;
const validate = new Ajv2020({ strict: false }).compile(buildEditorSchema());

describe('buildEditorSchema', () => {
  test('is what settings.schema.json holds', () => {
    expect(JSON.parse(JSON.stringify(buildEditorSchema()))).toEqual(committed);
  });

  test('accepts the settings file of the bookshop', () => {
    const text = readFileSync(new URL('../../tributary.yaml', import.meta.url), 'utf8');
    validate(parse(text));
    expect(validate.errors).toBeNull();
  });

  test.each<[string, string, boolean]>([
    ['a duration', 'server: { deadline: 5s }', true],
    ['a bare number for a duration', 'server: { deadline: 5 }', false],
    ['a variable for a number', 'server: { port: "${PORT:-4000}" }', true],
    ['a variable for a duration', 'server: { deadline: "${DEADLINE}" }', true],
    ['text for a number', 'server: { port: many }', false],
    ['an unknown option', 'server: { prot: 1 }', false],
    ['an unknown option of a service', 'services: { a: { schema: a, upstream: { retry: { x: 1 } } } }', false],
  ])('%s', (_name, text, isValid) => {
    expect(validate({ services: { a: { schema: 'a.graphql' } }, ...(parse(text) as object) })).toBe(isValid);
  });
});

describe('describeSettings', () => {
  const rows = describeSettings();
  const rowOf = (path: string) => rows.find((row) => row.path === path);

  test('every option has a description of one sentence without full stop', () => {
    expect(rows.length).toBeGreaterThan(60);
    expect(rows.filter(({ description }) => !/^[A-Z].*[^.]$/.test(description))).toEqual([]);
  });

  test('rows tell type, default, and whether the option must be set', () => {
    expect(rowOf('server.port')).toMatchObject({ type: 'whole number', default: '4000', required: false });
    expect(rowOf('upstream.deadline.call')).toMatchObject({ type: 'duration', default: '10s' });
    expect(rowOf('services.<name>.schema')).toMatchObject({ type: 'path', default: undefined, required: true });
    expect(rowOf('log.level')?.type).toContain('`debug`');
  });

  test('paths are unique', () => {
    expect(new Set(rows.map(({ path }) => path)).size).toBe(rows.length);
  });
});
