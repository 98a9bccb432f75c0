/**
 * The pages: console, Sandbox and REST documentation ship with the package; a storefront is a folder the settings name.
 * Every page has one content policy (experience.md, 2.4); only the Sandbox page may load from outside, and only Apollo's
 * script and frame.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import compress from '@fastify/compress';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DOCUMENT_HEADERS } from './common-headers.ts';
import type { CompressionSettings } from './http/content-coding.ts';
import { findPackageRoot } from './package-root.ts';

export type LandingPage = 'console' | 'sandbox' | 'off';

export interface PagesOptions {
  readonly landingPage: LandingPage;
  /** Folder of a built single-page app with an index.html; undefined when there is none. */
  readonly storefront: string | undefined;
  /** Base path of the facade, for its documentation page; undefined without a facade. */
  readonly restBasePath: string | undefined;
  /** Whether there are use cases to compare REST and GraphQL with. */
  readonly hasComparison: boolean;
  readonly compression: CompressionSettings;
}

const OWN_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

const SANDBOX_POLICY = [
  ...OWN_POLICY.filter((rule) => !rule.startsWith('script-src')),
  "script-src 'self' https://embeddable-sandbox.cdn.apollographql.com",
  'frame-src https://sandbox.embed.apollographql.com',
];

/** Paths of the storefront that its own router owns. */
const STOREFRONT_ROUTES = ['/', '/books/:id', '/orders/:id'];

export async function mountPages(app: FastifyInstance, options: PagesOptions): Promise<void> {
  const pages = join(findPackageRoot(), 'web', 'dist');
  const roots = [...new Set([options.storefront, pages])].filter((root) => root !== undefined && existsSync(root));
  if (roots.length > 0) {
    await app.register(async (files) => {
      // Files are streams, which only the plugin takes; their tags are weak, so they stand for all codings.
      const { enabled, thresholdBytes: threshold } = options.compression;
      if (enabled) await files.register(compress, { encodings: ['br', 'gzip'], threshold });
      await mountAssets(files, roots as string[]);
    });
  }

  if (options.landingPage !== 'off') {
    app.get('/console', (_request, reply) => sendFile(reply, join(pages, 'console.html'), OWN_POLICY));
  }
  if (options.storefront !== undefined) {
    const index = join(options.storefront, 'index.html');
    for (const url of STOREFRONT_ROUTES) app.get(url, (_request, reply) => sendFile(reply, index, OWN_POLICY));
  } else if (options.landingPage !== 'off') app.get('/', (_request, reply) => reply.redirect('/console'));

  if (options.hasComparison) {
    app.get('/compare', (_request, reply) => sendFile(reply, join(pages, 'compare.html'), OWN_POLICY));
  }
  if (options.restBasePath !== undefined) {
    const page = join(pages, 'rest-docs.html');
    app.get(`${options.restBasePath}/docs`, (_request, reply) => sendFile(reply, page, OWN_POLICY));
  }
}

/** The page a browser gets at /graphql; `?ide=` picks one, the setting is the default. */
export function createGraphqlPage(landingPage: LandingPage) {
  if (landingPage === 'off') return undefined;
  const pages = join(findPackageRoot(), 'web', 'dist');
  return (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const ide = (request.query as Record<string, unknown>)['ide'] ?? landingPage;
    reply.header('vary', 'accept');
    return ide === 'sandbox'
      ? sendFile(reply, join(pages, 'sandbox.html'), SANDBOX_POLICY)
      : sendFile(reply, join(pages, 'console.html'), OWN_POLICY);
  };
}

async function mountAssets(app: FastifyInstance, roots: string[]): Promise<void> {
  // File names under /assets carry a hash of their content, so they may be kept for ever.
  for (const [index, root] of roots.entries()) {
    for (const folder of ['assets', 'swagger']) {
      if (!existsSync(join(root, folder)) || (index > 0 && existsSync(join(roots[0]!, folder)))) continue;
      await app.register(fastifyStatic, {
        root: join(root, folder),
        prefix: `/${folder}/`,
        decorateReply: false,
        immutable: folder === 'assets',
        maxAge: folder === 'assets' ? '365d' : '1h',
      });
    }
  }
  const icon = roots.map((root) => join(root, 'favicon.svg')).find((file) => existsSync(file));
  if (icon !== undefined) {
    const send = async (_request: FastifyRequest, reply: FastifyReply) =>
      reply
        .header('cache-control', 'max-age=86400')
        .type('image/svg+xml')
        .send(await readFile(icon));
    app.get('/favicon.svg', send);
    app.get('/favicon.ico', send);
  }
}

async function sendFile(reply: FastifyReply, file: string, policy: readonly string[]): Promise<FastifyReply> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) {
    const missing = 'The pages are not built: run "npm run build:web"';
    return reply.status(503).header('retry-after', '5').type('text/plain; charset=utf-8').send(missing);
  }
  return reply
    .headers(DOCUMENT_HEADERS)
    .header('content-security-policy', policy.join('; '))
    .header('cache-control', 'no-cache')
    .type('text/html; charset=utf-8')
    .send(text);
}
