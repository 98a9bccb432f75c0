/**
 * Reads a mapping text into its tree (connectors.md 8.2, 8.3). Recursive descent over the tokens; the only thing it
 * throws is MappingSyntaxFault, with the token where reading stopped and what was expected there.
 */
import type {
  ExpressionNode,
  HeadNode,
  ItemNode,
  ListNode,
  LiteralNode,
  MappingNode,
  ObjectNode,
  PathNode,
  Span,
  StepNode,
} from './ast.ts';
import { readTokens, type Token } from './lexer.ts';
import { MappingSyntaxFault } from './syntax-fault.ts';
import { grammarOf, type Grammar, type MappingVersion } from './versions.ts';

const maximumDepth = 200;
const words: Readonly<Record<string, true | false | null>> = { true: true, false: false, null: null };

/** A path of one key (`key`, `key?`, `key { … }`) names its own output. */
function singleKeyOf(node: ExpressionNode): (HeadNode & { kind: 'key' }) | undefined {
  if (node.kind !== 'path' || node.head.kind !== 'key' || node.steps.length > 1) return undefined;
  return node.steps[0] === undefined || node.steps[0].kind === 'optional' ? node.head : undefined;
}

class Parser {
  readonly #text: string;
  readonly #grammar: Grammar;
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;

  constructor(text: string, version: MappingVersion) {
    this.#text = text;
    this.#grammar = grammarOf(version);
    this.#tokens = readTokens(text);
  }

  // --- whole texts -------------------------------------------------------------------------------------------------

  parseSelection(): ListNode | ExpressionNode {
    if (this.#grammar.isUnified) return this.#unifiedSelection();
    const items = this.#spacedItems('end');
    const only = items.length === 1 ? items[0] : undefined;
    if (only?.kind === 'anonymous' || (only?.kind === 'spread' && !only.isExplicit)) return only.value;
    return this.#list(items);
  }

  /** One expression that uses up the text: what stands in a hole of a template. */
  parseExpression(): ExpressionNode {
    const expression = this.#expression();
    this.#expectEnd();
    return expression;
  }

  #unifiedSelection(): ListNode | ExpressionNode {
    if (this.#peek().kind === 'end') return this.#list([]);
    let fault: MappingSyntaxFault;
    try {
      const expression = this.#topExpression();
      this.#expectEnd();
      if (!singleKeyOf(expression)) return expression;
      return this.#list([this.#pathItem(expression as PathNode)]);
    } catch (error) {
      if (!(error instanceof MappingSyntaxFault)) throw error;
      fault = error;
    }
    this.#index = 0;
    this.#depth = 0;
    try {
      return this.#list(this.#unifiedItems('end'));
    } catch (error) {
      // Of the two readings, the one that got further is the one its author meant
      throw error instanceof MappingSyntaxFault && error.start < fault.start ? fault : error;
    }
  }

  #topExpression(): ExpressionNode {
    const isObject = this.#isAt('{');
    const expression = this.#expression();
    if (isObject && expression.kind === 'path') {
      const step = expression.steps[0]!;
      throw new MappingSyntaxFault('A step cannot follow this object', step.start, step.end, 'Wrap it: $({ … })->…');
    }
    return expression;
  }

  #list(items: readonly ItemNode[]): ListNode {
    return { kind: 'list', items, start: 0, end: this.#text.length };
  }

  // --- items -------------------------------------------------------------------------------------------------------

  #items(closing: '}' | 'end'): ItemNode[] {
    return this.#grammar.isUnified ? this.#unifiedItems(closing) : this.#spacedItems(closing);
  }

  #isAtClosing(closing: '}' | 'end'): boolean {
    return closing === 'end' ? this.#peek().kind === 'end' : this.#isAt('}');
  }

  #spacedItems(closing: '}' | 'end'): ItemNode[] {
    const items: ItemNode[] = [];
    while (!this.#isAtClosing(closing)) {
      if (this.#peek().kind === 'end') this.#fail('"}"');
      items.push(this.#item());
    }
    return this.#checkAnonymous(items);
  }

  #unifiedItems(closing: '}' | 'end'): ItemNode[] {
    const items: ItemNode[] = [];
    let hasCommas: boolean | undefined;
    while (!this.#isAtClosing(closing)) {
      if (this.#peek().kind === 'end') this.#fail('"}"');
      items.push(this.#item());
      const isComma = this.#isAt(',');
      const isLast = !isComma && this.#isAtClosing(closing);
      hasCommas ??= isLast ? undefined : isComma;
      if (!isLast && hasCommas !== undefined && isComma !== hasCommas) {
        this.#fail(hasCommas ? '","' : 'another field', 'Separate fields by commas or by white space, not by both');
      }
      if (isComma) this.#next();
    }
    return this.#checkAnonymous(items);
  }

  #checkAnonymous(items: ItemNode[]): ItemNode[] {
    const anonymous = items.length > 1 ? items.find((item) => item.kind === 'anonymous') : undefined;
    if (anonymous) {
      const place = this.#text.slice(anonymous.start, anonymous.end);
      throw new MappingSyntaxFault(
        `"${place}" needs a name here`,
        anonymous.start,
        anonymous.end,
        `Write name: ${place}`,
      );
    }
    return items;
  }

  #item(): ItemNode {
    const first = this.#peek();
    if (this.#isAt('...')) return this.#spread();
    if (this.#isKey(first) && this.#isAt(':', 1)) return this.#aliased();
    return this.#pathItem(this.#path());
  }

  #spread(): ItemNode {
    const { start, end } = this.#next();
    if (!this.#grammar.hasSpread) {
      throw new MappingSyntaxFault('"..." needs connect v0.4', start, end, 'Raise the version in the @link to v0.4');
    }
    const value = this.#grammar.isUnified ? this.#expression() : this.#path();
    return { kind: 'spread', isExplicit: true, value, start, end: value.end };
  }

  #aliased(): ItemNode {
    const key = this.#next();
    this.#next();
    const value = this.#grammar.isUnified
      ? this.#expression()
      : this.#isAt('{')
        ? this.#group()
        : this.#path('Constants stand in $( ): name: $(42)');
    return {
      kind: 'field',
      name: key.text,
      nameSpan: span(key),
      hasAlias: true,
      value,
      start: key.start,
      end: value.end,
    };
  }

  #pathItem(path: PathNode): ItemNode {
    const { start, end } = path;
    const key = singleKeyOf(path);
    if (key) {
      return { kind: 'field', name: key.key, nameSpan: span(key), hasAlias: false, value: path, start, end };
    }
    if (path.selection) return { kind: 'spread', isExplicit: false, value: path, start, end };
    return { kind: 'anonymous', value: path, start, end };
  }

  // --- expressions -------------------------------------------------------------------------------------------------

  #expression(): ExpressionNode {
    return this.#nested(() => {
      const first = this.#primary();
      if (!this.#isAt('??') && !this.#isAt('?!')) return first;
      const operator = this.#peek().text as '??' | '?!';
      const operands = [first];
      while (this.#isAt('??') || this.#isAt('?!')) {
        if (!this.#isAt(operator)) this.#fail(`"${operator}"`, 'Use one of ?? and ?! in a chain, or nest with $( )');
        this.#checkOptional(this.#next());
        operands.push(this.#primary());
      }
      return { kind: 'chain', operator, operands, start: first.start, end: operands.at(-1)!.end };
    });
  }

  #primary(): ExpressionNode {
    const literal = this.#literal();
    if (!literal) return this.#path();
    if (!this.#isAt('.') && !this.#isAt('->') && !this.#isAt('?')) return literal;
    const head: HeadNode = { kind: 'expression', value: literal, start: literal.start, end: literal.end };
    return this.#pathFrom(head);
  }

  #literal(): ExpressionNode | undefined {
    const token = this.#peek();
    const { start, end } = token;
    const scalar = (value: LiteralNode['value']): LiteralNode => {
      this.#next();
      return { kind: 'literal', value, start, end };
    };
    if (token.kind === 'string') return scalar(token.text);
    if (token.kind === 'number') return scalar(token.number!);
    if (token.kind === 'name' && Object.hasOwn(words, token.text)) return scalar(words[token.text]!);
    if (this.#isAt('{')) return this.#grammar.isUnified ? this.#group() : this.#objectLiteral();
    if (this.#isAt('[')) return this.#nested(() => this.#array());
    return undefined;
  }

  /** `{ items }` whose equal keys merge: after an alias in all versions, anywhere in v0.4. */
  #group(): ObjectNode {
    return this.#nested(() => {
      const { start } = this.#next();
      const items = this.#items('}');
      return { kind: 'object', merges: true, items, start, end: this.#expect('}').end };
    });
  }

  #objectLiteral(): ObjectNode {
    return this.#nested(() => {
      const { start } = this.#next();
      const items: ItemNode[] = [];
      while (!this.#isAt('}')) {
        items.push(this.#property());
        if (!this.#isAt(',')) break;
        this.#next();
      }
      return { kind: 'object', merges: false, items, start, end: this.#expect('}').end };
    });
  }

  #property(): ItemNode {
    const key = this.#peek();
    if (!this.#isKey(key)) this.#fail('a property name');
    if (this.#isAt(':', 1)) {
      this.#next();
      this.#next();
      const value = this.#expression();
      const { start } = key;
      return { kind: 'field', name: key.text, nameSpan: span(key), hasAlias: true, value, start, end: value.end };
    }
    const path = this.#path();
    if (!this.#grammar.hasSpread || !singleKeyOf(path)) this.#failAt(key, '":" after the property name');
    return this.#pathItem(path);
  }

  #array(): ExpressionNode {
    const { start } = this.#next();
    const items = this.#expressionsUntil(']');
    return { kind: 'array', items, start, end: this.#expect(']').end };
  }

  #expressionsUntil(closing: ']' | ')'): ExpressionNode[] {
    const items: ExpressionNode[] = [];
    while (!this.#isAt(closing)) {
      items.push(this.#expression());
      if (!this.#isAt(',')) break;
      this.#next();
    }
    return items;
  }

  // --- paths -------------------------------------------------------------------------------------------------------

  #path(hint?: string): PathNode {
    return this.#pathFrom(this.#head(hint));
  }

  #head(hint?: string): HeadNode {
    const token = this.#peek();
    const { start, end } = token;
    if (this.#isAt('$')) {
      this.#next();
      if (!this.#isAt('(')) return { kind: 'scope', start, end };
      return this.#nested(() => {
        this.#next();
        const value = this.#expression();
        return { kind: 'expression', value, start, end: this.#expect(')').end };
      });
    }
    if (token.kind !== 'variable' && !this.#isAt('@') && !this.#isKey(token)) this.#fail('a field or path', hint);
    this.#next();
    if (token.kind === 'variable') return { kind: 'variable', name: token.text, start, end };
    if (token.kind === 'punctuation') return { kind: 'current', start, end };
    return { kind: 'key', key: token.text, isQuoted: token.kind === 'string', start, end };
  }

  #pathFrom(head: HeadNode): PathNode {
    const steps: StepNode[] = [];
    for (let step = this.#step(steps); step; step = this.#step(steps)) steps.push(step);
    const end = steps.at(-1)?.end ?? head.end;
    if (this.#isAt('[')) this.#checkBrackets(end);
    if (!this.#isAt('{')) return { kind: 'path', head, steps, start: head.start, end };
    const selection = this.#subselection();
    return { kind: 'path', head, steps, selection, start: head.start, end: selection.end };
  }

  /** `a[0]` has no space before its bracket; the array of a new item would. */
  #checkBrackets(end: number): void {
    if (this.#peek().start === end) this.#fail('a step or the next field', 'Write ->get(0) or ->first');
  }

  #subselection(): ListNode {
    return this.#nested(() => {
      const { start } = this.#expect('{');
      const items = this.#items('}');
      return { kind: 'list', items, start, end: this.#expect('}').end };
    });
  }

  #step(before: readonly StepNode[]): StepNode | undefined {
    const { start } = this.#peek();
    if (this.#isAt('.')) {
      this.#next();
      const key = this.#peek();
      if (!this.#isKey(key)) this.#fail('a property name after "."');
      this.#next();
      return { kind: 'key', key: key.text, isQuoted: key.kind === 'string', start, end: key.end };
    }
    if (this.#isAt('->')) return this.#method(start);
    if (!this.#isAt('?')) return undefined;
    const token = this.#next();
    this.#checkOptional(token);
    if (before.at(-1)?.kind === 'optional') this.#failAt(token, 'a step', 'One "?" is enough');
    return { kind: 'optional', ...span(token) };
  }

  #method(start: number): StepNode {
    this.#next();
    const name = this.#peek();
    if (name.kind !== 'name') this.#fail('a method name after "->"');
    this.#next();
    const called = { kind: 'method', name: name.text, nameSpan: span(name), start } as const;
    if (!this.#isAt('(')) return { ...called, end: name.end };
    return this.#nested(() => {
      this.#next();
      const args = this.#expressionsUntil(')');
      return { ...called, args, end: this.#expect(')').end };
    });
  }

  #checkOptional(token: Token): void {
    if (this.#grammar.hasOptional) return;
    const hint = 'Raise the version in the @link to v0.3';
    throw new MappingSyntaxFault(`"${token.text}" needs connect v0.3`, token.start, token.end, hint);
  }

  // --- tokens ------------------------------------------------------------------------------------------------------

  #peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)]!;
  }

  #next(): Token {
    const token = this.#peek();
    this.#index += 1;
    return token;
  }

  #isAt(punctuation: string, ahead = 0): boolean {
    const token = this.#peek(ahead);
    return token.kind === 'punctuation' && token.text === punctuation;
  }

  #isKey(token: Token): boolean {
    return token.kind === 'name' || token.kind === 'string';
  }

  #expect(punctuation: string): Token {
    if (!this.#isAt(punctuation)) this.#fail(`"${punctuation}"`);
    return this.#next();
  }

  #expectEnd(): void {
    if (this.#peek().kind !== 'end') this.#fail('the end');
  }

  #fail(expected: string, hint?: string): never {
    this.#failAt(this.#peek(), expected, hint);
  }

  #failAt(token: Token, expected: string, hint?: string): never {
    const found = token.kind === 'end' ? 'the end' : this.#text.slice(token.start, token.end);
    const quoted = token.kind === 'end' ? found : `"${found.replaceAll('"', "'")}"`;
    throw new MappingSyntaxFault(`Expected ${expected}, found ${quoted}`, token.start, token.end, hint);
  }

  #nested<T>(parse: () => T): T {
    const token = this.#peek();
    this.#depth += 1;
    if (this.#depth > maximumDepth) {
      throw new MappingSyntaxFault(`Nested deeper than ${maximumDepth} levels`, token.start, token.end);
    }
    const result = parse();
    this.#depth -= 1;
    return result;
  }
}

const span = ({ start, end }: Span): Span => ({ start, end });

/** Parses a whole mapping; throws MappingSyntaxFault. */
export function parseMapping(text: string, version: MappingVersion): MappingNode {
  return { text, version, root: new Parser(text, version).parseSelection() };
}

/** Parses one expression, as it stands in a hole of a URL or header template; throws MappingSyntaxFault. */
export function parseExpression(text: string, version: MappingVersion): MappingNode {
  return { text, version, root: new Parser(text, version).parseExpression() };
}
