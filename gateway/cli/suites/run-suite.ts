/** Runs the tests of one suite. Nothing is sent: the answer of the service stands in the test. */
import { readFileSync } from 'node:fs';
import { basename, dirname, extname, relative, resolve } from 'node:path';
import { Kind, parse } from 'graphql';
import { createConnectorSubgraph, type ConnectorTrial, type TrialResult } from '../../connectors/index.ts';
import { describeError } from '../../errors/catalogue.ts';
import { FaultsError } from '../../errors/fault.ts';
import {
  parseJson,
  readRecordedAnswer,
  type CallUpstream,
  type JsonValue,
  type UpstreamRequest,
} from '../../upstream/index.ts';
import { comparePart, compareWhole, printDifference, type Difference } from './compare.ts';
import { findTrial, suggestTrial } from './find-trial.ts';
import { readSuite } from './read-suite.ts';
import type { Expectation, SuiteTest } from './suite-schema.ts';
import { createTrialContext } from './trial-context.ts';

export interface TestResult {
  readonly name: string;
  readonly target: string;
  /** What is not as expected; empty when the test passed. */
  readonly failures: readonly string[];
  readonly seconds: number;
}

export interface SuiteResult {
  readonly file: string;
  readonly tests: readonly TestResult[];
}

type Variables = SuiteTest['variables'];

/** Throws FaultsError when the suite or its schema is wrong. */
export async function runSuite(file: string): Promise<SuiteResult> {
  const suite = readSuite(file);
  const folder = dirname(resolve(file));
  const bench = createBench(resolve(folder, suite.config.schema));
  const tests: TestResult[] = [];
  for (const test of suite.tests) tests.push(await runTest(test, folder, bench));
  return { file: relative(process.cwd(), resolve(file)) || file, tests };
}

type Bench = (variables: Variables, callUpstream: CallUpstream) => readonly ConnectorTrial[];

/** The connectors of a schema, with the `$config` and `$env` of a test; one service answers as the test says. */
function createBench(schema: string): Bench {
  const file = relative(process.cwd(), schema) || schema;
  const sdl = readText(schema);
  if (sdl === undefined) {
    const message = describeError('COMPOSITION_SCHEMA_NOT_FOUND', { subgraph: basename(schema), file });
    throw new FaultsError([{ code: 'COMPOSITION_SCHEMA_NOT_FOUND', severity: 'error', message }]);
  }
  const made = new Map<string, { trials: readonly ConnectorTrial[]; target: { call: CallUpstream } }>();
  return ({ $config = {}, $env = {} }, callUpstream) => {
    const key = JSON.stringify([$config, $env]);
    let bench = made.get(key);
    if (!bench) {
      const target = { call: callUpstream };
      const sources = Object.fromEntries(sourceNames(sdl).map((name) => [name, { config: $config }]));
      const settings = { sources, env: $env, portability: 'ignore' } as const;
      const name = basename(schema, extname(schema));
      const call: CallUpstream = (request) => target.call(request);
      bench = { trials: createConnectorSubgraph({ name, file, sdl, settings, callUpstream: call }).trials, target };
      made.set(key, bench);
    }
    bench.target.call = callUpstream;
    return bench.trials;
  };
}

/** The values of a test are those of every source; a file that does not parse is reported when it is loaded. */
function sourceNames(sdl: string): string[] {
  try {
    return parse(sdl, { noLocation: true }).definitions.flatMap((definition) =>
      definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
        ? (definition.directives ?? []).flatMap(({ arguments: given = [] }) =>
            given.flatMap(({ name, value }) =>
              name.value === 'name' && value.kind === Kind.STRING ? [value.value] : [],
            ),
          )
        : [],
    );
  } catch {
    return [];
  }
}

async function runTest(test: SuiteTest, folder: string, bench: Bench): Promise<TestResult> {
  const startedAt = performance.now();
  const failures = await findFailures(test, folder, bench);
  return { name: test.name, target: test.target, failures, seconds: (performance.now() - startedAt) / 1000 };
}

async function findFailures(test: SuiteTest, folder: string, bench: Bench): Promise<string[]> {
  const { apiResponseBody, apiResponseBodyFile, apiResponseHeaders, apiStatus, variables, target, expect } = test;
  const bodyFile = apiResponseBodyFile === undefined ? undefined : resolve(folder, apiResponseBodyFile);
  const text = bodyFile === undefined ? (apiResponseBody ?? '') : readText(bodyFile);
  if (text === undefined) return [`There is no file ${relative(process.cwd(), bodyFile!)}`];
  let sent: UpstreamRequest | undefined;
  const trials = bench(variables, (request) => {
    sent = request;
    return readRecordedAnswer(request, { status: apiStatus, headers: toLists(apiResponseHeaders), text });
  });
  const trial = findTrial(trials, target);
  if (!trial) return [suggestTrial(trials, target)];
  const { $args = {}, $this = {}, $batch = [], $requestHeaders, $context } = variables;
  const input = { args: $args, self: $this, batch: $batch } as Parameters<ConnectorTrial['run']>[0];
  const result = await trial.run(input, createTrialContext($requestHeaders, $context));
  return compareTest(expect, sent, result).map(printDifference);
}

function compareTest(expect: Expectation, sent: UpstreamRequest | undefined, result: TrialResult): Difference[] {
  const { connectorRequest, connectorResponse, error, problems } = expect;
  const differences: Difference[] = [];
  if (connectorRequest) differences.push(...compareRequest(connectorRequest, sent));
  if (result.kind === 'error') {
    const actual = { message: result.message, extensions: result.extensions } as JsonValue;
    if (error) differences.push(...comparePart('error', error as JsonValue, actual));
    else differences.push({ at: 'error', expected: undefined, actual });
    return differences;
  }
  if (error) differences.push({ at: 'error', expected: error as JsonValue, actual: undefined });
  if (connectorResponse !== undefined) {
    differences.push(...compareWhole('connectorResponse', connectorResponse, result.value ?? null));
  }
  if (problems) {
    const actual = result.problems.map(({ message, path, code }) => ({ message, path: path.join('.'), code }));
    if (problems.length !== actual.length) differences.push({ at: 'problems', expected: problems as never, actual });
    else {
      const each = problems.map((problem, index) => comparePart(`problems[${index}]`, problem as never, actual[index]));
      differences.push(...each.flat());
    }
  }
  return differences;
}

function compareRequest(
  expected: NonNullable<Expectation['connectorRequest']>,
  sent: UpstreamRequest | undefined,
): Difference[] {
  if (!sent) return [{ at: 'connectorRequest', expected: expected as JsonValue, actual: undefined }];
  const url = new URL(sent.url);
  const { method, headers = {}, queryParams, body } = expected;
  const actual: Record<string, JsonValue> = {
    method: sent.method,
    url: sent.url,
    origin: url.origin,
    path: url.pathname,
    headers: pickHeaders(headers, sent),
  };
  if (body !== undefined) actual['body'] = readBody(sent.body);
  const { queryParams: _params, headers: _headers, ...rest } = expected;
  const wanted = { ...rest, ...(method ? { method: method.toUpperCase() } : {}), headers: lowerNames(headers) };
  const query = queryParams ? compareWhole('connectorRequest.queryParams', queryParams, readQuery(url)) : [];
  return [...comparePart('connectorRequest', wanted as JsonValue, actual), ...query];
}

/** One value as a text, several as a list. */
const oneOrMany = (values: readonly string[]): string | string[] => (values.length === 1 ? values[0]! : [...values]);

const readQuery = (url: URL): JsonValue =>
  Object.fromEntries(
    [...new Set(url.searchParams.keys())].map((name) => [name, oneOrMany(url.searchParams.getAll(name))]),
  );

const lowerNames = (headers: Readonly<Record<string, string | string[]>>): JsonValue =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

const pickHeaders = (expected: object, { headers }: UpstreamRequest): JsonValue =>
  Object.fromEntries(
    Object.keys(expected).flatMap((name) => {
      const value = headers[name.toLowerCase()];
      return value === undefined ? [] : [[name.toLowerCase(), oneOrMany([value].flat())]];
    }),
  );

/** JSON where it is JSON, else the text. */
function readBody(body: UpstreamRequest['body']): JsonValue {
  const text = typeof body === 'string' ? body : Buffer.from(body ?? []).toString();
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

const toLists = (headers: Readonly<Record<string, string | string[]>>): Record<string, readonly string[]> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value].flat()]));

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
