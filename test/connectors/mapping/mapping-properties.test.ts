// What holds for every text and every JSON value: the parser throws its own fault or nothing, printing and parsing are
// inverse, and an evaluation never throws.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileMapping } from '../../../gateway/connectors/mapping/compile.ts';
import { methods } from '../../../gateway/connectors/mapping/methods/index.ts';
import { parseJson } from '../../../gateway/connectors/mapping/json-text.ts';
import { parseMapping } from '../../../gateway/connectors/mapping/parser.ts';
import { printMapping } from '../../../gateway/connectors/mapping/print.ts';
import { MappingSyntaxFault } from '../../../gateway/connectors/mapping/syntax-fault.ts';
import { stringifyJson, type Value } from '../../../gateway/connectors/mapping/value.ts';
import type { MappingNode } from '../../../gateway/connectors/mapping/ast.ts';
import type { MappingVersion } from '../../../gateway/connectors/mapping/versions.ts';

const version = fc.constantFrom<MappingVersion>('0.1', '0.2', '0.3', '0.4-preview', '0.4');
const word = fc.constantFrom('id', 'a', 'true', 'null', '__proto__', 'constructor', '"odd key"', "'it\\'s'", '"\\n"');
const method = fc.constantFrom(...methods.keys(), 'unknown');
const number = fc.constantFrom('7', '- 7', '.5', '9007199254740993', '1000000000000000000000000.5', '0.0000001');

/** Texts that mostly parse, with every construct of the language in them. */
const { text } = fc.letrec<{ text: string; item: string; path: string; step: string; expression: string }>((tie) => ({
  text: fc.oneof(
    fc.array(tie('item'), { maxLength: 4 }).map((items) => items.join(' ')),
    tie('expression'),
  ),
  item: fc.oneof(
    word,
    fc.tuple(word, tie('path')).map(([name, path]) => `${name}: ${path}`),
    fc.tuple(word, tie('text')).map(([name, inner]) => `${name}: { ${inner} }`),
    fc.tuple(word, tie('expression')).map(([name, inner]) => `${name}: ${inner}`),
    tie('path').map((path) => `... ${path}`),
    tie('path'),
  ),
  path: fc
    .tuple(
      fc.oneof(
        word,
        fc.constantFrom('$', '@', '$args', '$v'),
        tie('expression').map((inner) => `$(${inner})`),
      ),
      fc.array(tie('step'), { maxLength: 3 }),
      fc.option(tie('text'), { nil: undefined }),
    )
    .map(([head, steps, inner]) => `${head}${steps.join('')}${inner === undefined ? '' : ` { ${inner} }`}`),
  step: fc.oneof(
    word.map((key) => `.${key}`),
    fc.constant('?'),
    method.map((name) => `->${name}`),
    fc
      .tuple(method, fc.array(tie('expression'), { maxLength: 2 }))
      .map(([name, args]) => `->${name}(${args.join(', ')})`),
    tie('expression').map((inner) => `->as($v, ${inner})`),
  ),
  expression: fc.oneof(
    { maxDepth: 4 },
    word,
    number,
    tie('path'),
    fc.array(tie('expression'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc.array(fc.tuple(word, tie('expression')), { maxLength: 2 }).map((properties) => {
      return `{ ${properties.map(([name, value]) => `${name}: ${value}`).join(', ')} }`;
    }),
    fc.tuple(tie('path'), fc.constantFrom('??', '?!'), tie('path')).map((parts) => parts.join(' ')),
  ),
}));

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Value>;

function tryParse(source: string, of: MappingVersion): MappingNode | undefined {
  try {
    return parseMapping(source, of);
  } catch (error) {
    expect(error).toBeInstanceOf(MappingSyntaxFault);
    const fault = error as MappingSyntaxFault;
    expect(fault.start).toBeGreaterThanOrEqual(0);
    expect(fault.end).toBeLessThanOrEqual(source.length);
    return undefined;
  }
}

/** Long integers as JSON.parse gives them. */
function rounded(value: Value): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(rounded);
  if (value === null || typeof value !== 'object') return value;
  const pairs = Object.keys(value).map((key) => [key, rounded(value[key]!)] as const);
  return Object.fromEntries(pairs);
}

/** The tree without its offsets. */
const shape = (node: MappingNode): unknown =>
  JSON.parse(
    JSON.stringify(node.root, (key, value: unknown) => {
      if (['start', 'end', 'nameSpan'].includes(key)) return undefined;
      return typeof value === 'bigint' ? `${value}n` : value;
    }),
  );

describe('the mapping language', () => {
  test('parses or throws its own fault with a place, whatever the text', () => {
    const any = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), text);
    const property = fc.property(any, version, (source, of) => void tryParse(source, of));
    fc.assert(property, { numRuns: 2000 });
  });

  test('refuses a text nested without end instead of using up the stack', () => {
    for (const unit of ['$(', '[', '{a:', 'a{', 'a->map(']) {
      expect(tryParse(unit.repeat(50_000), '0.4')).toBeUndefined();
    }
  });

  test('prints a tree as a text that parses to the same tree', () => {
    let parsed = 0;
    fc.assert(
      fc.property(text, version, (source, of) => {
        const tree = tryParse(source, of);
        if (!tree) return;
        parsed += 1;
        expect(shape(parseMapping(printMapping(tree), of))).toEqual(shape(tree));
      }),
      { numRuns: 3000 },
    );
    expect(parsed).toBeGreaterThan(500);
  });

  test('never throws while it evaluates, and never changes its input', () => {
    fc.assert(
      fc.property(text, version, json, json, (source, of, input, args) => {
        const tree = tryParse(source, of);
        if (!tree) return;
        const before = stringifyJson(input);
        const { problems } = compileMapping(tree)(input, { $args: args });
        expect(stringifyJson(input)).toBe(before);
        for (const { span } of problems) expect(span.end).toBeGreaterThanOrEqual(span.start);
      }),
      { numRuns: 3000 },
    );
  });

  test('reads an answer nested ten thousand levels deep', () => {
    const deep = JSON.parse('{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000)) as Value;
    expect(compileMapping(parseMapping('a { b: a }', '0.3'))(deep).value).toHaveProperty('a.b.a');
    const { value, problems } = compileMapping(parseMapping('x: $->jsonStringify', '0.3'))(deep);
    if (value === undefined) expect(problems).toMatchObject([{ code: 'TOO_DEEP' }]);
  });

  test('treats "__proto__" and "constructor" as plain data', () => {
    const input = parseJson('{"__proto__":{"polluted":1},"constructor":2}');
    const { value } = compileMapping(parseMapping('__proto__ constructor toString', '0.3'))(input);
    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor']);
    expect(stringifyJson(value as Value)).toBe('{"__proto__":{"polluted":1},"constructor":2}');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('reads JSON as JSON.parse does, save that long whole numbers keep their digits', () => {
    fc.assert(
      fc.property(json, (value) => {
        const padded = `[9007199254740993, ${JSON.stringify(value)}]`;
        const [long, read] = parseJson(padded) as [Value, Value];
        expect(long).toBe(9007199254740993n);
        expect(rounded(read)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(() => parseJson('[9007199254740993')).toThrow(SyntaxError);
    expect(stringifyJson(parseJson('{"a":[-12345678901234567890, 1.5e3]}'))).toBe('{"a":[-12345678901234567890,1500]}');
  });
});
