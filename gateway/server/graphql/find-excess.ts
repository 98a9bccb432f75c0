/**
 * Whether the text of an operation is too much, found by reading it once, character by character. Parsing and validating cost
 * far more for a byte than that, and some rules of validation cost the square of what they are given (fields of one name
 * merge pair by pair), so a text that nobody writes by hand or by a client library is refused before.
 */
import { findFragmentExcess, type TextDefinition } from './expanded-fields.ts';
import type { OperationLimits } from './limit-operations.ts';

export interface TextLimits extends OperationLimits {
  readonly tokens: number;
}

/** Beyond what clients send; not settings, since raising them only raises the cost of an attack. */
const MOST = {
  charactersPerToken: 20,
  directives: 500,
  /** Pairs of fields with one response name in one selection set: each pair is compared, with all that is below. */
  pairs: 2000,
  /** Fragments spread in one selection set. */
  spreads: 50,
  /** Operations and fragments. */
  definitions: 200,
  /** Variables, defined or used. */
  variables: 1000,
  valueDepth: 64,
  /** Braces for a level: inline fragments have some, and are no level. */
  braces: 3,
} as const;

/** What the text has too much of, as a sentence; undefined when it may be parsed. */
export function findExcess(text: string, limits: TextLimits): string | undefined {
  return new TextReader(text, limits).read();
}

interface Level {
  /** How often each response name stands in the selection set, and in its inline fragments. */
  readonly names: Map<string, number>;
  spreads: number;
}

const isNameStart = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
const isNamePart = (code: number): boolean => isNameStart(code) || (code >= 48 && code <= 57);
const isIgnored = (code: number): boolean => code === 32 || (code >= 9 && code <= 13) || code === 44 || code === 0xfeff;

const DEFINITIONS: ReadonlySet<string> = new Set(['query', 'mutation', 'subscription', 'fragment']);

const QUOTE = 34;
const BACKSLASH = 92;

class TextReader {
  readonly #text: string;
  readonly #limits: TextLimits;
  readonly #levels: Level[] = [];
  #at = 0;
  #tokens = 0;
  #fields = 0;
  #directives = 0;
  #pairs = 0;
  #variables = 0;
  readonly #definitions: TextDefinition[] = [];
  /** Parentheses, and brackets and braces within them. */
  #valueDepth = 0;
  /** What the next name is, from what stood before it. */
  #next: 'field' | 'aliased' | 'afterSpread' | 'condition' | 'directive' | 'fragment' = 'field';
  #opensInline = false;
  /** Whether the last definition has got its braces already. */
  #hasBody = true;

  constructor(text: string, limits: TextLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  read(): string | undefined {
    const characters = this.#limits.tokens * MOST.charactersPerToken;
    if (this.#text.length > characters) return `The query has more than ${characters} characters`;
    while (this.#at < this.#text.length) {
      const code = this.#text.charCodeAt(this.#at);
      if (isIgnored(code)) this.#at++;
      else if (code === 35) this.#skipComment();
      else {
        this.#readToken(code);
        const excess = this.#excess();
        if (excess !== undefined) return excess;
      }
    }
    return findFragmentExcess(this.#definitions, this.#limits.fields);
  }

  #excess(): string | undefined {
    const { tokens, fields, depth } = this.#limits;
    if (this.#tokens > tokens) return `The query has more than ${tokens} tokens`;
    if (this.#fields > fields) return `The query asks for more than ${fields} fields`;
    if (this.#levels.length > depth * MOST.braces) return `The query is nested deeper than ${depth} levels`;
    if (this.#valueDepth > MOST.valueDepth) return `A value is nested deeper than ${MOST.valueDepth} levels`;
    if (this.#directives > MOST.directives) return `The query has more than ${MOST.directives} directives`;
    if (this.#definitions.length > MOST.definitions) return `The query has more than ${MOST.definitions} definitions`;
    if (this.#variables > MOST.variables) return `The query has more than ${MOST.variables} variables`;
    if (this.#pairs > MOST.pairs) return 'The query repeats the same fields too often';
    const level = this.#levels.at(-1);
    if (level !== undefined && level.spreads > MOST.spreads) {
      return `The query spreads more than ${MOST.spreads} fragments in one place`;
    }
    return undefined;
  }

  #readToken(code: number): void {
    this.#tokens++;
    if (isNameStart(code)) return this.#readName();
    if (code === QUOTE) return this.#skipString();
    this.#at++;
    switch (code) {
      case 40: // (
        this.#valueDepth++;
        break;
      case 41: // )
        this.#valueDepth--;
        break;
      case 91: // [
        if (this.#valueDepth > 0) this.#valueDepth++;
        break;
      case 93: // ]
        if (this.#valueDepth > 0) this.#valueDepth--;
        break;
      case 123: // {
        this.#open();
        break;
      case 125: // }
        if (this.#valueDepth > 0) this.#valueDepth--;
        else this.#levels.pop();
        break;
      case 64: // @
        this.#directives++;
        if (this.#valueDepth === 0) this.#next = 'directive';
        break;
      case 36: // $
        this.#variables++;
        break;
      case 46: // ...
        if (this.#text.startsWith('..', this.#at)) this.#at += 2;
        this.#next = 'afterSpread';
        this.#opensInline = true;
        break;
    }
  }

  #open(): void {
    if (this.#valueDepth > 0) {
      this.#valueDepth++;
      return;
    }
    const above = this.#levels.at(-1);
    // A query in short has no word before its braces.
    if (above === undefined && this.#hasBody) this.#define();
    if (above === undefined) this.#hasBody = true;
    this.#levels.push(this.#opensInline && above !== undefined ? above : { names: new Map(), spreads: 0 });
    this.#opensInline = false;
    this.#next = 'field';
  }

  #define(): void {
    this.#definitions.push({ name: undefined, fields: 0, spreads: [] });
    this.#hasBody = false;
  }

  #readName(): void {
    const start = this.#at;
    while (this.#at < this.#text.length && isNamePart(this.#text.charCodeAt(this.#at))) this.#at++;
    if (this.#valueDepth > 0) return;
    const name = this.#text.slice(start, this.#at);
    const level = this.#levels.at(-1);
    if (level === undefined) {
      if (this.#next === 'fragment') this.#definitions.at(-1)!.name = name;
      const isDefinition = this.#next === 'field' && DEFINITIONS.has(name);
      if (isDefinition) this.#define();
      this.#next = isDefinition && name === 'fragment' ? 'fragment' : 'field';
      return;
    }
    const kind = this.#next;
    this.#next = 'field';
    if (kind === 'afterSpread') {
      if (name === 'on') this.#next = 'condition';
      else {
        level.spreads++;
        this.#definitions.at(-1)!.spreads.push(name);
        this.#opensInline = false;
      }
    }
    if (kind !== 'field') return;
    this.#fields++;
    this.#definitions.at(-1)!.fields++;
    const before = level.names.get(name) ?? 0;
    this.#pairs += before;
    level.names.set(name, before + 1);
    if (this.#isAliasHere()) this.#next = 'aliased';
  }

  #isAliasHere(): boolean {
    let at = this.#at;
    while (isIgnored(this.#text.charCodeAt(at))) at++;
    return this.#text.charCodeAt(at) === 58;
  }

  #skipComment(): void {
    while (this.#at < this.#text.length && this.#text.charCodeAt(this.#at) !== 10) this.#at++;
  }

  #skipString(): void {
    if (this.#text.startsWith('"""', this.#at)) {
      const end = this.#text.indexOf('"""', this.#at + 3);
      this.#at = end === -1 ? this.#text.length : end + 3;
      return;
    }
    this.#at++;
    for (; this.#at < this.#text.length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === BACKSLASH) this.#at++;
      else if (code === QUOTE || code === 10) break;
    }
    this.#at++;
  }
}
