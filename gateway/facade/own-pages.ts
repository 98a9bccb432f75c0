/** The addresses the facade answers without executing anything: the entry point, the API description, problem pages. */
import type { FacadeOptions, FacadeRequest, Json } from './contract.ts';
import { entryLinks, renderEntryPoint } from './media/entry-point.ts';
import { renderProfile } from './media/alps.ts';
import { compactRels } from './media/curies.ts';
import { ownHref } from './media/hrefs.ts';
import { profileHref } from './media/links.ts';
import { mediaTypes, negotiate } from './media/negotiate.ts';
import { renderProblemPage } from './media/problem-page.ts';
import type { Page } from './response/decide-page.ts';
import type { Refusal } from './response/refusal.ts';
import type { Facts } from './response/route-request.ts';
import { decodeText } from './routes/query-string.ts';
import type { RouteFamily } from './routes/route.ts';

export interface OwnPagesOptions {
  readonly families: readonly RouteFamily[];
  readonly current: RouteFamily;
  readonly base: Pick<Facts, 'basePath' | 'publicUrl'>;
  /** The prefix of the API's own rels in HAL. */
  readonly curie: string | undefined;
  readonly docsPath: string;
  readonly info: FacadeOptions['info'];
  /** The API descriptions, by version. */
  readonly descriptions: ReadonlyMap<string, Record<string, Json>>;
  /** The same as text in YAML; undefined for a version that is not there. */
  readonly yamlOf: (version: string) => string | undefined;
}

type Render = (headers: FacadeRequest['headers']) => Page | Refusal;

/** P12: the client takes nothing of what is made. */
export const notAcceptable = (types: readonly string[]): Refusal => ({
  row: 'P12',
  problem: 'not-acceptable',
  detail: `Accept excludes what is made here: ${types.map((type) => `"${type}"`).join(', ')}`,
});

const jsonPage = (contentType: string, value: Json): Page => ({
  contentType,
  body: JSON.stringify(value),
  isNegotiated: false,
});

/** Finds the page at a raw path below the base path; undefined when there is none of ours. */
export function findOwnPage(path: string, options: OwnPagesOptions): Render | undefined {
  const { families, base, curie, docsPath, info, descriptions } = options;
  const version = families.find((family) => path === `/${family.version}` || path.startsWith(`/${family.version}/`));
  const family = version ?? options.current;
  const prefix = version ? `/${version.version}` : '';
  const rest = path.slice(prefix.length);
  if (rest === '' || rest === '/') {
    const links = entryLinks(family, base, prefix, docsPath);
    return (headers) => {
      const mediaType = negotiate(headers, mediaTypes);
      if (mediaType === undefined) return notAcceptable(mediaTypes);
      const entry = renderEntryPoint(links, info, mediaType);
      const isPlain = mediaType === 'application/json' || curie === undefined;
      const document = isPlain ? entry : compactRels(entry, { name: curie, profile: profileHref(family, base) });
      return { ...jsonPage(mediaType, document), isNegotiated: true };
    };
  }
  const description = descriptions.get(family.version);
  if (rest === '/openapi.json' && description) return () => jsonPage('application/json', description);
  const yaml = rest === '/openapi.yaml' ? options.yamlOf(family.version) : undefined;
  if (yaml !== undefined) return () => ({ contentType: 'application/yaml', body: yaml, isNegotiated: false });
  if (rest === '/profile') {
    const profile = renderProfile(family);
    return () => jsonPage('application/alps+json', profile);
  }
  const name = /^\/problems\/([^/]+)$/.exec(path)?.[1];
  const decoded = name === undefined ? undefined : decodeText(name);
  const page =
    decoded === undefined ? undefined : renderProblemPage(decoded, families, ownHref(base, `/problems/${decoded}`));
  return page && (() => jsonPage('application/json', page));
}
