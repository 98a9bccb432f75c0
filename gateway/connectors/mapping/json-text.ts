/**
 * Reads JSON text without rounding integers over 2^53 (connectors.md 3.10). Texts without a run of 16 digits take
 * `JSON.parse`; the others a reader of our own, because Node 20 gives a reviver no source text.
 */
import { setOwn, toInteger, type Value, type ValueObject } from './value.ts';

const longDigits = /\d{16}/;
const numberPattern = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
// oxlint-disable-next-line no-control-regex -- JSON forbids control characters in strings
const stringPattern = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const maximumDepth = 1000;

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readDocument(): Value {
    const value = this.#value(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail();
    return value;
  }

  #fail(): never {
    throw new SyntaxError(`Unexpected text at position ${this.#at} of JSON`);
  }

  #skipSpace(): void {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? '?')) this.#at += 1;
  }

  #take(expected: string): boolean {
    this.#skipSpace();
    if (!this.#text.startsWith(expected, this.#at)) return false;
    this.#at += expected.length;
    return true;
  }

  #value(depth: number): Value {
    if (depth > maximumDepth) this.#fail();
    if (this.#take('{')) return this.#object(depth);
    if (this.#take('[')) return this.#array(depth);
    if (this.#take('true')) return true;
    if (this.#take('false')) return false;
    if (this.#take('null')) return null;
    if (this.#text[this.#at] === '"') return this.#string();
    return this.#number();
  }

  #object(depth: number): Value {
    const object: ValueObject = {};
    if (this.#take('}')) return object;
    do {
      this.#skipSpace();
      const key = this.#string();
      if (!this.#take(':')) this.#fail();
      setOwn(object, key, this.#value(depth + 1));
    } while (this.#take(','));
    if (!this.#take('}')) this.#fail();
    return object;
  }

  #array(depth: number): Value {
    const items: Value[] = [];
    if (this.#take(']')) return items;
    do items.push(this.#value(depth + 1));
    while (this.#take(','));
    if (!this.#take(']')) this.#fail();
    return items;
  }

  #string(): string {
    return JSON.parse(this.#match(stringPattern)[0]) as string;
  }

  #number(): number | bigint {
    const [text, fraction, exponent] = this.#match(numberPattern);
    return fraction === undefined && exponent === undefined && text.length > 15
      ? toInteger(BigInt(text))
      : Number(text);
  }

  #match(pattern: RegExp): RegExpExecArray {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (!match) this.#fail();
    this.#at = pattern.lastIndex;
    return match;
  }
}

/** Parses JSON; throws SyntaxError. Integers outside the safe range become bigint. */
export function parseJson(text: string): Value {
  return longDigits.test(text) ? new JsonReader(text).readDocument() : (JSON.parse(text) as Value);
}
