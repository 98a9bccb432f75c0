/** Puts the facade together: documents become routes or faults, routes become a handler and an API description. */
import { FaultsError, sortFaults } from '../errors/fault.ts';
import type { Facade, FacadeOptions } from './contract.ts';
import { createHandler } from './handle-request.ts';
import { createLevelHandler } from './levels.ts';
import { buildOpenApi } from './openapi/build-document.ts';
import { createMemoryStore } from './response/idempotency-store.ts';
import { compileRoutes } from './routes/compile-routes.ts';
import { FieldSets } from './routes/field-set.ts';
import { vendorOf } from './routes/named-version.ts';
import { printTemplate } from './routes/route-template.ts';
import { RouteTable } from './routes/route-table.ts';

const trimSlash = (path: string): string => path.replace(/\/+$/, '');

/** Builds the facade; throws `FaultsError` with everything that cannot work. */
export function createFacade(options: FacadeOptions): Facade {
  const { documents, schema, execute, info, now = () => new Date(), settings = {} } = options;
  const { families, current, faults } = compileRoutes(documents, schema, info?.version);
  if (faults.length > 0) {
    throw new FaultsError(sortFaults(faults), new Map(documents.map(({ file, text }) => [file, text])));
  }
  const table = new RouteTable();
  for (const family of families) {
    for (const route of family.routes) {
      table.add(`/${family.version}`, route);
      if (family.isCurrent) table.add('', route);
    }
  }
  const basePath = trimSlash(options.basePath);
  const validationStatus = settings.validationStatus ?? 422;
  const base = { basePath, publicUrl: trimSlash(settings.publicUrl ?? '') };
  const describe = { base, info, validationStatus };
  const descriptions = new Map(families.map((family) => [family.version, buildOpenApi({ ...describe, family })]));
  const routes = families.flatMap((family) => family.routes);
  const handle = createHandler({
    table,
    execute,
    ignoreParameters: settings.ignoreParameters ?? ['utm_*'],
    now,
    fieldSets: new FieldSets(),
    idempotencyStore: options.idempotencyStore ?? createMemoryStore({ now }),
    onFault: options.onFault ?? (() => {}),
    versioning: settings.versioning ?? 'path',
    vendor: vendorOf(info?.title),
    facts: {
      ...base,
      validationStatus,
      negativeTtl: settings.negativeTtl ?? 0,
      versionHeaders: settings.versioning === 'header' ? ['API-Version'] : [],
    },
    pages: {
      families,
      current,
      base,
      info,
      descriptions,
      docsPath: settings.docsPath ?? `${base.publicUrl}${basePath}/docs`,
    },
  });
  const { levels = [2, 3] } = settings;
  return {
    handle: createLevelHandler({ handle, table, current, basePath, levels }),
    routes: routes.map(({ method, segments, operation, family, file, line }) => ({
      method,
      route: printTemplate(segments),
      operation,
      version: family.version,
      isCurrent: family.isCurrent,
      file,
      line,
    })),
    openapi: descriptions.get(current.version)!,
    describe: (version) => (version === undefined ? undefined : descriptions.get(version)),
    operations: routes.map(({ operation, family, document }) => ({
      name: operation,
      version: family.version,
      document,
    })),
  };
}
