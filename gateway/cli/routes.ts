/** `tributary routes`: the REST routes, each with its operation and the place it is declared. */
import { loadSettings } from '../config/index.ts';
import type { CommandIo } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { loadFacadeOffline } from './load-facade-offline.ts';
import { loadGraphOffline } from './load-graph-offline.ts';
import { printOutcome } from './report.ts';

interface RouteRow {
  readonly method: string;
  readonly path: string;
  readonly operation: string;
  readonly place: string;
}

export async function routes(flags: { config: string; json?: boolean }, io: CommandIo): Promise<ExitCode> {
  const rows = listRoutes(flags.config, io.env);
  const text = rows.length === 0 ? 'No routes: facade.operations is not set' : printRows(rows);
  return printOutcome('routes', { exitCode: exitCodes.done, data: rows, text }, flags.json === true, io);
}

function listRoutes(config: string, env: CommandIo['env']): RouteRow[] {
  const { settings } = loadSettings({ file: config, env });
  const { basePath, operations } = settings.facade;
  if (operations === undefined) return [];
  const facade = loadFacadeOffline(settings, loadGraphOffline(config, env).apiSchema)!;
  return facade.routes.map(({ method, route, operation, version: family, isCurrent, file, line }) => ({
    method,
    path: `${basePath}${isCurrent ? '' : `/${family}`}${route}`,
    operation,
    place: `${file}:${line}`,
  }));
}

function printRows(rows: readonly RouteRow[]): string {
  const width = (key: keyof RouteRow) => Math.max(...rows.map((row) => row[key].length));
  const [method, path, operation] = [width('method'), width('path'), width('operation')];
  return rows
    .map((r) => `${r.method.padEnd(method)}  ${r.path.padEnd(path)}  ${r.operation.padEnd(operation)}  ${r.place}`)
    .join('\n');
}
