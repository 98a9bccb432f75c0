/** The place of a node, as faults name it; undefined for a node that stands in no file. */
import type { ASTNode } from 'graphql';
import type { Range } from '../errors/fault.ts';

export function toRange(node: ASTNode): Range | undefined {
  const location = node.loc;
  if (location === undefined) return undefined;
  const { startToken } = location;
  return {
    file: location.source.name,
    line: startToken.line,
    column: startToken.column,
    endLine: startToken.line,
    endColumn: startToken.column + (startToken.end - startToken.start),
  };
}
