/**
 * Cuts a mapping text into tokens (connectors.md 8.2). White space and `#` comments separate tokens and vanish. Habits
 * from other languages (`a[0]`, `a == b`, `a + b`, `c ? x : y`) get a hint that says what to write.
 */
import { MappingSyntaxFault } from './syntax-fault.ts';
import { toInteger } from './value.ts';

type TokenKind = 'name' | 'variable' | 'string' | 'number' | 'punctuation' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Name, variable name with `$`, string content, or the punctuation itself. */
  readonly text: string;
  readonly number?: number | bigint;
  readonly start: number;
  readonly end: number;
}

const punctuation = ['...', '->', '??', '?!', '.', '?', '{', '}', '(', ')', '[', ']', ',', ':', '$', '@'];

const operatorHints: Readonly<Record<string, string>> = {
  '=': 'Write ->eq(b) for "equals"',
  '!': 'Write ->ne(b) for "is not", or ->not for "not"',
  '+': 'Write ->add(b) for numbers, or ->joinNotNull("") for text',
  '-': 'Write ->sub(b) to subtract',
  '*': 'Write ->mul(b) to multiply',
  '/': 'Write ->div(b) to divide',
  '%': 'Write ->mod(b) for the remainder',
  '<': 'Write ->lt(b) or ->lte(b)',
  '>': 'Write ->gt(b) or ->gte(b)',
  '&': 'Write ->and(b)',
  '|': 'Write ->or(b)',
  '`': 'Write text in "double" or \'single\' quotes',
};

const isDigit = (char: string | undefined): boolean => char !== undefined && char >= '0' && char <= '9';
const isNameStart = (char: string | undefined): boolean =>
  char !== undefined && ((char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z') || char === '_');
const isNamePart = (char: string | undefined): boolean => isNameStart(char) || isDigit(char);
const isSpace = (char: string | undefined): boolean => char === ' ' || char === '\t' || char === '\r' || char === '\n';

class Lexer {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  *tokens(): Generator<Token> {
    for (;;) {
      this.#skipSpace();
      const start = this.#at;
      const char = this.#text[start];
      if (char === undefined) {
        yield { kind: 'end', text: '', start, end: start };
        return;
      }
      if (isNameStart(char)) yield { kind: 'name', text: this.#name(), start, end: this.#at };
      else if (char === '"' || char === "'") yield { kind: 'string', text: this.#string(char), start, end: this.#at };
      else if (this.#isNumber()) yield this.#number();
      else if (char === '$' && isNameStart(this.#text[start + 1])) {
        this.#at += 1;
        yield { kind: 'variable', text: `$${this.#name()}`, start, end: this.#at };
      } else yield this.#punctuation();
    }
  }

  #skipSpace(): void {
    for (;;) {
      const char = this.#text[this.#at];
      if (char === '#') {
        const lineEnd = this.#text.indexOf('\n', this.#at);
        this.#at = lineEnd < 0 ? this.#text.length : lineEnd;
      } else if (isSpace(char)) this.#at += 1;
      else return;
    }
  }

  #name(): string {
    const start = this.#at;
    while (isNamePart(this.#text[this.#at])) this.#at += 1;
    return this.#text.slice(start, this.#at);
  }

  #string(quote: string): string {
    const start = this.#at;
    let content = '';
    for (let at = start + 1; at < this.#text.length; at += 1) {
      const char = this.#text[at]!;
      if (char === quote) {
        this.#at = at + 1;
        return content;
      }
      if (char !== '\\') content += char;
      else {
        at += 1;
        const escaped = this.#text[at];
        if (escaped !== undefined) content += escaped === 'n' ? '\n' : escaped;
      }
    }
    throw new MappingSyntaxFault(`Text has no closing ${quote}`, start, this.#text.length);
  }

  /** Is there a number here: `7`, `.5`, `- 7`; but not `.key`, `...` or `->`? */
  #isNumber(): boolean {
    let at = this.#at;
    if (this.#text[at] === '-') {
      at += 1;
      while (isSpace(this.#text[at])) at += 1;
    }
    return isDigit(this.#text[at]) || (this.#text[at] === '.' && isDigit(this.#text[at + 1]));
  }

  #number(): Token {
    const start = this.#at;
    const isNegative = this.#text[start] === '-';
    while (!isDigit(this.#text[this.#at]) && this.#text[this.#at] !== '.') this.#at += 1;
    const digitsStart = this.#at;
    while (isDigit(this.#text[this.#at])) this.#at += 1;
    const hasPoint = this.#text[this.#at] === '.' && this.#text[this.#at + 1] !== '.';
    if (hasPoint) {
      this.#at += 1;
      while (isDigit(this.#text[this.#at])) this.#at += 1;
    }
    const digits = this.#text.slice(digitsStart, this.#at);
    const size = hasPoint ? Number(digits) : toInteger(BigInt(digits));
    const number = isNegative ? (size === 0 ? 0 : -size) : size;
    return { kind: 'number', text: this.#text.slice(start, this.#at), number, start, end: this.#at };
  }

  #punctuation(): Token {
    const start = this.#at;
    const found = punctuation.find((candidate) => this.#text.startsWith(candidate, start));
    if (found === undefined) {
      const char = String.fromCodePoint(this.#text.codePointAt(start)!);
      throw new MappingSyntaxFault(`Unexpected "${char}"`, start, start + char.length, operatorHints[char]);
    }
    this.#at += found.length;
    return { kind: 'punctuation', text: found, start, end: this.#at };
  }
}

/** All tokens of a mapping, the last one of kind `end`; throws MappingSyntaxFault. */
export const readTokens = (text: string): Token[] => [...new Lexer(text).tokens()];
