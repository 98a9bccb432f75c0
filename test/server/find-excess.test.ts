import fc from 'fast-check';
import { buildSchema, getIntrospectionQuery, parse, visit } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createRandomQuery } from '../execution/random-query.ts';
import { findExcess } from '../../gateway/server/graphql/find-excess.ts';
import { isNestedTooDeep } from '../../gateway/server/graphql/json-depth.ts';

const limits = { depth: 32, fields: 1000, tokens: 15_000 };
const times = (count: number, write: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => write(index)).join(' ');

describe('findExcess refuses', () => {
  it.each([
    ['10,000 aliases', `{ ${times(10_000, (index) => `a${index}: b`)} }`, 'fields'],
    ['500 levels', `${'{ a '.repeat(500)}${'}'.repeat(500)}`, 'nested deeper'],
    [
      '5,000 inline fragments within each other',
      `{ a ${'... { '.repeat(5000)}b${' }'.repeat(5000)} }`,
      'nested deeper',
    ],
    ['5 MB', `{ a(x: "${'x'.repeat(5_000_000)}") }`, 'characters'],
    ['5 MB of a comment', `#${'x'.repeat(5_000_000)}\n{ a }`, 'characters'],
    ['the same field again and again', `{ ${'a { b } '.repeat(300)} }`, 'repeats'],
    ['the same field in inline fragments', `{ ${'... { a { b } } '.repeat(300)} }`, 'repeats'],
    ['the same alias', `{ ${times(300, (index) => `a: b${index}`)} }`, 'repeats'],
    ['one fragment spread again and again', `{ ${'...F '.repeat(60)} } fragment F on Query { a }`, 'spreads'],
    ['2,000 directives', `{ a ${'@skip(if: false) '.repeat(2000)} }`, 'directives'],
    ['2,000 directives on an operation', `query ${'@x '.repeat(2000)} { a }`, 'directives'],
    ['2,000 operations', times(2000, (index) => `query Q${index} { a }`), 'definitions'],
    ['2,000 fragments', `{ a } ${times(2000, (index) => `fragment F${index} on Q { a }`)}`, 'definitions'],
    ['2,000 variables', `query (${times(2000, (index) => `$v${index}: Int`)}) { a }`, 'variables'],
    ['a fragment that spreads itself', '{ a { ...F } } fragment F on A { a { ...F } }', 'spreads itself'],
    [
      'a ring of fragments that nobody uses',
      '{ a } fragment F on A { ...G } fragment G on A { ... { ...F } }',
      'itself',
    ],
    [
      'fragments that double each other',
      `{ ...F0 } ${times(20, (index) => `fragment F${index} on A { a { ...F${index + 1} } b { ...F${index + 1} } }`)}`,
      'more than 1000 fields',
    ],
    ['a fragment by the name of a word', '{ ...query } fragment query on A { b { ...query } }', 'spreads itself'],
    ['a list of 20,000', `{ a(x: [${'1 '.repeat(20_000)}]) }`, 'tokens'],
    ['lists within each other', `{ a(x: ${'['.repeat(4000)}${']'.repeat(4000)}) }`, 'value'],
    ['objects within each other', `{ a(x: ${'{y:'.repeat(4000)}1${'}'.repeat(4000)}) }`, 'value'],
  ])('%s', (_what, text, reason) => {
    expect(findExcess(text, limits)).toContain(reason);
  });
});

describe('findExcess lets through', () => {
  it.each([
    [
      'a fragment in several places',
      `{ ${times(40, (index) => `a${index} { ...F }`)} } fragment F on A { b c ...G } fragment G on A { d }`,
    ],
    [
      'two operations, each below the limit',
      `query A { ...F } query B { ...F } fragment F on A { ${times(600, (index) => `a${index}`)} }`,
    ],
    ['a fragment that is not there', '{ ...F }'],
    ['a query in short after a fragment', 'fragment F on A { b } { ...F }'],
  ])('%s', (_what, text) => {
    expect(findExcess(text, limits)).toBeUndefined();
  });

  it.each([
    ['the introspection query', getIntrospectionQuery()],
    ['strings that look like a lot', `{ a(x: "${'{ @ $ ... '.repeat(500)}", y: """${'{ " } '.repeat(500)}\n""") }`],
    ['a string with quotes', String.raw`{ a(x: "\"${'{'.repeat(300)}\\") b }`],
    ['comments that look like a lot', `{ a # ${'{ @x '.repeat(1000)}\n }`],
    ['1,000 fields', `{ ${times(1000, (index) => `a${index}`)} }`],
    ['32 levels', `${'{ a '.repeat(32)}${'}'.repeat(32)}`],
    ['what does not parse', '{ a( } ) ] ... @ $ " \n """'],
    ['nothing', ''],
  ])('%s', (_what, text) => {
    expect(findExcess(text, limits)).toBeUndefined();
  });

  it('any valid query up to exactly its number of fields, and refuses it with one less', () => {
    const schema = buildSchema(`
      type Query { one(by: Int): Query many: [Thing] text: String union: Both }
      interface Thing { id: ID next: Thing } type A implements Thing { id: ID next: Thing a: String }
      type B implements Thing { id: ID next: Thing b(by: Int): String } union Both = A | B`);
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const { text } = createRandomQuery(schema, (count) => gen(fc.nat, { max: count - 1 }));
        let fields = 0;
        visit(parse(text), { Field: () => void fields++ });
        expect(findExcess(text, { ...limits, fields })).toBeUndefined();
        expect(findExcess(text, { ...limits, fields: fields - 1 })).toContain('fields');
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });

  it('any text, without failing', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('{}()[]"\\#@$.:!a1 \n')), maxLength: 200 }),
        (text) => {
          findExcess(text, limits);
        },
      ),
    );
  });
});

describe('isNestedTooDeep', () => {
  const bytes = (text: string) => Buffer.from(text);

  it.each([
    ['100 levels', `${'['.repeat(100)}${']'.repeat(100)}`, false],
    ['101 levels', `${'['.repeat(101)}${']'.repeat(101)}`, true],
    ['a million levels', '['.repeat(1_000_000), true],
    ['objects', `${'{"a":'.repeat(101)}1${'}'.repeat(101)}`, true],
    ['brackets in a string', JSON.stringify({ a: `"${'['.repeat(500)}` }), false],
    ['many lists side by side', `[${'[],'.repeat(5000)}[]]`, false],
  ])('%s: %s', (_what, json, expected) => {
    expect(isNestedTooDeep(bytes(json))).toBe(expected);
  });
});
