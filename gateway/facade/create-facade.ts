/** Puts the facade together: documents become routes or faults, routes become a handler and an API description. */
import { setTimeout } from 'node:timers/promises';
import { FaultsError, sortFaults } from '../errors/fault.ts';
import { createBackground } from './background/background.ts';
import { createMemoryOperations } from './background/memory-operations.ts';
import type { Facade, FacadeOptions } from './contract.ts';
import { createHandler } from './handle-request.ts';
import { createLevelHandler } from './levels.ts';
import { buildOpenApi } from './openapi/build-document.ts';
import { printYaml } from './openapi/print-yaml.ts';
import { createMemoryStore } from './response/idempotency-store.ts';
import { createRouteCaching } from './response/probe.ts';
import { createValidators } from './routes/body-validator.ts';
import { tellCallersApart } from './routes/callers.ts';
import { compileRouteSteps, type CompiledRoutes } from './routes/compile-routes.ts';
import { disableBroken, type DisabledRoute } from './routes/disable-broken.ts';
import { FieldSets } from './routes/field-set.ts';
import { checkBrownOuts } from './routes/lifecycle.ts';
import { defaultLimits } from './routes/limits.ts';
import { vendorOf, versionedType } from './routes/named-version.ts';
import { summarizeRoute, summarizeVersion } from './routes/summaries.ts';
import type { Route } from './routes/route.ts';
import { RouteTable } from './routes/route-table.ts';

const defaultBounds = { deadlineMs: 300_000, keepMs: 86_400_000, maxRunning: 100 };

const trimSlash = (path: string): string => path.replace(/\/+$/, '');

const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  await setTimeout(ms, undefined, { signal }).catch(() => {});
};

/** Builds the facade; throws `FaultsError` with everything that cannot work. */
export function createFacade(options: FacadeOptions): Facade {
  const steps = buildFacade(options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same in steps of a few milliseconds, for a server that goes on answering meanwhile. */
export function* buildFacade(options: FacadeOptions): Generator<void, Facade> {
  const { execute, info, now = () => new Date(), settings = {} } = options;
  const { families, current, disabled } = yield* compile(options);
  const slips = checkBrownOuts(settings.brownOuts ?? [], families);
  if (slips.length > 0) throw new FaultsError(slips);
  const table = new RouteTable();
  for (const family of families) {
    for (const route of family.routes) {
      table.add(`/${family.version}`, route);
      if (family.isCurrent) table.add('', route);
    }
  }
  const disabledTable = new RouteTable<DisabledRoute>();
  for (const route of disabled) {
    const version = route.folder ?? current.version;
    disabledTable.add(`/${version}`, route);
    if (version === current.version) disabledTable.add('', route);
  }
  const basePath = trimSlash(options.basePath);
  const validationStatus = settings.validationStatus ?? 422;
  const base = { basePath, publicUrl: trimSlash(settings.publicUrl ?? '') };
  const callers = tellCallersApart(options.clientHeaders ?? { names: [], isSentOn: () => false });
  const cachingOf = createRouteCaching(options.graph);
  const hasProbe = (route: Route) => cachingOf(route).probe !== undefined;
  const asyncDone = settings.asyncDone ?? 'redirect';
  const limits = { ...defaultLimits, ...settings.limits };
  const securitySchemes = options.securitySchemes ?? {};
  const hasWebhooks = (options.webhooks?.origins ?? []).length > 0;
  const versioning = settings.versioning ?? 'path';
  const vendor = vendorOf(info?.title);
  const describe = { base, info, validationStatus, asyncDone, limits, securitySchemes, hasProbe, hasWebhooks };
  const descriptions = new Map<string, Facade['openapi']>();
  for (const family of families) {
    yield;
    descriptions.set(
      family.version,
      buildOpenApi({
        ...describe,
        family,
        ownType: versioning === 'mediaType' ? versionedType(vendor, family) : undefined,
      }),
    );
  }
  const onFault = options.onFault ?? (() => {});
  const operationStore = options.operationStore ?? createMemoryOperations({ now });
  const stopping = options.stopping ?? new AbortController().signal;
  const bounds = { ...defaultBounds, ...settings.background };
  const routes = families.flatMap((family) => family.routes);
  const handle: Facade['handle'] = createHandler({
    table,
    disabled: disabledTable,
    execute,
    ignoreParameters: settings.ignoreParameters ?? ['utm_*'],
    now,
    monotonicNow: options.monotonicNow ?? (() => performance.now()),
    sleep: options.sleep ?? pause,
    callers,
    fieldSets: new FieldSets(),
    cachingOf,
    background: createBackground({ store: operationStore, now, stopping, ...bounds }, (error) => onFault(error, '')),
    backgroundDeadlineMs: bounds.deadlineMs,
    webhooks: options.webhooks,
    stopping,
    idempotencyStore: options.idempotencyStore ?? createMemoryStore({ now }),
    onFault,
    onRouteUsed: options.onRouteUsed ?? (() => {}),
    brownOuts: settings.brownOuts ?? [],
    versioning,
    vendor,
    facts: {
      ...base,
      validationStatus,
      negativeTtl: settings.negativeTtl ?? 0,
      asyncDone,
      cacheTags: settings.cacheTags ?? [],
      cdnMaxAge: settings.cdnMaxAge,
      httpExtensions: settings.httpExtensions ?? { statuses: [], headers: [] },
      curie: settings.curie,
      lifecycleLinks: { isOn: true, ...settings.lifecycleLinks },
      varyHeaders: [...(settings.versioning === 'header' ? ['API-Version'] : []), ...callers.vary],
    },
    pages: {
      families,
      current,
      base,
      curie: settings.curie,
      info,
      descriptions,
      yamlOf: createYaml(descriptions),
      docsPath: settings.docsPath ?? `${base.publicUrl}${basePath}/docs`,
    },
  });
  const { levels = [2, 3] } = settings;
  return {
    handle: createLevelHandler({ handle, table, current, basePath, levels }),
    routes: routes.map(summarizeRoute),
    versions: families.map(summarizeVersion),
    disabled: disabled.map(({ method, route, operation, folder, file, line, reasons }) => {
      const version = folder ?? current.version;
      return { method, route, operation, version, isCurrent: version === current.version, file, line, reasons };
    }),
    openapi: descriptions.get(current.version)!,
    describe: (version) => (version === undefined ? undefined : descriptions.get(version)),
    keyOf: (type) => current.itemRoutes.get(type)?.resource?.key ?? [],
    operations: routes.map(({ operation, family, document }) => ({
      name: operation,
      version: family.version,
      document,
    })),
  };
}

/** Writing YAML takes longer than a request should: each document is written once, when it is first asked for. */
function createYaml(descriptions: ReadonlyMap<string, Facade['openapi']>): (version: string) => string | undefined {
  const texts = new Map<string, string>();
  return (version) => {
    const description = descriptions.get(version);
    if (!description) return undefined;
    const text = texts.get(version) ?? printYaml(description);
    texts.set(version, text);
    return text;
  };
}

/** A route that is taken out may show another one that cannot do without it, and so on; this often is enough. */
const MOST_ROUNDS = 5;

/** The routes; where broken ones may be switched off, those that are left. */
function* compile(
  options: FacadeOptions,
): Generator<void, CompiledRoutes & { readonly disabled: readonly DisabledRoute[] }> {
  const { schema, info, settings, canDisableRoutes = false } = options;
  const limits = { ...defaultLimits, ...settings?.limits };
  const compileValidator = options.validators ?? createValidators();
  let { documents } = options;
  let disabled: readonly DisabledRoute[] = [];
  for (let round = 0; ; round++) {
    const names = new Set(disabled.map(({ operation }) => operation));
    const compiled = yield* compileRouteSteps(documents, schema, info?.version, {
      compileValidator,
      limits,
      disabled: names,
    });
    if (compiled.faults.length === 0) return { ...compiled, disabled };
    const without = canDisableRoutes && round < MOST_ROUNDS ? disableBroken(documents, compiled.faults) : undefined;
    if (without === undefined) {
      const texts = new Map(options.documents.map(({ file, text }) => [file, text]));
      throw new FaultsError(sortFaults(compiled.faults), texts);
    }
    documents = without.documents;
    disabled = [...disabled, ...without.disabled];
  }
}
