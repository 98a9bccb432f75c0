/**
 * Cuts a template into constants and `{ mapping }` holes (connectors.md 9.1). The scanner only counts braces, also inside
 * string literals of the mapping; tabs and line ends in the constants are dropped, so that long URLs may be broken.
 */
import type { StringValueNode } from 'graphql';
import type { MappingNode } from '../mapping/ast.ts';
import { compileMapping, type CompiledMapping } from '../mapping/compile.ts';
import { parseExpression } from '../mapping/parser.ts';
import { MappingSyntaxFault } from '../mapping/syntax-fault.ts';
import type { MappingVersion } from '../mapping/versions.ts';

export interface Hole {
  readonly tree: MappingNode;
  readonly evaluate: CompiledMapping;
  /** Offset of the mapping in the template's text. */
  readonly offset: number;
  readonly node: StringValueNode;
}

export type TemplatePiece = string | Hole;

export interface Template {
  readonly text: string;
  readonly node: StringValueNode;
  readonly pieces: readonly TemplatePiece[];
}

const dropped = /[\t\n\f\r]/g;

/** Throws MappingSyntaxFault with offsets in the template's text. */
export function readTemplate(node: StringValueNode, version: MappingVersion): Template {
  const text = node.value;
  const pieces: TemplatePiece[] = [];
  let constantStart = 0;
  const addConstant = (end: number): void => {
    const constant = text.slice(constantStart, end).replace(dropped, '');
    if (constant !== '') pieces.push(constant);
  };
  for (let open = text.indexOf('{'); open >= 0; open = text.indexOf('{', constantStart)) {
    addConstant(open);
    const close = closingBrace(text, open);
    pieces.push(readHole(text.slice(open + 1, close), open + 1, node, version));
    constantStart = close + 1;
  }
  addConstant(text.length);
  return { text, node, pieces };
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  throw new MappingSyntaxFault('The expression has no closing "}"', open, text.length);
}

function readHole(text: string, offset: number, node: StringValueNode, version: MappingVersion): Hole {
  try {
    const tree = parseExpression(text, version);
    return { tree, evaluate: compileMapping(tree), offset, node };
  } catch (error) {
    if (!(error instanceof MappingSyntaxFault)) throw error;
    throw new MappingSyntaxFault(error.message, error.start + offset, error.end + offset, error.hint);
  }
}
