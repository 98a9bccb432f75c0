/** Composes subgraphs with @apollo/composition. What it finds becomes faults: every error at once, with both places. */
import { composeServices } from '@apollo/composition';
import type { ASTNode, DocumentNode, GraphQLError } from 'graphql';
import { FaultsError, sortFaults, type Fault, type Range } from '../errors/fault.ts';

export interface SubgraphSdl {
  readonly name: string;
  readonly typeDefs: DocumentNode;
  /** Only shown in the supergraph; calls go where the settings say. */
  readonly url: string;
}

export interface Supergraph {
  readonly sdl: string;
  /** What composition found worth a remark. */
  readonly hints: readonly string[];
}

/** Throws FaultsError; `texts` (file name to text) draws the code frames. */
export function composeSupergraph(subgraphs: readonly SubgraphSdl[], texts: ReadonlyMap<string, string>): Supergraph {
  const result = composeServices(subgraphs.map(({ name, typeDefs, url }) => ({ name, typeDefs, url })));
  if (result.errors !== undefined) throw new FaultsError(sortFaults(result.errors.map(toFault)), texts);
  return { sdl: result.supergraphSdl, hints: result.hints.map((hint) => hint.toString()) };
}

function toFault(error: GraphQLError): Fault {
  const code = error.extensions['code'];
  const [range, ...related] = (error.nodes ?? []).map(toRange).filter((found) => found !== undefined);
  return {
    code: typeof code === 'string' ? code : 'COMPOSITION_FAILED',
    severity: 'error',
    message: error.message.replace(/\.$/, ''),
    ...(range === undefined ? {} : { range }),
    ...(related.length === 0 ? {} : { related: related.slice(0, 3) }),
  };
}

function toRange(node: ASTNode): Range | undefined {
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
