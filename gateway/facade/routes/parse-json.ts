/**
 * A JSON reader for request bodies (P14). The built-in one lets duplicate keys pass, the last one winning, and does not
 * say where it stopped; here a body that two readers could understand in two ways is refused, with the byte offset.
 * RFC 8259, and of RFC 7493 (I-JSON): UTF-8, no duplicate names, no unpaired surrogates.
 */
import type { Json } from '../contract.ts';

/** What is wrong, and at which byte. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const maxDepth = 100;
const numberForm = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// oxlint-disable-next-line no-control-regex -- control characters are what ends a plain run
const plainForm = /[^"\\\u0000-\u001f]*/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Json {
    this.#skipSpace();
    const value = this.#readValue(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail('Nothing may follow the value');
    return value;
  }

  #fail(message: string, at = this.#at): never {
    throw new JsonSyntaxError(message, Buffer.byteLength(this.#text.slice(0, at)));
  }

  #skipSpace(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? 'x')) this.#at++;
  }

  #readValue(depth: number): Json {
    if (depth > maxDepth) this.#fail(`Values are nested more than ${maxDepth} deep`);
    switch (this.#text[this.#at]) {
      case '{':
        return this.#readObject(depth);
      case '[':
        return this.#readArray(depth);
      case '"':
        return this.#readString();
      case 't':
        return this.#readWord('true', true);
      case 'f':
        return this.#readWord('false', false);
      case 'n':
        return this.#readWord('null', null);
      case undefined:
        return this.#fail('The body ends before the value does');
      default:
        return this.#readNumber();
    }
  }

  #readWord<Value>(word: string, value: Value): Value {
    if (!this.#text.startsWith(word, this.#at)) this.#fail(`Expected a value`);
    this.#at += word.length;
    return value;
  }

  #readNumber(): number {
    numberForm.lastIndex = this.#at;
    const match = numberForm.exec(this.#text);
    if (!match) this.#fail('Expected a value');
    const value = Number(match[0]);
    if (!Number.isFinite(value)) this.#fail('The number is too large');
    this.#at += match[0].length;
    return value;
  }

  #readString(): string {
    const start = this.#at++;
    let value = '';
    for (;;) {
      plainForm.lastIndex = this.#at;
      value += plainForm.exec(this.#text)![0];
      this.#at = plainForm.lastIndex;
      const next = this.#text[this.#at];
      if (next === undefined) this.#fail('The body ends inside a string');
      if (next === '"') break;
      if (next !== '\\') this.#fail('A control character must be escaped');
      value += this.#readEscape();
    }
    this.#at++;
    if (!isWellFormed(value)) this.#fail('The string holds half of a surrogate pair', start);
    return value;
  }

  #readEscape(): string {
    const letter = this.#text[this.#at + 1] ?? '';
    if (letter === 'u') {
      const digits = this.#text.slice(this.#at + 2, this.#at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.#fail('Expected four hexadecimal digits after "\\u"');
      this.#at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const character = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined;
    if (character === undefined) this.#fail('Unknown escape in a string');
    this.#at += 2;
    return character;
  }

  #readArray(depth: number): Json[] {
    const items: Json[] = [];
    this.#at++;
    this.#skipSpace();
    if (this.#text[this.#at] === ']') {
      this.#at++;
      return items;
    }
    for (;;) {
      this.#skipSpace();
      items.push(this.#readValue(depth + 1));
      if (this.#readSeparator(']', 'array')) return items;
    }
  }

  #readObject(depth: number): { [name: string]: Json } {
    const object = Object.create(null) as { [name: string]: Json };
    this.#at++;
    this.#skipSpace();
    if (this.#text[this.#at] === '}') {
      this.#at++;
      return object;
    }
    for (;;) {
      this.#skipSpace();
      const start = this.#at;
      if (this.#text[start] !== '"') this.#fail('Expected the name of a member, in double quotes');
      const name = this.#readString();
      if (Object.hasOwn(object, name)) this.#fail('A member occurs twice', start);
      this.#skipSpace();
      if (this.#text[this.#at] !== ':') this.#fail('Expected ":" after the name of a member');
      this.#at++;
      this.#skipSpace();
      object[name] = this.#readValue(depth + 1);
      if (this.#readSeparator('}', 'object')) return object;
    }
  }

  /** True at the end of the container. */
  #readSeparator(end: string, container: string): boolean {
    this.#skipSpace();
    const next = this.#text[this.#at];
    if (next !== ',' && next !== end) {
      this.#fail(next === undefined ? `The body ends inside an ${container}` : `Expected "," or "${end}"`);
    }
    this.#at++;
    return next === end;
  }
}

/** No half of a surrogate pair in it; such a text has no UTF-8 form. */
export const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);

/** The first byte that is not UTF-8, found by halving: a prefix decodes exactly as long as it is sound. */
function firstBadByte(bytes: Uint8Array): number {
  let [sound, broken] = [0, bytes.length];
  while (sound + 1 < broken) {
    const middle = (sound + broken) >> 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      sound = middle;
    } catch {
      broken = middle;
    }
  }
  return sound;
}

/** The value of a body; throws `JsonSyntaxError`. Objects have no prototype, so no member name is special. */
export function parseJson(bytes: Uint8Array): Json {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new JsonSyntaxError('The body is not UTF-8', firstBadByte(bytes));
  }
  return new JsonReader(text).read();
}
