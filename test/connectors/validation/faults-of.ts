// What the checks say about a connectors file, and where they point.
import { createConnectorSubgraph, type ConnectorSettings } from '../../../gateway/connectors/index.ts';
import { FaultsError, type Fault } from '../../../gateway/errors/fault.ts';

/** Errors of a file, or its warnings when it loads. */
export function faultsOf(sdl: string, settings: ConnectorSettings = {}): readonly Fault[] {
  const file = 'schema/books.graphql';
  const callUpstream = () => Promise.reject(new Error());
  try {
    return createConnectorSubgraph({ name: 'books', file, sdl, settings, callUpstream }).warnings;
  } catch (error) {
    if (error instanceof FaultsError) return error.faults;
    throw error;
  }
}

/** The piece of the file that a fault points at. */
export function pointedAt(sdl: string, { range }: Fault): string {
  const lines = sdl.split('\n');
  const { line, column, endLine, endColumn } = range!;
  if (line === endLine) return lines[line - 1]!.slice(column - 1, endColumn - 1);
  return [
    lines[line - 1]!.slice(column - 1),
    ...lines.slice(line, endLine - 1),
    lines[endLine - 1]!.slice(0, endColumn - 1),
  ].join('\n');
}
