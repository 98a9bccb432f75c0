/** Options that are read once, at the start: a change of them is named, because it does nothing before the next start. */
import type { Settings } from '../../config/index.ts';

const readOnce: Readonly<Record<string, (settings: Settings) => unknown>> = {
  'server.host': ({ server }) => server.host,
  'server.port': ({ server }) => server.port,
  'server.bodyLimit': ({ server }) => server.bodyLimitBytes,
  'server.cors.origins': ({ server }) => server.cors.origins,
  'server.rateLimit': ({ server }) => server.rateLimit,
  'server.compression': ({ server }) => server.compression,
  'server.trustProxy': ({ server }) => server.trustProxy,
  'server.landingPage': ({ server }) => server.landingPage,
  'server.web': ({ server }) => server.web,
  'server.persistedQueries': ({ server }) => server.persistedQueries,
  'server.readiness': ({ server }) => server.readiness,
  compare: ({ compare }) => compare,
  'server.admin': ({ server }) => server.admin,
  'facade.basePath': ({ facade }) => facade.basePath,
  'facade.idempotencyStore': ({ facade }) => facade.idempotencyStore,
  'facade.operations, on or off': ({ facade }) => facade.operations !== undefined,
  'sharing.answers': ({ sharing }) => sharing.answers,
  reload: ({ reload }) => reload,
  telemetry: ({ telemetry }) => telemetry,
};

/** Names of the options that differ from those the process was started with. */
export const restartNeeded = (started: Settings, wanted: Settings): string[] =>
  Object.entries(readOnce)
    .filter(([, read]) => JSON.stringify(read(started)) !== JSON.stringify(read(wanted)))
    .map(([name]) => name);
