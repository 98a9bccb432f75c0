/** What no single option is wrong about: limits inside each other, and names that must exist elsewhere in the file. */
import { describeError } from '../errors/catalogue.ts';
import { didYouMean } from '../errors/did-you-mean.ts';
import type { Fault } from '../errors/fault.ts';
import { printPath } from './describe-faults.ts';
import type { Settings } from './resolve-settings.ts';
import type { Path, SettingsFile } from './settings-file.ts';
import { printDuration } from './values.ts';

/** Every contradiction of the settings. */
export function findContradictions(settings: Settings, file: SettingsFile): Fault[] {
  const general: Path = ['upstream', 'deadline'];
  const services = Object.entries(settings.services).filter(([name]) =>
    file.rangeOf(['services', name, 'upstream', 'deadline']),
  );
  return [
    ...checkDeadlines(settings.upstream.deadline, general, general, settings.server.deadlineMs, file),
    ...services.flatMap(([name, { upstream }]) =>
      checkDeadlines(
        upstream.deadline,
        ['services', name, 'upstream', 'deadline'],
        general,
        settings.server.deadlineMs,
        file,
      ),
    ),
    ...checkSourceNames(settings, file, ['connectors', 'sources'], settings.connectors.sources),
    ...checkSourceNames(settings, file, ['headers', 'connector', 'sources'], settings.headers.connector.sources),
    ...checkSharedCaches(settings, file),
    ...checkCertificates(settings, file),
    ...checkTrusted(settings, file),
    ...checkWebhooks(settings, file),
  ];
}

function checkTrusted({ server: { trustedDocuments } }: Settings, file: SettingsFile): Fault[] {
  const { mode, manifest } = trustedDocuments;
  if (mode === 'off' || manifest !== undefined) return [];
  const range = file.rangeOf(['server', 'trustedDocuments', 'mode']);
  const reason = `"server.trustedDocuments.mode" is "${mode}", and there is no "server.trustedDocuments.manifest"`;
  return [
    {
      code: 'CONFIG_CONTRADICTION',
      severity: 'error',
      message: describeError('CONFIG_CONTRADICTION', { reason }),
      ...(range === undefined ? {} : { range }),
      hint: 'Name the file that lists the documents',
    },
  ];
}

function checkWebhooks({ facade }: Settings, file: SettingsFile): Fault[] {
  const { origins, secret } = facade.async.webhooks;
  if (origins.length === 0 || secret !== undefined) return [];
  const range = file.rangeOf(['facade', 'async', 'webhooks', 'origins']);
  const reason = '"facade.async.webhooks.origins" is set, and there is no "facade.async.webhooks.secret"';
  return [
    {
      code: 'CONFIG_CONTRADICTION',
      severity: 'error',
      message: describeError('CONFIG_CONTRADICTION', { reason }),
      ...(range === undefined ? {} : { range }),
      hint: 'Webhooks are always signed: receivers could not tell them from forged ones',
    },
  ];
}

interface Limit {
  readonly path: Path;
  readonly ms: number;
}

function checkDeadlines(
  { attemptMs, callMs }: { attemptMs: number; callMs: number },
  own: Path,
  general: Path,
  serverMs: number,
  file: SettingsFile,
): Fault[] {
  /** Where the limit is set: in the group itself, or in the one it is taken from. */
  const limit = (name: string, ms: number): Limit => {
    const path = [...own, name];
    return { path: file.rangeOf(path) ? path : [...general, name], ms };
  };
  const [attempt, call] = [limit('attempt', attemptMs), limit('call', callMs)];
  const server: Limit = { path: ['server', 'deadline'], ms: serverMs };
  return [...checkShorter(attempt, call, file), ...checkShorter(call, server, file)];
}

/** Equal limits are the trap: the outer one fires first, and partial data is lost. */
function checkShorter(inner: Limit, outer: Limit, file: SettingsFile): Fault[] {
  if (inner.ms < outer.ms) return [];
  const [innerPath, outerPath] = [printPath(inner.path), printPath(outer.path)];
  const [innerRange, outerRange] = [file.rangeOf(inner.path), file.rangeOf(outer.path)];
  const range = innerRange ?? outerRange;
  return [
    {
      code: 'CONFIG_CONTRADICTION',
      severity: 'error',
      message: describeError('CONFIG_CONTRADICTION', {
        reason: `"${innerPath}" is ${printDuration(inner.ms)}, and must be shorter than "${outerPath}", which is ${printDuration(outer.ms)}`,
      }),
      ...(range === undefined ? {} : { range }),
      ...(innerRange && outerRange ? { related: [outerRange] } : {}),
      hint: 'The outer limit fires first, and the useful error is lost',
    },
  ];
}

function checkSourceNames(settings: Settings, file: SettingsFile, group: Path, sources: object): Fault[] {
  const services = Object.keys(settings.services);
  const groupName = printPath(group);
  return Object.keys(sources).flatMap((key): Fault[] => {
    const [service = '', ...source] = key.split('.');
    const range = file.rangeOfName([...group, key]);
    const place = range === undefined ? {} : { range };
    if (source.length === 0) {
      const reason = { path: groupName, actual: JSON.stringify(key), expected: '"<service>.<source>"' };
      const message = describeError('CONFIG_INVALID_VALUE', reason);
      return [{ code: 'CONFIG_INVALID_VALUE', severity: 'error', message, ...place }];
    }
    if (services.includes(service)) return [];
    const hint = didYouMean(service, services);
    return [
      {
        code: 'CONFIG_UNKNOWN_OPTION',
        severity: 'error',
        message: `Unknown service "${service}" in ${groupName}`,
        ...place,
        ...(hint === undefined ? {} : { hint }),
      },
    ];
  });
}

/** A shared cache without an address; told once where it is written, for however many services it holds. */
/** A certificate without its key proves nothing, and the other way round. */
function checkCertificates({ services }: Settings, file: SettingsFile): Fault[] {
  const faults = Object.entries(services).flatMap(([name, { upstream }]): [string, Fault][] => {
    const { cert, key } = upstream.transport.tls;
    if ((cert === null) === (key === null)) return [];
    const [given, missing] = cert === null ? ['key', 'cert'] : ['cert', 'key'];
    const own: Path = ['services', name, 'upstream', 'transport', 'tls', given];
    const path: Path = file.rangeOf(own) ? own : ['upstream', 'transport', 'tls', given];
    const range = file.rangeOf(path);
    const reason = `"${printPath(path)}" names a file, and there is no "transport.tls.${missing}"`;
    const message = describeError('CONFIG_CONTRADICTION', { reason });
    const hint = 'Name the files of a certificate and of its key, or none of them';
    return [
      [printPath(path), { code: 'CONFIG_CONTRADICTION', severity: 'error', message, hint, ...(range && { range }) }],
    ];
  });
  return [...new Map(faults).values()];
}

function checkSharedCaches({ services }: Settings, file: SettingsFile): Fault[] {
  const faults = Object.entries(services).flatMap(([name, { upstream }]): [string, Fault][] => {
    const { enabled, store, url } = upstream.cache;
    if (!enabled || store !== 'redis' || url !== null) return [];
    const own: Path = ['services', name, 'upstream', 'cache', 'store'];
    const path: Path = file.rangeOf(own) ? own : ['upstream', 'cache', 'store'];
    const range = file.rangeOf(path);
    const reason = `"${printPath(path)}" is "redis", and "upstream.cache.url" says no address`;
    const message = describeError('CONFIG_CONTRADICTION', { reason });
    const hint = 'Write url: "${REDIS_URL}" beside it';
    return [
      [printPath(path), { code: 'CONFIG_CONTRADICTION', severity: 'error', message, hint, ...(range && { range }) }],
    ];
  });
  return [...new Map(faults).values()];
}
