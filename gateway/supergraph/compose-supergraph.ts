/** Composes subgraphs with @apollo/composition. What it finds becomes faults: every error at once, with both places. */
import { composeServices } from '@apollo/composition';
import { parse, type DocumentNode, type GraphQLError } from 'graphql';
import { FaultsError, sortFaults, type Fault } from '../errors/fault.ts';
import { findUnenforced, withoutAdvice } from './check-features.ts';
import { toRange } from './to-range.ts';

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
  const document = parse(result.supergraphSdl, { noLocation: true });
  const unenforced = findUnenforced(document, subgraphs);
  if (unenforced.length > 0) throw new FaultsError(sortFaults(unenforced), texts);
  return { sdl: withoutAdvice(result.supergraphSdl, document), hints: result.hints.map((hint) => hint.toString()) };
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
