/** The REST side as the settings want it: the server, the commands and the generated files all read it here. */
import type { Settings } from '../config/index.ts';
import type { ApiInfo, FacadeOptions, Json } from '../facade/index.ts';

/** Without the members that are undefined: an option that is absent takes its default. */
const defined = <Value extends object>(value: Value) =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [Name in keyof Value]?: Exclude<Value[Name], undefined>;
  };

function infoOf({ title, version, description, contact, license }: Settings['facade']): ApiInfo {
  return {
    title: title ?? 'REST',
    version: version ?? '1.0.0',
    ...(description === undefined ? {} : { description }),
    ...(contact ? { contact: defined(contact) } : {}),
    ...(license ? { license: { name: license.name, ...defined({ url: license.url }) } } : {}),
  };
}

/** What the settings decide of a facade; documents, schema and execution are the caller's. */
export function facadeOptions({
  facade,
}: Settings): Pick<FacadeOptions, 'basePath' | 'info' | 'securitySchemes' | 'settings'> {
  const { basePath, publicUrl, negativeTtlMs, versioning, levels, validationStatus, limits, asyncDone } = facade;
  const { cacheTags, cdnMaxAgeMs, httpExtensions, lifecycle, async, curie } = facade;
  const { links: isOn, deprecation, sunset, brownOuts } = lifecycle;
  return {
    basePath,
    info: infoOf(facade),
    securitySchemes: facade.securitySchemes as Readonly<Record<string, Readonly<Record<string, Json>>>>,
    settings: {
      versioning,
      levels,
      validationStatus,
      limits,
      asyncDone,
      cacheTags,
      ...(cdnMaxAgeMs === undefined ? {} : { cdnMaxAge: Math.floor(cdnMaxAgeMs / 1000) }),
      httpExtensions,
      background: { deadlineMs: async.deadline, keepMs: async.keep, maxRunning: async.maxRunning },
      lifecycleLinks: { isOn, ...defined({ deprecation, sunset }) },
      brownOuts,
      ...defined({ curie }),
      negativeTtl: Math.floor(negativeTtlMs / 1000),
      ...(publicUrl === undefined ? {} : { publicUrl }),
    },
  };
}
