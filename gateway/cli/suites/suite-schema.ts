/** What a suite file of `tributary connector test` holds: the format of `rover connector test` (connectors.md 14.5). */
import { z } from 'zod';
import { group, list, path, text, wholeNumber } from '../../config/values.ts';

const mapping = (expected = 'a mapping') => z.record(z.string(), z.json(), { error: expected });
const oneOrMany = z.union([z.string(), z.array(z.string())], { error: 'a text or a list of texts' });
const headers = z.record(z.string(), oneOrMany, { error: 'a mapping of header names' });

const expectedRequest = group({
  method: text().optional(),
  url: text().optional().describe('The whole address'),
  origin: text().optional(),
  path: text().optional(),
  queryParams: z.record(z.string(), oneOrMany, { error: 'a mapping of query parameters' }).optional(),
  headers: headers.optional().describe('Those that must be there; others may be'),
  body: z.json().optional().describe('Compared as JSON, or as text where the body is none'),
});

const expectation = group({
  connectorRequest: expectedRequest.optional(),
  connectorResponse: z.json().optional().describe('The mapped value'),
  error: group({ message: z.string({ error: 'a text' }).optional(), extensions: mapping().optional() }).optional(),
  problems: list(
    group({ message: z.string().optional(), path: z.string().optional(), code: z.string().optional() }),
    'a list of problems',
  ).optional(),
});

const test = group({
  name: text('a name'),
  target: text('a connector such as "Query.book[0]"'),
  variables: group({
    $args: mapping().optional(),
    $this: mapping().optional(),
    $batch: list(mapping(), 'a list of mappings').optional(),
    $context: mapping().optional(),
    $config: mapping().optional(),
    $env: z.record(z.string(), z.string(), { error: 'a mapping of texts' }).optional(),
    $requestHeaders: headers.optional(),
  }).prefault({}),
  apiResponseBody: z.string({ error: 'a text: put JSON in quotes' }).optional(),
  apiResponseBodyFile: path().optional().describe('Relative to the suite'),
  apiResponseHeaders: headers.prefault({}),
  apiStatus: wholeNumber(100, 599).prefault(200),
  expect: expectation,
});

export const suiteSchema = group({
  config: group({ schema: path().describe('The schema of the connectors, relative to the suite') }),
  tests: list(test, 'a list of tests'),
});

export type Suite = z.output<typeof suiteSchema>;
export type SuiteTest = z.output<typeof test>;
export type Expectation = z.output<typeof expectation>;
