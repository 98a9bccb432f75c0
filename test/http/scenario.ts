/**
 * One request and what must come back: status, headers that must be there or must be absent, and a part of the body. Every
 * answer of a route is held against the OpenAPI document that the same server gives out.
 */
import { expect } from 'vitest';
import { createResponseCheck, type ResponseCheck } from '../facade/openapi/response-check.ts';

export interface Scenario {
  /** As in "GET /rest/books answers ...": the request is the name of the test. */
  readonly request: string;
  readonly why: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly status: number;
  readonly present?: Readonly<Record<string, RegExp | string>>;
  readonly absent?: readonly string[];
  readonly matches?: unknown;
}

export async function playScenario(origin: string, scenario: Scenario): Promise<Response> {
  const [method = '', path = ''] = scenario.request.split(' ');
  const hasBody = scenario.body !== undefined;
  const response = await fetch(`${origin}${path}`, {
    method,
    redirect: 'manual',
    headers: { ...(hasBody ? { 'content-type': 'application/json' } : {}), ...scenario.headers },
    ...(hasBody ? { body: typeof scenario.body === 'string' ? scenario.body : JSON.stringify(scenario.body) } : {}),
  });
  const text = await response.text();
  expect(response.status, text).toBe(scenario.status);
  for (const [name, value] of Object.entries(scenario.present ?? {})) {
    const found = response.headers.get(name);
    expect(found, `header ${name}`).not.toBeNull();
    if (typeof value === 'string') expect(found).toBe(value);
    else expect(found).toMatch(value);
  }
  for (const name of scenario.absent ?? []) expect(response.headers.get(name), `header ${name}`).toBeNull();
  if (scenario.status >= 400 && method !== 'HEAD') checkProblem(response, text);
  checkHeadersOfStatus(response);
  await checkDescription(origin, { method, path }, response, text);
  if (scenario.matches !== undefined) expect(JSON.parse(text)).toMatchObject(scenario.matches as object);
  return response;
}

/** Every error is a problem document that says its own status, and no cache may keep it. */
function checkProblem(response: Response, text: string): void {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(JSON.parse(text)).toMatchObject({
    type: expect.any(String),
    title: expect.any(String),
    status: response.status,
    instance: expect.stringMatching(/^urn:/),
  });
  expect(text).not.toMatch(/127\.0\.0\.1|\bat \S+ \(/);
}

/** By address of the document: it is the same as long as the server runs. */
const descriptions = new Map<string, Promise<ResponseCheck>>();

async function readDescription(url: string): Promise<ResponseCheck> {
  const answer = await fetch(url);
  return createResponseCheck((await answer.json()) as Parameters<typeof createResponseCheck>[0]);
}

async function checkDescription(
  origin: string,
  { method, path }: { readonly method: string; readonly path: string },
  { status, headers }: Response,
  body: string,
): Promise<void> {
  const [, base = '', url = ''] = /^(\/rest(?:\/v\d+)?)(\/.*)$/.exec(path) ?? [];
  if (url === '') return;
  const document = `${origin}${base}/openapi.json`;
  const check = descriptions.get(document) ?? readDescription(document);
  descriptions.set(document, check);
  expect((await check)({ method, url, status, headers: Object.fromEntries(headers), body })).toEqual([]);
}

function checkHeadersOfStatus({ status, headers }: Response): void {
  if (status === 201) expect(headers.get('location')).not.toBeNull();
  if (status === 405) expect(headers.get('allow')).not.toBeNull();
  if (status === 429 || status === 503) expect(headers.get('retry-after')).not.toBeNull();
  if (status === 204 || status === 304) expect(headers.get('content-type')).toBeNull();
}
