/**
 * Places in a subgraph file, also inside a mapping (connectors.md 4). GraphQL turns a string literal into a text:
 * escapes are decoded, the indentation of block strings removed. The way back, from an offset of the text to the place
 * in the file, is computed only when something is to be reported.
 */
import type { ASTNode, StringValueNode } from 'graphql';
import type { Range } from '../../errors/fault.ts';

export class SdlSource {
  readonly file: string;
  readonly text: string;
  #lineStarts: number[] | undefined;
  /** Nodes that come from elsewhere, with their places. */
  readonly #adopted = new WeakMap<ASTNode, Range>();

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
  }

  /** The place of a piece of the file, by offsets. */
  rangeOfOffsets(start: number, end: number): Range {
    const [from, to] = [this.#position(start), this.#position(Math.max(end, start + 1))];
    return { file: this.file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  }

  /** From now on the node stands at this place; without one, at the start of the file. */
  adopt(node: ASTNode, range: Range | undefined): void {
    if (range) this.#adopted.set(node, range);
  }

  rangeOf(node: ASTNode): Range {
    const adopted = this.#adopted.get(node);
    if (adopted) return adopted;
    return this.rangeOfOffsets(node.loc?.start ?? 0, node.loc?.end ?? 0);
  }

  /** The place of a piece of the text that a string literal stands for. */
  rangeInString(node: StringValueNode, start: number, end: number): Range {
    const adopted = this.#adopted.get(node);
    if (adopted) return adopted;
    const offsets = textOffsets(this.text, node);
    const at = (index: number): number => offsets[Math.min(index, offsets.length - 1)] ?? node.loc?.start ?? 0;
    const last = end > start ? at(end - 1) + 1 : at(start) + 1;
    return this.rangeOfOffsets(at(start), last);
  }

  #position(offset: number): { line: number; column: number } {
    this.#lineStarts ??= lineStartsOf(this.text);
    const index = this.#lineStarts.findLastIndex((start) => start <= offset);
    return { line: index + 1, column: offset - this.#lineStarts[index]! + 1 };
  }
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n')) starts.push(at + 1);
  }
  return starts;
}

/** For each UTF-16 unit of the literal's value its offset in the file; one more for the end. */
function textOffsets(source: string, node: StringValueNode): number[] {
  const { start, end } = node.loc ?? { start: 0, end: 0 };
  return node.block ? blockOffsets(source, start + 3, end - 3) : quotedOffsets(source, start + 1, end - 1);
}

function quotedOffsets(source: string, start: number, end: number): number[] {
  const offsets: number[] = [];
  for (let at = start; at < end;) {
    offsets.push(at);
    if (source[at] !== '\\') at += 1;
    else if (source[at + 1] !== 'u') at += 2;
    else if (source[at + 2] !== '{') at += 6;
    else {
      const close = source.indexOf('}', at);
      if (Number.parseInt(source.slice(at + 3, close), 16) > 0xffff) offsets.push(at);
      at = close + 1;
    }
  }
  return [...offsets, end];
}

interface Line {
  readonly start: number;
  readonly end: number;
}

/** The same lines that graphql-js keeps: without the common indentation and without blank lines at both ends. */
function blockOffsets(source: string, start: number, end: number): number[] {
  const lines = blockLines(source, start, end);
  const indentOf = ({ start: from, end: to }: Line): number => {
    let at = from;
    while (at < to && (source[at] === ' ' || source[at] === '\t')) at += 1;
    return at - from;
  };
  const isBlank = (line: Line): boolean => indentOf(line) === line.end - line.start;
  const indents = lines.filter((line, index) => index > 0 && !isBlank(line)).map(indentOf);
  const indent = indents.length === 0 ? 0 : Math.min(...indents);
  const first = lines.findIndex((line) => !isBlank(line));
  const last = lines.findLastIndex((line) => !isBlank(line));
  const offsets: number[] = [];
  for (let index = Math.max(first, 0); index <= last; index += 1) {
    const line = lines[index]!;
    for (let at = index === 0 ? line.start : line.start + indent; at < line.end; at += 1) {
      if (source.startsWith('\\"""', at)) at += 1;
      offsets.push(at);
    }
    offsets.push(line.end);
  }
  return offsets.length === 0 ? [start] : offsets;
}

function blockLines(source: string, start: number, end: number): Line[] {
  const lines: Line[] = [];
  let from = start;
  for (let at = start; at < end; at += 1) {
    if (source[at] !== '\n' && source[at] !== '\r') continue;
    lines.push({ start: from, end: at });
    if (source[at] === '\r' && source[at + 1] === '\n') at += 1;
    from = at + 1;
  }
  return [...lines, { start: from, end }];
}
