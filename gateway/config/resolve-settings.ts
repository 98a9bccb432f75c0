/**
 * From the checked file to what the rest of the gateway receives: units in the names, paths absolute, defaults that depend on
 * `development` filled in, and for each service its own full set of upstream settings.
 */
import { resolve } from 'node:path';
import type { Range } from '../errors/fault.ts';
import type { DiscoverySettings } from '../upstream/discovery/discover-services.ts';
import { defaultUpstreamSettings, type UpstreamSettings } from '../upstream/settings.ts';
import type { JsonValue } from '../upstream/upstream-call.ts';
import type { HeaderRule } from './header-rules-schema.ts';
import { resolveDiscovery } from './discovery-schema.ts';
import { resolveServiceUpstream, resolveUpstream, type CheckedUpstream } from './resolve-upstream.ts';
import type { CheckedSettings } from './settings-schema.ts';

export interface ServiceSettings {
  /** Absolute path of the subgraph's SDL. */
  readonly schema: string;
  /** GraphQL endpoint of a remote subgraph; undefined when connectors answer it. */
  readonly url: string | undefined;
  /** Where its instances are; undefined when the URLs of its connectors say it. */
  readonly discovery: DiscoverySettings | undefined;
  readonly connectorDefaults: {
    readonly skipNullKeys: boolean;
    readonly strict: Strict;
    readonly v04Grammar: 'unified' | 'preview';
  };
  /** By Type.field or Type, with [index] where there are several, or by id. */
  readonly connectors: Readonly<Record<string, ConnectorSettings>>;
  readonly upstream: UpstreamSettings;
}

type Strict = 'none' | 'required' | 'all';

/** Of one connector; what is left out stays as the schema says. */
export interface ConnectorSettings {
  readonly strict?: Strict;
  readonly skipNullKeys?: boolean;
  readonly isNotFoundNull?: boolean;
  readonly isIdempotent?: boolean;
  readonly hasOwnBreaker?: boolean;
  /** Arguments of `@tributaryKeyList`. */
  readonly keyList?: DirectiveArguments;
  /** Arguments of each `@tributaryRead`. */
  readonly read?: readonly DirectiveArguments[];
  readonly upstream?: UpstreamSettings;
  /** Where its name stands in the file. */
  readonly range?: Range;
}

type DirectiveArguments = Readonly<Record<string, string | number | boolean | undefined>>;

export interface SourceSettings {
  readonly strict?: Strict;
  readonly skipNullKeys?: boolean;
  /** Where its name stands in the file. */
  readonly range?: Range;
  readonly overrideUrl?: string;
  readonly maxRequestsPerOperation?: number;
  /** A 404 is null, without an error. */
  readonly isNotFoundNull?: boolean;
  readonly config?: Readonly<Record<string, JsonValue>>;
}

export interface SourceHeaderRules {
  readonly request: readonly HeaderRule[];
  /** Where the name of the source stands in the file. */
  readonly range?: Range;
}

export interface Settings {
  readonly development: boolean;
  readonly server: {
    readonly host: string;
    readonly port: number;
    readonly deadlineMs: number;
    readonly bodyLimitBytes: number;
    readonly overload: {
      readonly operations: number;
      readonly loopDelayMs: number;
      readonly loopDelayForMs: number;
      readonly retryAfterMs: number;
    };
    readonly shutdown: { readonly graceMs: number };
    readonly readiness: 'none' | 'any' | 'all';
    readonly cors: { readonly origins: readonly string[] };
    readonly introspection: boolean;
    readonly landingPage: 'console' | 'sandbox' | 'off';
    readonly graphqlStatus: 'classic' | 'draft-2026';
    readonly csrf: boolean;
    readonly rateLimit: { readonly enabled: boolean; readonly max: number; readonly windowMs: number };
    readonly compression: { readonly enabled: boolean; readonly thresholdBytes: number };
    readonly limits: {
      readonly depth: number;
      readonly fields: number;
      readonly tokens: number;
      readonly planPaths: number;
    };
    readonly persistedQueries: { readonly enabled: boolean; readonly bytes: number };
    readonly trustedDocuments: {
      readonly mode: 'off' | 'log' | 'enforce';
      /** Absolute path. */
      readonly manifest: string | undefined;
    };
    /** Absolute path of a folder of pages. */
    readonly web: string | undefined;
    readonly trustProxy: boolean;
    readonly admin: { readonly enabled: boolean; readonly host: string; readonly port: number };
  };
  readonly services: Readonly<Record<string, ServiceSettings>>;
  /** Rules for the requests of connectors; `sources` by "<service>.<source>". */
  readonly headers: {
    readonly connector: {
      readonly all: { readonly request: readonly HeaderRule[] };
      readonly sources: Readonly<Record<string, SourceHeaderRules>>;
    };
  };
  /** By "<service>.<source>". */
  readonly connectors: {
    readonly portability: 'ignore' | 'warn' | 'error';
    readonly maxRequestsPerOperation: number | undefined;
    readonly debugExtensions: boolean;
    readonly sources: Readonly<Record<string, SourceSettings>>;
  };
  /** For a service that `services` does not name. */
  readonly upstream: UpstreamSettings;
  readonly facade: {
    /** Absolute path of a folder of documents. */
    readonly operations: string | undefined;
    readonly basePath: string;
    readonly title: string | undefined;
    readonly version: string | undefined;
    readonly publicUrl: string | undefined;
    readonly versioning: 'path' | 'mediaType' | 'header';
    readonly levels: readonly (0 | 1 | 2 | 3)[];
    readonly validationStatus: 422 | 400;
    readonly negativeTtlMs: number;
    readonly idempotencyStore:
      | { readonly kind: 'memory' }
      | { readonly kind: 'pglite'; readonly folder: string }
      | { readonly kind: 'postgresql'; readonly url: string };
    readonly httpExtensions: { readonly statuses: readonly number[]; readonly headers: readonly string[] };
    readonly asyncDone: 'redirect' | 'link';
    readonly description: string | undefined;
    readonly contact:
      | { readonly name?: string | undefined; readonly url?: string | undefined; readonly email?: string | undefined }
      | undefined;
    readonly license: { readonly name: string; readonly url?: string | undefined } | undefined;
    /** Security schemes as OpenAPI writes them, by name. */
    readonly securitySchemes: CheckedSettings['facade']['securitySchemes'];
    readonly limits: { readonly maxLength: number; readonly maxItems: number; readonly maximum: number };
    readonly curie: string | undefined;
    /** Milliseconds. */
    readonly async: CheckedSettings['facade']['async'];
    /** Pages may hold `{version}`. */
    readonly lifecycle: {
      readonly links: boolean;
      readonly deprecation?: string | undefined;
      readonly sunset?: string | undefined;
      readonly clientHeader: string;
      readonly brownOuts: readonly { readonly version: string; readonly from: Date; readonly until: Date }[];
    };
    readonly cacheTags: readonly ('Surrogate-Key' | 'Cache-Tag')[];
    readonly cdnMaxAgeMs: number | undefined;
  };
  readonly sharing: {
    readonly operations: boolean;
    readonly answers: boolean;
    readonly cache: { readonly enabled: boolean; readonly bytes: number };
  };
  readonly debug: {
    readonly queryPlan: boolean;
    readonly redact: { readonly headers: readonly string[]; readonly queryParameters: readonly string[] };
  };
  readonly compare: {
    /** Absolute path of a folder of use cases. */
    readonly cases: string | undefined;
  };
  readonly engine: 'apollo' | 'tributary';
  readonly reload: { readonly watch: boolean; readonly quietMs: number };
  readonly telemetry: {
    readonly serviceName: string;
    /** Undefined where no spans are made. */
    readonly traces:
      | { readonly endpoint: string; readonly headers: Readonly<Record<string, string>>; readonly sample: number }
      | undefined;
  };
  readonly log: { readonly level: string };
}

const developmentOrigins = ['https://studio.apollographql.com', 'http://localhost:5173', 'http://127.0.0.1:5173'];

/** Where the name of an option stands in the file. */
export type LocateName = (path: readonly PropertyKey[]) => Range | undefined;

/** `folder` is the one relative paths start from. */
export function resolveSettings(checked: CheckedSettings, folder: string, locate: LocateName): Settings {
  const { development, server, facade, sharing, engine, log, reload } = checked;
  const absolute = (path: string | false) => (path === false ? undefined : resolve(folder, path));
  const upstream = resolveUpstream(checked.upstream, defaultUpstreamSettings, folder);
  return {
    development,
    server: {
      host: server.host,
      port: server.port,
      deadlineMs: server.deadline,
      bodyLimitBytes: server.bodyLimit,
      overload: {
        operations: server.overload.operations,
        loopDelayMs: server.overload.loopDelay,
        loopDelayForMs: server.overload.loopDelayFor,
        retryAfterMs: server.overload.retryAfter,
      },
      shutdown: { graceMs: server.shutdown.grace },
      readiness: server.readiness,
      cors: { origins: server.cors.origins ?? (development ? developmentOrigins : []) },
      introspection: server.introspection ?? development,
      landingPage: server.landingPage ?? (development ? 'console' : 'off'),
      graphqlStatus: server.graphqlStatus,
      csrf: server.csrf,
      compression: { enabled: server.compression.enabled, thresholdBytes: server.compression.threshold },
      rateLimit: { enabled: server.rateLimit.enabled, max: server.rateLimit.max, windowMs: server.rateLimit.window },
      limits: server.limits,
      persistedQueries: { enabled: server.persistedQueries.enabled, bytes: server.persistedQueries.size },
      trustedDocuments: {
        mode: server.trustedDocuments.mode,
        manifest: absolute(server.trustedDocuments.manifest ?? false),
      },
      web: absolute(server.web),
      trustProxy: server.trustProxy,
      admin: server.admin,
    },
    services: mapValues(checked.services, (service, name) => ({
      schema: resolve(folder, service.schema),
      url: service.url,
      discovery: service.discovery === undefined ? undefined : resolveDiscovery(service.discovery, folder),
      connectorDefaults: {
        skipNullKeys: service.connectorDefaults.skipNullKeys ?? checked.connectors.skipNullKeys,
        strict: service.connectorDefaults.strict ?? checked.connectors.strict,
        v04Grammar: service.connectorDefaults.v04Grammar,
      },
      upstream: resolveServiceUpstream(service.upstream, upstream, folder),
      connectors: mapValues(service.connectors, (connector, key) =>
        resolveConnector(
          connector,
          resolveServiceUpstream(service.upstream, upstream, folder),
          folder,
          locate(['services', name, 'connectors', key]),
        ),
      ),
    })),
    headers: {
      connector: {
        all: checked.headers.connector.all,
        sources: mapValues(checked.headers.connector.sources, ({ request }, name) => {
          const range = locate(['headers', 'connector', 'sources', name]);
          return { request, ...(range === undefined ? {} : { range }) };
        }),
      },
    },
    connectors: {
      maxRequestsPerOperation: checked.connectors.max_requests_per_operation_per_source,
      portability: checked.connectors.portability,
      debugExtensions: checked.connectors.debug_extensions ?? development,
      sources: mapValues(checked.connectors.sources, (source, name) =>
        resolveSource(source, locate(['connectors', 'sources', name])),
      ),
    },
    upstream,
    facade: {
      operations: absolute(facade.operations),
      basePath: facade.basePath,
      title: facade.title,
      version: facade.version,
      publicUrl: facade.publicUrl,
      versioning: facade.versioning,
      levels: facade.levels,
      validationStatus: facade.validationStatus,
      negativeTtlMs: facade.negativeTtl,
      idempotencyStore: resolveStorage(facade.idempotencyStore, folder),
      httpExtensions: resolveHttpExtensions(facade.httpExtensions),
      asyncDone: facade.asyncDone,
      description: facade.description,
      contact: facade.contact,
      license: facade.license,
      securitySchemes: facade.securitySchemes,
      limits: facade.limits,
      curie: facade.curie,
      async: facade.async,
      lifecycle: facade.lifecycle,
      cacheTags: facade.cacheTags,
      cdnMaxAgeMs: facade.cdnMaxAge,
    },
    sharing: {
      operations: sharing.operations,
      answers: sharing.answers,
      cache: { enabled: sharing.cache.enabled, bytes: sharing.cache.size },
    },
    debug: { queryPlan: checked.debug.queryPlan ?? development, redact: checked.debug.redact },
    compare: { cases: absolute(checked.compare.cases) },
    engine,
    reload: { watch: reload.watch, quietMs: reload.quiet },
    telemetry: resolveTelemetry(checked.telemetry),
    log,
  };
}

/** An error can only be an error, and what frames the message is not its business. */
function resolveHttpExtensions({ statuses, headers }: CheckedSettings['facade']['httpExtensions']) {
  const framing = ['connection', 'content-length', 'content-type', 'keep-alive', 'transfer-encoding', 'upgrade'];
  return {
    statuses: statuses.filter((status) => status >= 400),
    headers: headers.filter((name) => !framing.includes(name)),
  };
}

function resolveStorage(address: string, folder: string): Settings['facade']['idempotencyStore'] {
  if (address === 'memory') return { kind: 'memory' };
  if (!address.startsWith('pglite:')) return { kind: 'postgresql', url: address };
  return { kind: 'pglite', folder: resolve(folder, address.slice('pglite:'.length)) };
}

const resolveTelemetry = ({ serviceName, traces }: CheckedSettings['telemetry']): Settings['telemetry'] => ({
  serviceName,
  traces: traces.endpoint === undefined ? undefined : { ...traces, endpoint: traces.endpoint },
});

function resolveConnector(
  connector: CheckedSettings['services'][string]['connectors'][string],
  general: UpstreamSettings,
  folder: string,
  range: Range | undefined,
): ConnectorSettings {
  const { strict, skipNullKeys, notFound, idempotent, breaker, keyList, read, upstream } = connector;
  return {
    ...(strict === undefined ? {} : { strict }),
    ...(skipNullKeys === undefined ? {} : { skipNullKeys }),
    ...(notFound === undefined ? {} : { isNotFoundNull: notFound === null }),
    ...(idempotent === undefined ? {} : { isIdempotent: idempotent }),
    ...(breaker === undefined ? {} : { hasOwnBreaker: true }),
    ...(keyList === undefined ? {} : { keyList }),
    ...(read === undefined ? {} : { read }),
    ...(upstream === undefined ? {} : { upstream: resolveUpstream(upstream as CheckedUpstream, general, folder) }),
    ...(range === undefined ? {} : { range }),
  };
}

function resolveSource(
  source: CheckedSettings['connectors']['sources'][string],
  range: Range | undefined,
): SourceSettings {
  const { strict, skipNullKeys } = source;
  const { override_url: overrideUrl, max_requests_per_operation: maxRequestsPerOperation, $config: config } = source;
  return {
    ...(source.notFound === null ? { isNotFoundNull: true } : {}),
    ...(strict === undefined ? {} : { strict }),
    ...(skipNullKeys === undefined ? {} : { skipNullKeys }),
    ...(range === undefined ? {} : { range }),
    ...(overrideUrl === undefined ? {} : { overrideUrl }),
    ...(maxRequestsPerOperation === undefined ? {} : { maxRequestsPerOperation }),
    ...(config === undefined ? {} : { config }),
  };
}

function mapValues<Value, Result>(
  object: Readonly<Record<string, Value>>,
  map: (value: Value, name: string) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value, name)]));
}
