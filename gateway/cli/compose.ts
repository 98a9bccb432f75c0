/** `tributary compose`: prints the supergraph, or every error at once and exit code 4. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { formatFault } from '../errors/fault.ts';
import type { SubgraphLocation } from '../supergraph/read-subgraphs.ts';
import type { CommandIo } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { composeFiles, loadGraphOffline } from './load-graph-offline.ts';
import { printOutcome } from './report.ts';

export interface ComposeFlags {
  readonly config: string;
  readonly json?: boolean;
  readonly subgraph?: string | readonly string[];
  readonly out?: string;
}

export async function compose(flags: ComposeFlags, io: CommandIo): Promise<ExitCode> {
  const named = [flags.subgraph ?? []].flat();
  const wrong = named.find((entry) => !/^[^=]+=.+$/.test(entry));
  if (wrong !== undefined) {
    io.err(`error[USAGE] --subgraph is "${wrong}", expected name=file`);
    return exitCodes.usage;
  }
  const graph = named.length > 0 ? composeFiles(named.map(toLocation)) : loadGraphOffline(flags.config, io.env);
  const warnings = graph.subgraphs.flatMap((subgraph) =>
    subgraph.kind === 'connectors' ? subgraph.connectors.warnings : [],
  );
  for (const warning of warnings) io.err(formatFault(warning));
  for (const hint of graph.hints) io.err(`hint ${hint}`);
  if (flags.out !== undefined) writeFileSync(flags.out, graph.supergraphSdl);
  const text = flags.out === undefined ? graph.supergraphSdl : '';
  const data = { supergraph: graph.supergraphSdl, subgraphs: graph.subgraphs.map(({ name }) => name) };
  return printOutcome('compose', { exitCode: exitCodes.done, data, text, findings: warnings }, flags.json === true, io);
}

function toLocation(entry: string): SubgraphLocation {
  const mark = entry.indexOf('=');
  return { name: entry.slice(0, mark), schema: resolve(entry.slice(mark + 1)), url: undefined };
}
