// experience.md, sections 9 and 10: what a settings file may hold, what wins over what, and how mistakes are shown.
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadSettings } from '../../gateway/config/index.ts';
import { defaultUpstreamSettings } from '../../gateway/upstream/settings.ts';
import { routerOptions } from '../../gateway/config/router-options.ts';
import { faultsOf, loadText, placesOf, printWarnings } from './load-text.ts';

const smallest = 'services: { catalog: { schema: catalog.graphql } }\n';

describe('defaults', () => {
  test('a file with one service is enough', () => {
    const { settings, folder, warnings } = loadText(smallest);
    expect(warnings).toEqual([]);
    expect(settings.server).toEqual({
      host: '127.0.0.1',
      port: 4000,
      deadlineMs: 30_000,
      bodyLimitBytes: 1_048_576,
      shutdown: { graceMs: 30_000 },
      readiness: 'none',
      cors: { origins: [] },
      introspection: false,
      landingPage: 'off',
      graphqlStatus: 'classic',
      compression: { enabled: true, thresholdBytes: 1024 },
      csrf: true,
      rateLimit: { enabled: false, max: 100, windowMs: 60_000 },
      overload: { loopDelayForMs: 1000, loopDelayMs: 200, operations: 1024, retryAfterMs: 1000 },
      limits: { depth: 32, fields: 1000, tokens: 15_000, planPaths: 10_000 },
      persistedQueries: { enabled: true, bytes: 32 * 1024 ** 2 },
      trustedDocuments: { mode: 'off', manifest: undefined },
      web: undefined,
      trustProxy: false,
      admin: { enabled: true, host: '127.0.0.1', port: 4900 },
    });
    expect(settings.services).toEqual({
      catalog: {
        schema: resolve(folder, 'catalog.graphql'),
        url: undefined,
        connectors: {},
        connectorDefaults: { skipNullKeys: true, strict: 'none', v04Grammar: 'unified' },
        upstream: defaultUpstreamSettings,
      },
    });
    expect(settings.upstream).toEqual(defaultUpstreamSettings);
    expect(settings.facade).toEqual({
      operations: undefined,
      asyncDone: 'redirect',
      curie: undefined,
      async: { deadline: 300_000, keep: 86_400_000, maxRunning: 100, webhooks: { origins: [] } },
      lifecycle: { links: true, clientHeader: 'apollographql-client-name', brownOuts: [] },
      httpExtensions: { statuses: [], headers: [] },
      idempotencyStore: { kind: 'memory' },
      basePath: '/rest',
      title: undefined,
      version: undefined,
      publicUrl: undefined,
      versioning: 'path',
      levels: [2, 3],
      validationStatus: 422,
      negativeTtlMs: 0,
      description: undefined,
      contact: undefined,
      license: undefined,
      securitySchemes: {},
      limits: { maxLength: 65_536, maxItems: 1_000, maximum: 2_147_483_647 },
      cacheTags: [],
      cdnMaxAgeMs: undefined,
    });
    expect([settings.engine, settings.log.level]).toEqual(['tributary', 'info']);
  });

  test('development turns on what helps on one machine', () => {
    const { server } = loadText(`development: true\n${smallest}`).settings;
    expect(server).toMatchObject({
      introspection: true,
      landingPage: 'console',
      cors: { origins: ['https://studio.apollographql.com', 'http://localhost:5173', 'http://127.0.0.1:5173'] },
    });
  });

  test('what is set wins over development', () => {
    const { server } = loadText(
      `development: true\nserver: { introspection: false, landingPage: off, cors: { origins: [] } }\n${smallest}`,
    ).settings;
    expect(server).toMatchObject({ introspection: false, landingPage: 'off', cors: { origins: [] } });
  });

  test('a group with nothing below it counts as not written', () => {
    expect(loadText(`server:\nupstream:\n  retry:\n${smallest}`).settings.server.port).toBe(4000);
  });
});

describe('values', () => {
  test.each([
    ['250ms', 250],
    ['5s', 5000],
    ['1.5s', 1500],
    ['2m', 120_000],
    ['1h', 3_600_000],
  ])('duration %s is %i ms', (text, ms) => {
    expect(loadText(`server: { shutdown: { grace: ${text} } }\n${smallest}`).settings.server.shutdown.graceMs).toBe(ms);
  });

  test.each([
    ['512B', 512],
    ['16KB', 16_384],
    ['1.5MB', 1_572_864],
    ['1GB', 1_073_741_824],
  ])('size %s is %i bytes', (text, bytes) => {
    expect(loadText(`server: { bodyLimit: ${text} }\n${smallest}`).settings.server.bodyLimitBytes).toBe(bytes);
  });

  test('upstream of one service lies over upstream of all, and that over the defaults', () => {
    const { settings } = loadText(`
upstream:
  deadline: { call: 8s }
  retry: { budget: { ratio: 0.1 }, maxAge: 3s }
services:
  catalog: { schema: a.graphql, upstream: { deadline: { attempt: 2s }, retry: { budget: { window: 20s }, maxAge: none } } }
  reviews: { schema: b.graphql }
`);
    const { catalog, reviews } = settings.services;
    expect(catalog?.upstream.deadline).toEqual({ ...defaultUpstreamSettings.deadline, callMs: 8000, attemptMs: 2000 });
    expect(catalog?.upstream.retry).toMatchObject({
      retries: 2,
      maxAgeMs: null,
      budget: { ratio: 0.1, windowMs: 20_000, floorPerSecond: 3 },
    });
    expect(reviews?.upstream).toEqual(settings.upstream);
    expect(reviews?.upstream.retry.maxAgeMs).toBe(3000);
  });

  test('paths are relative to the settings file', () => {
    const { settings, folder } = loadText(
      `server: { web: ./pages }\nfacade: { operations: rest }\nservices: { a: { schema: ../a.graphql } }\n`,
    );
    expect(settings.server.web).toBe(resolve(folder, 'pages'));
    expect(settings.facade.operations).toBe(resolve(folder, 'rest'));
    expect(settings.services.a?.schema).toBe(resolve(folder, '../a.graphql'));
  });

  test('sources of connectors keep their values, null among them', () => {
    const { sources } = loadText(
      `${smallest}connectors: { sources: { catalog.api: { override_url: 'http://127.0.0.1:1', $config: { a: null, b: [1] } } } }\n`,
    ).settings.connectors;
    expect(sources).toMatchObject({
      'catalog.api': { overrideUrl: 'http://127.0.0.1:1', config: { a: null, b: [1] } },
    });
  });
});

test.each(['catalog.api: { notFound: null }', 'catalog.api: { notFound: ~ }'])(
  '%s is a value, not an omission',
  (source) => {
    const { settings } = loadText(`${smallest}connectors: { sources: { ${source} } }\n`);
    expect(settings.connectors.sources['catalog.api']).toMatchObject({ isNotFoundNull: true });
  },
);

describe('variables', () => {
  test('${NAME} is replaced, and reads as if it stood there', () => {
    const { settings } = loadText(`server:\n  port: \${HOST_PORT}0\n${smallest}`, { env: { HOST_PORT: '500' } });
    expect(settings.server.port).toBe(5000);
  });

  test('${NAME:-fallback} has a fallback, also for an empty variable', () => {
    const text = "services: { a: { schema: a.graphql, url: '${ORDERS:-http://127.0.0.1:4005}/graphql' } }\n";
    expect(loadText(text).settings.services.a?.url).toBe('http://127.0.0.1:4005/graphql');
    expect(loadText(text, { env: { ORDERS: '' } }).settings.services.a?.url).toBe('http://127.0.0.1:4005/graphql');
    expect(loadText(text, { env: { ORDERS: 'http://o' } }).settings.services.a?.url).toBe('http://o/graphql');
  });

  test('in quotes it stays text', () => {
    const { facade } = loadText(`facade: { version: '\${VERSION}' }\n${smallest}`, {
      env: { VERSION: '1.0' },
    }).settings;
    expect(facade.version).toBe('1.0');
  });

  test('the .env file beside the settings is read, and the real environment wins', () => {
    const text = `facade: { title: '\${TITLE}', version: '\${VERSION}' }\n${smallest}`;
    const { settings, env } = loadText(text, { env: { VERSION: '2' }, dotEnv: 'TITLE=Books\nVERSION=1\n' });
    expect(settings.facade).toMatchObject({ title: 'Books', version: '2' });
    expect(env).toEqual({ TITLE: 'Books', VERSION: '2' });
  });

  test('all missing names are reported at once, once per place', () => {
    expect(faultsOf(`server:\n  host: \${HOST}\n  port: \${PORT}\n${smallest}`)).toMatchInlineSnapshot(`
      "error[CONFIG_MISSING_VARIABLE] Environment variable "HOST" is not set
        --> tributary.yaml:2:9
        1 | server:
      > 2 |   host: \${HOST}
          |         ^^^^^^^ Set it, or give it a fallback: \${HOST:-fallback}
        3 |   port: \${PORT}
        4 | services: { catalog: { schema: catalog.graphql } }
        5 |

      error[CONFIG_MISSING_VARIABLE] Environment variable "PORT" is not set
        --> tributary.yaml:3:9
        1 | server:
        2 |   host: \${HOST}
      > 3 |   port: \${PORT}
          |         ^^^^^^^ Set it, or give it a fallback: \${PORT:-fallback}
        4 | services: { catalog: { schema: catalog.graphql } }
        5 |"
    `);
  });
});

describe('precedence', () => {
  test('defaults < file < environment < flags', () => {
    const text = `server: { port: 4100, host: 127.0.0.2, bodyLimit: 2MB }\n${smallest}`;
    const env = { TRIBUTARY_SERVER__PORT: '4200', TRIBUTARY_SERVER__HOST: '127.0.0.3' };
    const { settings, origins } = loadText(text, { env, flags: { 'server.port': '4300' } });
    expect(settings.server).toMatchObject({ port: 4300, host: '127.0.0.3', bodyLimitBytes: 2_097_152, csrf: true });
    expect([...origins]).toEqual([
      ['server.port', 'flag server.port'],
      ['server.host', 'environment variable TRIBUTARY_SERVER__HOST'],
    ]);
  });

  test.each([
    ['TRIBUTARY_SERVER__BODYLIMIT', '3MB'],
    ['TRIBUTARY_SERVER__BODY_LIMIT', '3MB'],
  ])('%s sets server.bodyLimit', (name, value) => {
    expect(loadText(smallest, { env: { [name]: value } }).settings.server.bodyLimitBytes).toBe(3_145_728);
  });

  test('names of services and sources are those of the file', () => {
    const text = `services: { my-shop: { schema: a.graphql } }\nconnectors: { sources: { my-shop.api: {} } }\n`;
    const { settings } = loadText(text, {
      env: {
        TRIBUTARY_SERVICES__MY_SHOP__URL: 'http://shop/graphql',
        TRIBUTARY_CONNECTORS__SOURCES__MYSHOP_API__OVERRIDE_URL: 'http://shop',
      },
    });
    expect(settings.services['my-shop']?.url).toBe('http://shop/graphql');
    expect(settings.connectors.sources['my-shop.api']).toMatchObject({ overrideUrl: 'http://shop' });
  });

  test('lists and truth values may be given by environment', () => {
    const env = { TRIBUTARY_DEVELOPMENT: 'true', TRIBUTARY_SERVER__INTROSPECTION: 'false' };
    expect(loadText(smallest, { env }).settings).toMatchObject({ development: true, server: { introspection: false } });
  });

  test('a variable that leads nowhere is a warning; one that is not ours is nothing', () => {
    const env = { TRIBUTARY_SERVER__PROT: '1', TRIBUTARY_E2E_CHROME: '/usr/bin/chrome' };
    expect(printWarnings(loadText(smallest, { env }))).toEqual([
      'warning[CONFIG_UNKNOWN_OPTION] Environment variable "TRIBUTARY_SERVER__PROT" sets no option: "PROT" is not known\n  Did you mean "PORT"?',
    ]);
  });

  test('a wrong value names the variable or flag it came from, not a place in the file', () => {
    const env = { TRIBUTARY_SERVER__PORT: 'many' };
    expect(faultsOf(`server: { port: 1 }\n${smallest}`, { env, flags: { 'log.level': 'loud' } }))
      .toMatchInlineSnapshot(`
      "error[CONFIG_INVALID_VALUE] Cannot read settings: "server.port" is "many", expected a whole number from 0 to 65535
        From environment variable TRIBUTARY_SERVER__PORT

      error[CONFIG_INVALID_VALUE] Cannot read settings: "log.level" is "loud", expected one of "trace", "debug", "info", "warn", "error", "fatal", "silent"
        From flag log.level"
    `);
  });
});

describe('mistakes', () => {
  test('a file that is not there', () => {
    expect(() => loadSettings({ file: 'no/such/tributary.yaml', env: {} })).toThrowErrorMatchingInlineSnapshot(`
      [FaultsError: error[CONFIG_NOT_FOUND] Cannot find settings file "no/such/tributary.yaml"
        Name the file with --config, or run the command in the folder that holds tributary.yaml]
    `);
  });

  test('an unknown option, as in the worked example of experience.md, 9.2', () => {
    const text = `services:\n  catalog:\n    schema: catalog.graphql\n    upstream:\n      deadline:\n        atempt: 2s\n`;
    expect(faultsOf(text)).toMatchInlineSnapshot(`
      "error[CONFIG_UNKNOWN_OPTION] Unknown option "atempt" in services.catalog.upstream.deadline
        --> tributary.yaml:6:9
        4 |     upstream:
        5 |       deadline:
      > 6 |         atempt: 2s
          |         ^^^^^^ Did you mean "attempt"?
        7 |"
    `);
  });

  const ofRouter: Readonly<Record<string, readonly [option: string, hint: string]>> = {
    apq: ['apq: { enabled: true }', 'server.persistedQueries'],
    authentication: ['authentication: { connector: {} }', 'sign requests in a proxy'],
    batching: ['batching: { enabled: true }', 'nothing to answer it here'],
    'connectors.expose_sources_in_context': ['connectors: { expose_sources_in_context: true }', 'for coprocessors'],
    'connectors.preview_connect_v0_4': ['connectors: { preview_connect_v0_4: true }', 'needs no switch'],
    'connectors.subgraphs': ['connectors: { subgraphs: {} }', 'connectors.sources."<service>.<source>"'],
    coprocessor: ['coprocessor: { url: http://c }', 'nothing to answer it here'],
    cors: ['cors: { allow_any_origin: true }', 'server.cors'],
    csrf: ['csrf: { unsafe_disabled: true }', 'server.csrf'],
    'headers.all': ['headers: { all: { request: [] } }', 'headers.connector'],
    'headers.subgraphs': ['headers: { subgraphs: {} }', 'headers.connector'],
    health_check: ['health_check: { enabled: true }', '/health/ready'],
    homepage: ['homepage: { enabled: false }', 'server.landingPage'],
    include_subgraph_errors: ['include_subgraph_errors: { all: true }', 'clients see the codes of errors'],
    limits: ['limits: { max_depth: 10 }', 'server.limits'],
    override_subgraph_url: ['override_subgraph_url: { catalog: http://c }', 'connectors.sources'],
    persisted_queries: ['persisted_queries: { enabled: true }', 'server.trustedDocuments'],
    preview_entity_cache: ['preview_entity_cache: { enabled: true }', 'services.<name>.upstream.cache'],
    rhai: ['rhai: { main: a.rhai }', 'nothing to answer it here'],
    sandbox: ['sandbox: { enabled: true }', 'server.landingPage'],
    supergraph: ['supergraph: { listen: 127.0.0.1:4000 }', 'server.introspection'],
    'telemetry.exporters': ['telemetry: { exporters: {} }', 'telemetry.traces'],
    tls: ['tls: { connector: {} }', 'NODE_EXTRA_CA_CERTS'],
    traffic_shaping: ['traffic_shaping: { all: { timeout: 5s } }', 'services.<name>.upstream: deadline'],
  };

  test.each(Object.entries(ofRouter))(
    'the option %s of Apollo Router is refused, with what says the same here',
    (path, [option, hint]) => {
      const text = faultsOf(`${smallest}${option}\n`);
      expect(text).toContain(`error[CONFIG_UNKNOWN_OPTION] Unknown option "${path.split('.').at(-1)}"`);
      expect(text).toContain('An option of Apollo Router');
      expect(text).toContain(hint);
    },
  );

  test('no option of Apollo Router that has a hint is left out above', () => {
    expect(routerOptions).toEqual(Object.keys(ofRouter));
  });

  test('an unknown option at the top, far from any name, lists the valid ones', () => {
    const text = faultsOf(`${smallest}xyzzy: 1\n`);
    expect(text).toContain('Unknown option "xyzzy" in tributary.yaml');
    expect(text).toContain('Valid names: "compare", "connectors", "debug", "development"');
  });

  test('many faults are reported in one go, in order of place, contradictions among them', () => {
    const text = `server:
  port: 70000
  deadline: 8s
  prot: 1
services:
  catalog:
    schma: a.graphql
upstream:
  deadline: { attempt: 9s, call: 9s, connect: 5 }
connectors:
  sources:
    catlog.api: {}
`;
    expect(placesOf(text)).toEqual([
      'CONFIG_INVALID_VALUE 2:9',
      'CONFIG_UNKNOWN_OPTION 4:3',
      'CONFIG_INVALID_VALUE 6:3',
      'CONFIG_UNKNOWN_OPTION 7:5',
      'CONFIG_INVALID_VALUE 9:47',
    ]);
  });

  test('contradictions are found beside other faults', () => {
    const text = `upstream: { deadline: { attempt: 9s, call: 9s } }\nserver: { prot: 1 }\n${smallest}`;
    expect(placesOf(text)).toEqual(['CONFIG_CONTRADICTION 1:34', 'CONFIG_UNKNOWN_OPTION 2:11']);
  });

  test('an attempt that is not shorter than its call shows both places', () => {
    expect(faultsOf(`upstream:\n  deadline:\n    call: 4s\n    attempt: 4s\n${smallest}`)).toMatchInlineSnapshot(`
      "error[CONFIG_CONTRADICTION] "upstream.deadline.attempt" is 4s, and must be shorter than "upstream.deadline.call", which is 4s
        --> tributary.yaml:4:14
        2 |   deadline:
        3 |     call: 4s
      > 4 |     attempt: 4s
          |              ^^ The outer limit fires first, and the useful error is lost
        5 | services: { catalog: { schema: catalog.graphql } }
        6 |
        --> tributary.yaml:3:11
        1 | upstream:
        2 |   deadline:
      > 3 |     call: 4s
          |           ^^
        4 |     attempt: 4s
        5 | services: { catalog: { schema: catalog.graphql } }
        6 |"
    `);
  });

  test('a server deadline that is not longer than a call', () => {
    expect(placesOf(`server: { deadline: 10s }\n${smallest}`)).toEqual(['CONFIG_CONTRADICTION 1:21']);
  });

  test('a service whose own attempt contradicts the call of all', () => {
    const text = `services: { a: { schema: a.graphql, upstream: { deadline: { attempt: 10s } } } }\n`;
    expect(placesOf(text)).toEqual(['CONFIG_CONTRADICTION 1:70']);
  });

  test('a source of a service that is not there', () => {
    expect(faultsOf(`${smallest}connectors:\n  sources:\n    catlog.api: {}\n    api: {}\n`)).toMatchInlineSnapshot(`
      "error[CONFIG_UNKNOWN_OPTION] Unknown service "catlog" in connectors.sources
        --> tributary.yaml:4:5
        2 | connectors:
        3 |   sources:
      > 4 |     catlog.api: {}
          |     ^^^^^^^^^^ Did you mean "catalog"?
        5 |     api: {}
        6 |

      error[CONFIG_INVALID_VALUE] Cannot read settings: "connectors.sources" is "api", expected "<service>.<source>"
        --> tributary.yaml:5:5
        3 |   sources:
        4 |     catlog.api: {}
      > 5 |     api: {}
          |     ^^^
        6 |"
    `);
  });

  test.each([
    ['a number without a unit', 'server: { deadline: 5 }', '"server.deadline" is 5, expected a duration such as "2s"'],
    ['a unit that is none', 'server: { deadline: 5d }', '"server.deadline" is "5d", expected a duration such as "2s"'],
    ['a size without a unit', 'server: { bodyLimit: 5 }', '"server.bodyLimit" is 5, expected a size such as "8MB"'],
    ['text for a truth value', 'server: { csrf: maybe }', '"server.csrf" is "maybe", expected true or false'],
    ['a value for a group', 'server: 4000', '"server" is 4000, expected a group of options'],
    ['a group for a value', 'server: { host: {} }', '"server.host" is a group, expected a host name or an address'],
    [
      'a wrong item of a list',
      'server: { cors: { origins: [a] } }',
      '"server.cors.origins[0]" is "a", expected an origin',
    ],
    ['an origin with a path', "server: { cors: { origins: ['http://a/'] } }", 'expected an origin such as'],
    [
      'true for a folder',
      'facade: { operations: true }',
      '"facade.operations" is true, expected a folder of operation',
    ],
    ['another engine', 'engine: router', '"engine" is "router", expected one of "tributary", "apollo"'],
  ])('%s', (_name, text, expected) => {
    expect(faultsOf(`${text}\n${smallest}`)).toContain(
      `Cannot read settings: ${expected.startsWith('"') ? expected : ''}`,
    );
    expect(faultsOf(`${text}\n${smallest}`)).toContain(expected);
  });

  test('a misspelt choice has a suggestion', () => {
    expect(faultsOf(`server: { landingPage: sandbx }\n${smallest}`)).toContain('Did you mean "sandbox"?');
  });

  test('no services', () => {
    expect(faultsOf('development: true\n')).toMatchInlineSnapshot(`
      "error[CONFIG_INVALID_VALUE] Cannot read settings: "services" is not set, expected a group with one entry a service
        --> tributary.yaml:1:1
      > 1 | development: true
          | ^
        2 |"
    `);
    expect(faultsOf('services: {}\n')).toContain('"services" is a group, expected at least one service');
    expect(faultsOf('')).toContain('"services" is not set');
  });

  test('a service with a name that cannot be one', () => {
    expect(faultsOf("services: { 'a b': { schema: a.graphql } }\n")).toContain('expected a name of letters, digits');
  });

  test('a value that came through a variable is shown as written, because it may be a secret', () => {
    const text = faultsOf(`server: { port: '\${SECRET}' }\n${smallest}`, { env: { SECRET: 'hunter2' } });
    expect(text).toContain('"server.port" is "${SECRET}"');
    expect(text).not.toContain('hunter2');
  });

  test('no sentence of a library shows through', () => {
    const texts = [
      'server: 1',
      'services: []',
      'services: { a: { schema: 1, url: x, upstream: { retry: { retries: 9, statuses: 5, maxAge: x } } } }',
      'connectors: { sources: [] }',
    ].map((text) => faultsOf(`${text}\n`));
    expect(texts.join('\n')).not.toMatch(/Invalid|Too (big|small)|Expected |received|undefined|zod|regex/);
  });
});

describe('YAML that does not parse', () => {
  test('a variable inside { } without quotes is one fault, with what to do', () => {
    expect(faultsOf(`server: { port: \${PORT} }\n${smallest}`)).toMatchInlineSnapshot(`
      "error[CONFIG_SYNTAX] Cannot read settings: this is not expected here
        --> tributary.yaml:1:18
      > 1 | server: { port: \${PORT} }
          |                  ^ Inside { } and [ ] a \${NAME} needs quotes
        2 | services: { catalog: { schema: catalog.graphql } }
        3 |"
    `);
  });

  test.each([
    ['a tab', 'server:\n\tport: 1\n', 'tabs cannot indent; use spaces'],
    ['a quote that does not end', 'server: { host: "a }\n', 'a quote or bracket is missing'],
    ['a bracket that does not end', 'server: { host: a\n', 'a bracket before it is not closed'],
    [
      'aliases of aliases',
      `a: &a [1, 1]\n${'bcdefgh'.replaceAll(/./g, (name) => `${name}: &${name} [*${String.fromCharCode(name.charCodeAt(0) - 1)}, *${String.fromCharCode(name.charCodeAt(0) - 1)}]\n`)}`,
      'unfold too far',
    ],
    ['an option set twice', 'engine: apollo\nengine: apollo\n', 'this option is set twice'],
    ['an indentation that does not fit', 'server:\n    port: 1\n  host: a\n', 'the indentation does not fit'],
    ['two documents', 'a: 1\n---\nb: 2\n', 'a settings file is one document'],
    ['an alias to nothing', 'server: *none\n', 'an alias must name an anchor'],
    ['a value that needs quotes', 'facade: { title: @home }\n', 'needs quotes'],
  ])('%s', (_name, text, reason) => {
    const faults = faultsOf(text);
    expect(faults).toMatch(/^error\[CONFIG_SYNTAX\] Cannot read settings: /);
    expect(faults).toContain(reason);
    expect(faults).toContain('--> tributary.yaml:');
  });
});
