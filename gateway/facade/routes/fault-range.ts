/** Turns a node of a document into the place a fault names. */
import { getLocation, type ASTNode } from 'graphql';
import type { Range } from '../../errors/fault.ts';

/** The place of a node; undefined for one that was made, not parsed. */
export function rangeOf(node: ASTNode | undefined): Range | undefined {
  if (!node?.loc) return undefined;
  const start = getLocation(node.loc.source, node.loc.start);
  const end = getLocation(node.loc.source, node.loc.end);
  return {
    file: node.loc.source.name,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}
