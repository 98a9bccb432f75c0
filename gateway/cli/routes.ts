/** `tributary routes`: the REST routes, each with its operation and the place it is declared. */
import { createFacade } from '../facade/index.ts';
import { loadSettings } from '../config/index.ts';
import { readDocuments } from '../server/read-documents.ts';
import type { CommandIo } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { loadGraphOffline, locateSubgraphs } from './load-graph-offline.ts';
import { printOutcome } from './report.ts';

export async function routes(flags: { config: string; json?: boolean }, io: CommandIo): Promise<ExitCode> {
  const { settings } = loadSettings({ file: flags.config, env: io.env });
  const { operations, basePath } = settings.facade;
  if (operations === undefined) {
    return printOutcome(
      'routes',
      { exitCode: exitCodes.done, data: [], text: 'No routes: facade.operations is not set' },
      flags.json === true,
      io,
    );
  }
  const graph = loadGraphOffline(await locateSubgraphs(flags.config, io.env));
  const facade = createFacade({
    documents: readDocuments(operations),
    schema: graph.apiSchema,
    execute: async () => ({ data: null }),
    basePath,
  });
  const rows = facade.routes.map(({ method, route, operation, file, line }) => ({
    method,
    path: `${basePath}${route}`,
    operation,
    place: `${file}:${line}`,
  }));
  const width = (key: 'method' | 'path' | 'operation') => Math.max(...rows.map((row) => row[key].length));
  const [method, path, operation] = [width('method'), width('path'), width('operation')];
  const text = rows
    .map((r) => `${r.method.padEnd(method)}  ${r.path.padEnd(path)}  ${r.operation.padEnd(operation)}  ${r.place}`)
    .join('\n');
  return printOutcome('routes', { exitCode: exitCodes.done, data: rows, text }, flags.json === true, io);
}
