// Exact integers: connectors.md, 3.10, and the table of upstream.md, section 10.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonSyntaxError, parseJson, stringifyJson } from 'tributary-gateway/upstream';

/** Goes through the own reader, whatever else the text is: a run of digits forces it. */
const exactly = (text: string) => (parseJson(`[${text},1234567890123456]`) as unknown[])[0];

function accepts(parse: (json: string) => unknown, json: string): boolean {
  try {
    parse(json);
    return true;
  } catch {
    return false;
  }
}

describe('parseJson', () => {
  test.each<[string, unknown]>([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['9007199254740993', 9007199254740993n],
    ['-9007199254740993', -9007199254740993n],
    ['123456789012345678901234567890', 123456789012345678901234567890n],
    ['1.1234567890123456', 1.1234567890123457],
    ['1234567890123456e2', 123456789012345600],
    ['0.00000000000000001', 1e-17],
    ['-0', -0],
  ])('%s', (text, expected) => {
    expect(exactly(text)).toBe(expected);
  });

  test('an integer too long for a double is infinite, in no time', () => {
    expect(parseJson('9'.repeat(1_000_000))).toBe(Infinity);
    expect(parseJson(`-${'9'.repeat(400)}`)).toBe(-Infinity);
  });

  test('__proto__ is a name like any other', () => {
    const value = parseJson('{"__proto__":{"polluted":1},"n":1234567890123456}') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__', 'n']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('brackets and quotes inside a string count for nothing', () => {
    expect(parseJson(JSON.stringify('[{'.repeat(200)))).toBe('[{'.repeat(200));
    expect(parseJson(String.raw`["\\","\"[","a\\\""]`)).toEqual(['\\', '"[', 'a\\"']);
  });

  test('levels are counted', () => {
    expect(() => parseJson('[[1]]', { maxDepth: 1 })).toThrow(JsonSyntaxError);
    expect(parseJson('[[1],[1]]', { maxDepth: 2 })).toEqual([[1], [1]]);
    expect(() => parseJson('['.repeat(1_000_000))).toThrow('Expected at most 128 levels at offset 128');
  });

  test.each([
    ['', 'Expected a value at offset 0'],
    ['{"a" 1}', 'Expected ":" at offset 5'],
    ['{a:1}', 'Expected a name in double quotes at offset 1'],
    ['[1 2]', 'Expected "," or "]" at offset 3'],
    ['{"a":1', 'Expected "," or "}" at offset 6'],
    ['[1,]', 'Expected a value at offset 3'],
    ['{"a":1,}', 'Expected a name in double quotes at offset 7'],
    ['"abc', 'Expected a string that ends at offset 0'],
    ['"\u0001"', 'Expected a string without control characters or unknown escapes at offset 0'],
    ['nul', 'Expected a value at offset 0'],
    ['01', 'Expected the end at offset 1'],
    ['secret', 'Expected a value at offset 0'],
  ])('%j says where it fails, and quotes nothing', (text, message) => {
    expect(() => parseJson(text)).toThrow(
      new JsonSyntaxError(message.replace(/ at offset \d+$/, ''), Number(/\d+$/.exec(message)?.[0])),
    );
    expect(() => parseJson(text)).toThrow(message);
  });

  test('the own reader and JSON.parse accept the same texts and give the same values', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const wellFormed = JSON.parse(text, (_name, value: unknown) =>
          typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\ufffd') : value,
        ) as unknown;
        // Written again and read by JSON.parse, a bigint is the rounded number it gives.
        expect(JSON.parse(stringifyJson(exactly(` ${text}\n`)))).toEqual(wellFormed);
      }),
    );
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('[]{},:"\\0123.eE+-ntu \n')), maxLength: 12 }),
        (text) => {
          const json = `[${text},1234567890123456]`;
          expect(accepts(parseJson, json)).toBe(accepts(JSON.parse, json));
        },
      ),
    );
  });
});

describe('stringifyJson', () => {
  test('prints the digits of a bigint', () => {
    expect(stringifyJson({ a: [9007199254740993n, -1n, 1], b: undefined, c: 'x"', d: null })).toBe(
      '{"a":[9007199254740993,-1,1],"c":"x\\"","d":null}',
    );
  });

  test('prints what has its own form as JSON.stringify does', () => {
    const value = { at: new Date(0), list: [undefined, Number.NaN] };
    expect(stringifyJson({ ...value, n: 1n })).toBe(`${JSON.stringify(value).slice(0, -1)},"n":1}`);
    expect(stringifyJson(Object.assign(Object.create(null) as object, { n: 1n }))).toBe('{"n":1}');
  });

  test('what is written reads back equal, every digit of it', () => {
    const big = fc
      .bigInt({ min: -(2n ** 200n), max: 2n ** 200n })
      .map((n) => (Number.isSafeInteger(Number(n)) ? Number(n) : n));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        big,
        fc
          .double({ noNaN: true, noDefaultInfinity: true })
          .filter((n) => Math.abs(n) < 2 ** 53 || !Number.isInteger(n)),
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom(null, true, false),
        fc.array(tie('value')),
        fc.dictionary(fc.string(), tie('value')),
      ),
    }));
    fc.assert(
      fc.property(value, (written) => {
        expect(stringifyJson(parseJson(stringifyJson(written)))).toBe(stringifyJson(written));
      }),
    );
  });
});
