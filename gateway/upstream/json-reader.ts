/**
 * JSON that keeps every digit of an integer (connectors.md, 3.10). `JSON.parse` rounds integers beyond 2^53-1, and Node 20
 * gives a reviver no source text. So: `JSON.parse` for nearly every text, and an own reader for a text that holds a number
 * beyond that or an escaped surrogate. Both accept the same texts and give the same values otherwise.
 */
import type { JsonValue } from './upstream-call.ts';

/** The text is not JSON, or nests too deep; the message says where and what was expected, and quotes nothing of the text. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
  readonly offset: number;

  constructor(expected: string, offset: number) {
    super(`${expected} at offset ${offset}`);
    this.offset = offset;
  }
}

export interface ParseJsonOptions {
  /** Arrays and objects within each other; 128 unless told. */
  readonly maxDepth?: number;
}

/** A long text is looked at before it is parsed: nested deep enough, it would fill the memory. */
const longText = 65_536;

const escapedSurrogate = /\\u[dD][89a-fA-F]/;

/** A number with more digits than this is beyond a double; a bigint of it would cost time without end. */
const longestInteger = 309;

const loneSurrogates = /\p{Surrogate}/gu;

/** Integers outside +-(2^53-1) become bigint; a number beyond a double is infinite, as with `JSON.parse`. */
export function parseJson(text: string, { maxDepth = 128 }: ParseJsonOptions = {}): JsonValue {
  if (text.length > longText) checkDepth(text, maxDepth);
  const value = parseFast(text);
  if (value !== undefined && isExact(value, maxDepth)) return value;
  checkDepth(text, maxDepth);
  return new ExactReader(text).read();
}

/** Undefined: not JSON, or with an escaped surrogate, which may stand alone. */
function parseFast(text: string): JsonValue | undefined {
  if (text.includes('\\u') && escapedSurrogate.test(text)) return undefined;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    // The message of JSON.parse quotes the text, which must not travel; the own reader finds the place again.
    return undefined;
  }
}

/** Whether nothing was rounded and nothing nests too deep. Fewer steps than characters: a value is looked at, not its text. */
function isExact(value: JsonValue, levels: number): boolean {
  if (typeof value === 'number') return value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER;
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) if (!isExact(value[index]!, levels - 1)) return false;
    return true;
  }
  for (const name in value) if (!isExact(value[name]!, levels - 1)) return false;
  return true;
}

/** One pass over the text before anything is built, so that a hostile one costs no memory and no stack. */
function checkDepth(text: string, maxDepth: number): void {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: // "
        at = endOfString(text, at);
        break;
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > maxDepth) throw new JsonSyntaxError(`Expected at most ${maxDepth} levels`, at);
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
        break;
      default:
    }
  }
}

/** The offset of the quote that closes the string opened at `start`, or of the end of the text. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return text.length;
}

function readNumber(lexeme: string): number | bigint {
  const value = Number(lexeme);
  if (Number.isSafeInteger(value) || !/^-?\d+$/.test(lexeme) || lexeme.length > longestInteger) return value;
  return BigInt(lexeme);
}

/** Recursive descent over RFC 8259; depth is checked before. */
class ExactReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): JsonValue {
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) this.#fail('Expected the end');
    return value;
  }

  #value(): JsonValue {
    this.#space();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object();
      case '[':
        return this.#array();
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #object(): JsonValue {
    const object: Record<string, JsonValue> = {};
    this.#at++;
    if (this.#takes('}')) return object;
    do {
      this.#space();
      if (this.#text[this.#at] !== '"') this.#fail('Expected a name in double quotes');
      const name = this.#string();
      if (!this.#takes(':')) this.#fail('Expected ":"');
      setOwn(object, name, this.#value());
    } while (this.#takes(','));
    if (!this.#takes('}')) this.#fail('Expected "," or "}"');
    return object;
  }

  #array(): JsonValue {
    const array: JsonValue[] = [];
    this.#at++;
    if (this.#takes(']')) return array;
    do array.push(this.#value());
    while (this.#takes(','));
    if (!this.#takes(']')) this.#fail('Expected "," or "]"');
    return array;
  }

  #string(): string {
    const start = this.#at;
    const end = endOfString(this.#text, start);
    if (end === this.#text.length) this.#fail('Expected a string that ends');
    this.#at = end + 1;
    try {
      const value = JSON.parse(this.#text.slice(start, end + 1)) as string;
      return value.replace(loneSurrogates, '\ufffd');
    } catch {
      throw new JsonSyntaxError('Expected a string without control characters or unknown escapes', start);
    }
  }

  #number(): number | bigint {
    const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    number.lastIndex = this.#at;
    const lexeme = number.exec(this.#text)?.[0];
    if (lexeme === undefined) return this.#fail('Expected a value');
    this.#at += lexeme.length;
    return readNumber(lexeme);
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) this.#fail('Expected a value');
    this.#at += word.length;
    return value;
  }

  #takes(character: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #space(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? 'end')) this.#at++;
  }

  #fail(expected: string): never {
    throw new JsonSyntaxError(expected, this.#at);
  }
}

/** As `JSON.parse` does: the last of two equal names wins, and `__proto__` is a name like any other. */
function setOwn(object: Record<string, JsonValue>, name: string, value: JsonValue): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}
