/** The reader of request bodies: what it takes is what JSON.parse takes, less what two readers could read in two ways. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonSyntaxError, parseJson } from '../../../gateway/facade/routes/parse-json.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const failure = (body: Uint8Array) => {
  try {
    return parseJson(body);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return [error.message, error.offset];
  }
};

describe('parseJson', () => {
  it('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(parseJson(bytes(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('takes nothing that JSON.parse refuses', () => {
    const scraps = fc.array(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        '"',
        ':',
        ',',
        '1',
        '-',
        '.',
        'e',
        'true',
        'null',
        '\\',
        'u00e9',
        ' ',
        '\n',
        '\u0001',
      ),
    );
    fc.assert(
      fc.property(scraps, (parts) => {
        const text = parts.join('');
        const result = failure(bytes(text));
        const isRefused =
          Array.isArray(result) &&
          typeof result[0] === 'string' &&
          result.length === 2 &&
          typeof result[1] === 'number';
        if (!isRefused) expect(result).toEqual(JSON.parse(text));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['{"a":1,"a":1}', 'A member occurs twice', 7],
    ['{"a":1,"\\u0061":1}', 'A member occurs twice', 7],
    ['{"é":1,"é":1}', 'A member occurs twice', 8],
    ['', 'The body ends before the value does', 0],
    ['[1,]', 'Expected a value', 3],
    ['{"a" 1}', 'Expected ":" after the name of a member', 5],
    ['01', 'Nothing may follow the value', 1],
    ['1e999', 'The number is too large', 0],
    ['"\\ud800"', 'The string holds half of a surrogate pair', 0],
    ['"\n"', 'A control character must be escaped', 1],
    ['\ufeff1', 'Expected a value', 0],
    ['['.repeat(200), 'Values are nested more than 100 deep', 101],
  ])('refuses %j', (text, message, offset) => {
    expect(failure(bytes(text))).toEqual([message, offset]);
  });

  it('says at which byte UTF-8 breaks', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const head = bytes(before.replace(/\p{Surrogate}/gu, ''));
        const body = Uint8Array.of(...head, 0xff, ...bytes(after));
        expect(failure(body)).toEqual(['The body is not UTF-8', head.length]);
      }),
    );
  });

  it('has no special names', () => {
    const value = parseJson(bytes('{"__proto__":{"x":1},"constructor":2}')) as Record<string, unknown>;
    expect([Object.keys(value), Object.getPrototypeOf(value)]).toEqual([['__proto__', 'constructor'], null]);
  });
});
