/**
 * Every option of the settings file: its type, its default, its description. The one source of the check, of the editor's
 * completion (`editor-schema.ts`), and of the reference page (experience.md, section 10).
 */
import { z } from 'zod';
import { asyncSchema } from './async-schema.ts';
import { connectorSchema, notFound, strictModes, v04Grammars } from './connector-schema.ts';
import { discoverySchema } from './discovery-schema.ts';
import { headersSchema } from './header-rules-schema.ts';
import { lifecycleSchema } from './lifecycle-schema.ts';
import { upstreamSchema } from './upstream-schema.ts';
import {
  duration,
  flag,
  fraction,
  group,
  headerName,
  headerValue,
  httpUrl,
  list,
  oneOf,
  path,
  size,
  statuses,
  storageAddress,
  text,
  wholeNumber,
} from './values.ts';

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
  overload: group({
    operations: wholeNumber(1, 1_000_000)
      .prefault(1024)
      .describe(
        'Requests for data in the process at one time; introspection is refused from 80 % of it, queries from 90 %',
      ),
    loopDelay: duration().prefault('200ms').describe('Delay of the event loop (p99) from which requests are refused'),
    loopDelayFor: duration().prefault('1s').describe('For how long it must last; after each such time more is refused'),
    retryAfter: duration().prefault('1s').describe('What a refused client is told to wait'),
  })
    .prefault({})
    .describe('Refusing requests that the process has no room for: 503, introspection first, mutations last'),
  shutdown: group({
    grace: duration().prefault('30s').describe('How long requests in flight may take to finish after SIGTERM'),
  })
    .prefault({})
    .describe('Stopping'),
  readiness: oneOf('none', 'any', 'all')
    .prefault('none')
    .describe(
      'Which services must have known instances before /health/ready says so, of those with discovery; how they answer never counts',
    ),
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
  graphqlStatus: oneOf('classic', 'draft-2026')
    .prefault('classic')
    .describe(
      'Statuses of /graphql under application/graphql-response+json: those clients know, or those of the draft of 2026 (294, 422)',
    ),
  csrf: flag().prefault(true).describe('Refuse requests that a page of another origin could send unasked'),
  rateLimit: group({
    enabled: flag().prefault(false).describe('Whether requests are counted at all'),
    max: wholeNumber(1, 1_000_000_000).prefault(100).describe('Requests of one address in the window'),
    window: duration().prefault('60s').describe('The time over which requests are counted'),
  })
    .prefault({})
    .describe('Refuses an address that sends too many requests'),
  compression: group({
    enabled: flag()
      .prefault(true)
      .describe(
        'Whether answers are compressed at all; off where a proxy in front does it, or where secrets stand beside what clients write',
      ),
    threshold: size().prefault('1KB').describe('Bytes from which an answer is compressed'),
  })
    .prefault({})
    .describe('Brotli or gzip, whichever a client takes, at the cheapest level'),
  limits: group({
    depth: wholeNumber(1, 10_000).prefault(32).describe('Levels of selections within each other'),
    fields: wholeNumber(1, 1_000_000)
      .prefault(1000)
      .describe('Fields in one operation, as often as they are asked for; each alias counts'),
    tokens: wholeNumber(1, 10_000_000).prefault(15_000).describe('Tokens in one operation'),
    planPaths: wholeNumber(1, 1_000_000)
      .prefault(10_000)
      .describe('Ways to reach one field that the planner of engine tributary may compare for one operation'),
  })
    .prefault({})
    .describe('Limits on GraphQL operations'),
  persistedQueries: group({
    enabled: flag().prefault(true).describe('Whether a client may send the hash of a query that was sent before'),
    size: size()
      .prefault('32MB')
      .describe('Bytes of memory for such queries; those not used for the longest time go first'),
  })
    .prefault({})
    .describe('Automatic persisted queries'),
  trustedDocuments: group({
    mode: oneOf('off', 'log', 'enforce')
      .prefault('off')
      .describe('What becomes of a query of /graphql that is not in the list: nothing; a line in the log; refusal'),
    manifest: path()
      .optional()
      .describe("The list: Apollo's manifest of persisted queries, or an object of texts by id"),
  })
    .prefault({})
    .describe('Queries that are known beforehand'),
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

const serviceSchema = group({
  schema: path().describe('The GraphQL schema of its subgraph'),
  url: httpUrl()
    .optional()
    .describe('The GraphQL endpoint of the service; left out, its schema is answered by connectors'),
  discovery: discoverySchema.optional().describe('Where its instances are; left out, the URL of a connector says it'),
  connectorDefaults: group({
    skipNullKeys: flag()
      .optional()
      .describe('Do not ask for an entity whose key is null; by default what connectors.skipNullKeys says'),
    strict: oneOf(...strictModes)
      .optional()
      .describe('Which mapping problems of its connectors become errors; by default those that connectors.strict says'),
    v04Grammar: oneOf(...v04Grammars)
      .prefault('unified')
      .describe(
        'How mappings of a schema that links connect v0.4 are read; "preview" as Apollo Router up to 2.14 reads them',
      ),
  })
    .prefault({})
    .describe('What holds for all its connectors'),
  connectors: z
    .record(z.string(), connectorSchema, { error: 'a group with one entry a connector' })
    .prefault({})
    .describe('Single connectors, by Type.field or Type, with [index] where there are several, or by id'),
  upstream: upstreamSchema({ withDefaults: false })
    .optional()
    .describe('Any option of upstream, for this service alone'),
});

const sourceSchema = group({
  override_url: httpUrl().optional().describe('Takes the place of the base URL in the schema'),
  max_requests_per_operation: wholeNumber(1, 1_000_000)
    .optional()
    .describe('Calls that one operation may cause to this source; by default what holds for all sources'),
  strict: oneOf(...strictModes)
    .optional()
    .describe('Which mapping problems of its connectors become errors'),
  skipNullKeys: flag().optional().describe('Do not ask for an entity whose key is null'),
  notFound: notFound().prefault('error').describe('What a 404 is: null without an error, or an error'),
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
    skipNullKeys: flag().prefault(true).describe('Do not ask for an entity whose key is null'),
    max_requests_per_operation_per_source: wholeNumber(1, 1_000_000)
      .optional()
      .describe('Calls that one operation may cause to one source; no limit by default'),
    debug_extensions: flag()
      .optional()
      .describe(
        'Whether a request with "Apollo-Connectors-Debugging: true" gets its connector calls; off by default, on under development; or APOLLO_CONNECTORS_DEBUGGING',
      ),
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
  headers: headersSchema.prefault({}).describe('Headers of requests to services, by rules after those of the schemas'),
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
    description: text().optional().describe('Description in the OpenAPI document'),
    contact: group({
      name: text().optional().describe('Who answers questions'),
      url: httpUrl().optional().describe('Where to ask'),
      email: text().optional().describe('Whom to write to'),
    })
      .optional()
      .describe('The contact in the OpenAPI document'),
    license: group({
      name: text().describe('Name of the licence'),
      url: httpUrl().optional().describe('Where it can be read'),
    })
      .optional()
      .describe('The licence of the API in the OpenAPI document'),
    securitySchemes: z
      .record(z.string(), z.record(z.string(), z.json()), {
        error: 'a mapping from names to security schemes of OpenAPI',
      })
      .meta({ title: 'mapping' })
      .prefault({})
      .describe(
        'Security schemes for the OpenAPI document, by name; it says that a request needs one of them. The routes check none: services do, or a proxy in front',
      ),
    limits: group({
      maxLength: wholeNumber(1, 1_000_000_000).prefault(65_536).describe('Characters of a text'),
      maxItems: wholeNumber(1, 1_000_000_000).prefault(1_000).describe('Items of a list'),
      maximum: wholeNumber(1, 2_147_483_647).prefault(2_147_483_647).describe('The largest integer'),
    })
      .prefault({})
      .describe('How large values may be: said in the OpenAPI document, and larger ones in a request are refused'),
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
    idempotencyStore: storageAddress()
      .prefault('memory')
      .describe(
        'Where answers under idempotency keys are kept: "memory" (a restart forgets them), "pglite:<folder>" or the address of a PostgreSQL server, which gateways may share',
      ),
    httpExtensions: group({
      statuses: statuses().prefault([]).describe('Statuses, from 400 on; also as patterns such as "42x"'),
      headers: list(headerName(), 'a list of header names').prefault([]).describe('Names of headers'),
    })
      .prefault({})
      .describe('What "extensions.http" of an error may set in an answer; nothing by default'),
    asyncDone: oneOf('redirect', 'link')
      .prefault('redirect')
      .describe('How a job that is done answers: 303 to its result, or 200 with a link "result"'),
    async: asyncSchema.prefault({}).describe('Writes that are worked on after the answer'),
    lifecycle: lifecycleSchema.prefault({}).describe('Versions on their way out'),
    curie: text('a short name such as "shop"')
      .regex(/^[a-z][a-z0-9-]*$/, { error: 'a short name such as "shop"' })
      .optional()
      .describe("The prefix of the API's own rels in HAL, explained by the profile (curies); left out, they have none"),
    cacheTags: list(oneOf('Surrogate-Key', 'Cache-Tag'), 'a list of "Surrogate-Key" and "Cache-Tag"')
      .prefault([])
      .describe(
        'Header fields that name the entities of an answer, such as Book:1 list:Book, for caches that purge by them',
      ),
    cdnMaxAge: duration()
      .optional()
      .describe('How long a CDN may keep what others may share, as CDN-Cache-Control; left out, it is not said'),
  })
    .prefault({})
    .describe('The REST side'),
  sharing: group({
    operations: flag()
      .prefault(true)
      .describe('Whether equal queries of clients with the same identity, when in flight together, are executed once'),
    answers: flag()
      .prefault(true)
      .describe(
        'Whether an answer of a service with the same bytes as one before is not read again, and equal answers give the bytes that were made of them before',
      ),
    cache: group({
      enabled: flag()
        .prefault(false)
        .describe(
          'Whether whole answers of /graphql are kept in memory as long as "@cacheControl" and the services allow',
        ),
      size: size()
        .prefault('32MB')
        .describe('Bytes of memory for such answers; those not used for the longest time go first'),
    })
      .prefault({})
      .describe('Keeping whole answers; each identity has its own, and a mutation or a reload ends all of them'),
  })
    .prefault({})
    .describe('What requests of clients share'),
  debug: group({
    queryPlan: flag()
      .optional()
      .describe(
        'Whether a request with "Apollo-Expose-Query-Plan: true" or "dry-run" gets its query plan; off by default, on under development; or APOLLO_EXPOSE_QUERY_PLAN',
      ),
    redact: group({
      headers: list(headerName(), 'a list of header names')
        .prefault([])
        .describe('Headers whose values are masked, besides those that always are'),
      queryParameters: list(text(), 'a list of names')
        .prefault([])
        .describe('Query parameters whose values are masked, besides those that always are'),
    })
      .prefault({})
      .describe('What debug data must not show'),
  })
    .prefault({})
    .describe('What a client may ask for to see how its answer came about'),
  compare: group({
    cases: folderOrFalse('a folder of use cases')
      .prefault(false)
      .describe('The use cases of the comparison at /compare and of "tributary compare", or false'),
  })
    .prefault({})
    .describe('The comparison of REST and GraphQL over the same data'),
  engine: oneOf('tributary', 'apollo')
    .prefault('tributary')
    .describe('What executes query plans: our own executor, or as a reference that of @apollo/gateway'),
  reload: group({
    watch: flag()
      .prefault(true)
      .describe('Whether the settings file, the schemas and the operation documents are watched for changes'),
    quiet: duration().prefault('250ms').describe('Files must have been quiet for this long before they are read again'),
  })
    .prefault({})
    .describe('Taking over changes of files without a restart'),
  telemetry: group({
    serviceName: text().prefault('tributary').describe('The name of this process in traces; or OTEL_SERVICE_NAME'),
    traces: group({
      endpoint: httpUrl()
        .optional()
        .describe(
          'Where spans are sent, by OTLP over HTTP, such as "http://127.0.0.1:4318/v1/traces"; left out, none are made; or OTEL_EXPORTER_OTLP_ENDPOINT',
        ),
      headers: z
        .record(headerName(), headerValue(), { error: 'a mapping of header fields' })
        .prefault({})
        .describe('Header fields for the collector; or OTEL_EXPORTER_OTLP_HEADERS'),
      sample: fraction()
        .prefault(1)
        .describe('Share of the requests that are traced; where the caller has a trace, what its sampled flag says'),
    })
      .prefault({})
      .describe('OpenTelemetry spans'),
  })
    .prefault({})
    .describe('What is told to other programs'),
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
