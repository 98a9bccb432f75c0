/**
 * `tributary facade versions`: the versions of the REST side with their dates and routes, read from the settings file, and the
 * clients that were seen, asked of the admin port of a running gateway.
 */
import { loadSettings } from '../config/index.ts';
import type { VersionSummary } from '../facade/index.ts';
import type { ClientReport } from '../server/versions/count-clients.ts';
import type { VersionsReport } from '../server/versions/report-versions.ts';
import type { CommandIo } from './command.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { loadFacadeOffline } from './load-facade-offline.ts';
import { loadGraphOffline } from './load-graph-offline.ts';
import { printOutcome } from './report.ts';

export interface FacadeVersionsFlags {
  readonly config: string;
  readonly json?: boolean;
  /** Address of an admin port, instead of the one in the settings. */
  readonly admin?: string;
}

interface VersionRow {
  readonly version: string;
  readonly isCurrent: boolean;
  readonly path: string;
  readonly description: string;
  readonly deprecated?: string;
  readonly sunset?: string;
  readonly routes: readonly { readonly method: string; readonly path: string; readonly operation: string }[];
  /** Undefined where no gateway was reached. */
  readonly clients: readonly ClientReport[] | undefined;
}

export async function facadeVersions(flags: FacadeVersionsFlags, io: CommandIo): Promise<ExitCode> {
  const { settings } = loadSettings({ file: flags.config, env: io.env });
  const facade = loadFacadeOffline(settings, loadGraphOffline(flags.config, io.env).apiSchema);
  const { host, port } = settings.server.admin;
  const admin = flags.admin ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const seen = await readClients(admin);
  const rows = (facade?.versions ?? []).map((summary) => toRow(summary, settings.facade.basePath, seen));
  const note = seen === undefined ? `No gateway answers at ${admin}, so its clients are not known` : undefined;
  const text = rows.length === 0 ? 'No routes: facade.operations is not set' : rows.map(printRow).join('\n\n');
  const data = { since: seen?.since ?? null, versions: rows };
  const outcome = { exitCode: exitCodes.done, data, text };
  if (note !== undefined && rows.length > 0) io.err(note);
  return printOutcome('facade versions', outcome, flags.json === true, io);
}

/** What a running gateway has counted; undefined when there is none. */
async function readClients(admin: string): Promise<VersionsReport | undefined> {
  try {
    const response = await fetch(new URL('/admin/versions', admin), { signal: AbortSignal.timeout(2_000) });
    return response.ok ? ((await response.json()) as VersionsReport) : undefined;
  } catch {
    return undefined;
  }
}

function toRow(summary: VersionSummary, basePath: string, seen: VersionsReport | undefined): VersionRow {
  const { version, isCurrent, routes, deprecated, sunset } = summary;
  const path = isCurrent ? basePath : `${basePath}/${version}`;
  return {
    version,
    isCurrent,
    path,
    description: `${path}/openapi.json`,
    ...(deprecated === undefined ? {} : { deprecated: dayOf(deprecated) }),
    ...(sunset === undefined ? {} : { sunset: dayOf(sunset) }),
    routes: routes.map(({ method, route, operation }) => ({ method, path: `${path}${route}`, operation })),
    clients: seen?.versions.find((one) => one.version === version)?.clients,
  };
}

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

function printRow({ version, isCurrent, description, deprecated, sunset, routes, clients }: VersionRow): string {
  const facts = [
    version,
    ...(isCurrent ? ['current'] : []),
    ...(deprecated === undefined ? [] : [`deprecated ${deprecated}`]),
    ...(sunset === undefined ? [] : [`sunset ${sunset}`]),
    description,
  ];
  const width = Math.max(0, ...routes.map(({ path }) => path.length));
  const lines = routes.map(({ method, path, operation }) => `${method.padEnd(6)}  ${path.padEnd(width)}  ${operation}`);
  return [facts.join('  '), ...lines, ...printClients(clients)].join('\n  ');
}

function printClients(clients: readonly ClientReport[] | undefined): string[] {
  if (clients === undefined) return [];
  if (clients.length === 0) return ['no clients seen'];
  return clients.map(({ name, requests, gone, lastSeen }) => {
    const refused = gone === 0 ? '' : `, ${gone} answered by 410`;
    return `client ${name}: ${requests} ${requests === 1 ? 'request' : 'requests'}${refused}, last ${lastSeen}`;
  });
}
