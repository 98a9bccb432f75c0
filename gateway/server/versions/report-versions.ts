/** `GET /admin/versions`: the versions of the REST side, when they end, and who still calls them. */
import type { Facade } from '../../facade/index.ts';
import type { ClientCounter, ClientReport } from './count-clients.ts';

export interface VersionReport {
  readonly version: string;
  readonly isCurrent: boolean;
  readonly routes: number;
  /** Calendar dates: the first deprecation and the last sunset of its routes. */
  readonly deprecated?: string;
  readonly sunset?: string;
  readonly clients: readonly ClientReport[];
}

export interface VersionsReport {
  /** Since when clients are counted. */
  readonly since: string;
  readonly versions: readonly VersionReport[];
}

export const reportVersions = (facade: Facade | undefined, counter: ClientCounter, since: Date): VersionsReport => ({
  since: since.toISOString(),
  versions: (facade?.versions ?? []).map(({ version, isCurrent, routes, deprecated, sunset }) => ({
    version,
    isCurrent,
    routes: routes.length,
    ...(deprecated === undefined ? {} : { deprecated: dayOf(deprecated) }),
    ...(sunset === undefined ? {} : { sunset: dayOf(sunset) }),
    clients: counter.clientsOf(version),
  })),
});

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);
