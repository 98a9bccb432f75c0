/**
 * Every option of the settings file: its type, its default, its description. The one source of the check, of the editor's
 * completion (`editor-schema.ts`), and of the reference page (experience.md, section 10).
 */
import { z } from 'zod';
import { discoverySchema } from './discovery-schema.ts';
import { upstreamSchema } from './upstream-schema.ts';
import { duration, flag, group, httpUrl, list, oneOf, path, size, text, wholeNumber } from './values.ts';

const portabilityLevels = ['ignore', 'warn', 'error'] as const;
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const origin = () => {
  const error = 'an origin such as "https://shop.example"';
  return z
    .string({ error })
    .refine((value) => URL.canParse(value) && new URL(value).origin === value, { error })
    .meta({ title: 'origin' });
};

const folderOrFalse = (expected: string) =>
  z.union([path(), z.literal(false)], { error: `${expected}, or false` }).meta({ title: 'path or false' });

const serverSchema = group({
  host: text('a host name or an address')
    .prefault('127.0.0.1')
    .describe('The address to listen on; 0.0.0.0 listens on all'),
  port: wholeNumber(0, 65_535).prefault(4000).describe('The port to listen on; 0 takes any that is free'),
  deadline: duration().prefault('30s').describe('One client request, everything included'),
  bodyLimit: size().prefault('1MB').describe('Bytes of a request body'),
  shutdown: group({
    grace: duration().prefault('30s').describe('How long requests in flight may take to finish after SIGTERM'),
  })
    .prefault({})
    .describe('Stopping'),
  cors: group({
    origins: list(origin(), 'a list of origins')
      .optional()
      .describe(
        'Origins whose pages may call; none by default, Apollo Studio and port 5173 of this machine under development',
      ),
  })
    .prefault({})
    .describe('Calls from pages of other origins'),
  introspection: flag()
    .optional()
    .describe('Whether clients may ask for the schema; off by default, on under development'),
  landingPage: oneOf('console', 'sandbox', 'off')
    .optional()
    .describe(
      'The page a browser gets at /graphql; off by default, console under development; ?ide=sandbox asks for Apollo Sandbox',
    ),
  csrf: flag().prefault(true).describe('Refuse requests that a page of another origin could send unasked'),
  rateLimit: group({
    enabled: flag().prefault(false).describe('Whether requests are counted at all'),
    max: wholeNumber(1, 1_000_000_000).prefault(100).describe('Requests of one address in the window'),
    window: duration().prefault('60s').describe('The time over which requests are counted'),
  })
    .prefault({})
    .describe('Refuses an address that sends too many requests'),
  limits: group({
    depth: wholeNumber(1, 10_000).prefault(32).describe('Levels of selections within each other'),
    fields: wholeNumber(1, 1_000_000)
      .prefault(1000)
      .describe('Fields in one operation, as often as they are asked for; each alias counts'),
    tokens: wholeNumber(1, 10_000_000).prefault(15_000).describe('Tokens in one operation'),
  })
    .prefault({})
    .describe('Limits on GraphQL operations'),
  web: folderOrFalse('a folder').prefault(false).describe('A folder of pages to serve at /, or false'),
  trustProxy: flag().prefault(false).describe('Believe the X-Forwarded headers of a proxy in front'),
  admin: group({
    enabled: flag().prefault(true).describe('Whether there is an admin port at all'),
    host: text('a host name or an address')
      .prefault('127.0.0.1')
      .describe('The address of the admin port; whoever reaches it sees the addresses of services'),
    port: wholeNumber(0, 65_535).prefault(4900).describe('The admin port; 0 takes any that is free'),
  })
    .prefault({})
    .describe('What only the operator may see, /admin/upstreams and /metrics, on a port of its own'),
});

const strictModes = ['none', 'required', 'all'] as const;

const serviceSchema = group({
  schema: path().describe('The GraphQL schema of its subgraph'),
  url: httpUrl()
    .optional()
    .describe('The GraphQL endpoint of the service; left out, its schema is answered by connectors'),
  discovery: discoverySchema.optional().describe('Where its instances are; left out, the URL of a connector says it'),
  connectorDefaults: group({
    skipNullKeys: flag().prefault(true).describe('Do not ask for an entity whose key is null'),
    strict: oneOf(...strictModes)
      .optional()
      .describe('Which mapping problems of its connectors become errors; by default those that connectors.strict says'),
  })
    .prefault({})
    .describe('What holds for all its connectors'),
  upstream: upstreamSchema({ withDefaults: false })
    .optional()
    .describe('Any option of upstream, for this service alone'),
});

const sourceSchema = group({
  override_url: httpUrl().optional().describe('Takes the place of the base URL in the schema'),
  max_requests_per_operation: wholeNumber(1, 1_000_000)
    .optional()
    .describe('Calls that one operation may cause to this source; by default what holds for all sources'),
  notFound: z
    .union([z.null(), z.literal('error')], { error: 'null or "error"' })
    .prefault('error')
    .meta({ title: 'null or "error"' })
    .describe('What a 404 is: null without an error, or an error'),
  $config: z
    .record(z.string(), z.json(), { error: 'a mapping' })
    .optional()
    .meta({ title: 'mapping' })
    .describe('Values that mappings read as $config'),
});

/** The settings file as it is written. */
export const settingsSchema = group({
  development: flag()
    .prefault(false)
    .describe('For work on this machine: introspection, landing page, CORS for local pages, details in errors'),
  server: serverSchema.prefault({}).describe('How clients reach the gateway'),
  services: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, { error: 'a name of letters, digits, "_" and "-"' }),
      serviceSchema,
      {
        error: 'a group with one entry a service',
      },
    )
    .refine((services) => Object.keys(services).length > 0, { error: 'at least one service' })
    .describe('The services, by name; each has one subgraph of the same name'),
  connectors: group({
    strict: oneOf(...strictModes)
      .prefault('none')
      .describe('Which mapping problems become errors: none; those of required fields and keys; all'),
    max_requests_per_operation_per_source: wholeNumber(1, 1_000_000)
      .optional()
      .describe('Calls that one operation may cause to one source; no limit by default'),
    portability: oneOf(...portabilityLevels)
      .prefault('warn')
      .describe('What becomes of connectors that run here, but not on Apollo Router'),
    sources: z
      .record(z.string(), sourceSchema, { error: 'a group with one entry a source' })
      .prefault({})
      .describe('Sources of connectors, by "<service>.<source>"'),
  })
    .prefault({})
    .describe('Connectors'),
  upstream: upstreamSchema({ withDefaults: true }).prefault({}).describe('Calls to services'),
  facade: group({
    operations: folderOrFalse('a folder of operation documents')
      .prefault(false)
      .describe('The operation documents that declare the REST routes, or false'),
    basePath: z
      .string({ error: 'a path such as "/rest"' })
      .regex(/^(\/[A-Za-z0-9._~-]+)+$/, { error: 'a path such as "/rest"' })
      .meta({ title: 'path of a URL' })
      .prefault('/rest')
      .describe('Where the REST routes begin'),
    title: text().optional().describe('Title of the OpenAPI document'),
    version: text('a text such as "1.0.0", in quotes where YAML would read a number')
      .optional()
      .describe('Version in the OpenAPI document'),
    publicUrl: httpUrl().optional().describe('Put in front of every link; left out, links are relative to the host'),
    versioning: oneOf('path', 'mediaType', 'header')
      .prefault('path')
      .describe(
        'How a request may name a version besides the path: by a type such as application/vnd.bookshop.v1+json, or by API-Version',
      ),
    levels: list(
      z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)], { error: 'a level from 0 to 3' }),
      'a list of levels',
    )
      .prefault([2, 3])
      .describe("Richardson's levels that are served; 0 and 1 are for comparison, not for production"),
    validationStatus: z
      .union([z.literal(422), z.literal(400)], { error: '422 or 400' })
      .meta({ title: '422 or 400' })
      .prefault(422)
      .describe('Status of a body that is well formed and does not fit'),
    negativeTtl: duration().prefault('0s').describe('How long a 404 or 410 may be kept'),
  })
    .prefault({})
    .describe('The REST side'),
  engine: oneOf('apollo', 'tributary')
    .prefault('apollo')
    .describe('What executes query plans: the executor of @apollo/gateway, or our own'),
  log: group({
    level: oneOf(...logLevels)
      .prefault('info')
      .describe('The least important lines that are written'),
  })
    .prefault({})
    .describe('The log'),
});

/** Checked, and with defaults filled in; `resolveSettings` turns it into `Settings`. */
export type CheckedSettings = z.output<typeof settingsSchema>;
