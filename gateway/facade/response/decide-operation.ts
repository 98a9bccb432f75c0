/** The answers about an operation of the gateway (S12 and S13): a resource of its own, whatever the write behind it makes. */
import type { FacadeResponse, Json } from '../contract.ts';
import type { Operation } from '../background/operation.ts';
import { compactRels } from '../media/curies.ts';
import { ownHref } from '../media/hrefs.ts';
import { printLinks, type Link } from '../media/link.ts';
import { tableProblem } from './decide-failure.ts';
import { buildEtag, isUnmodified } from './etag.ts';
import { isObject } from './locate.ts';
import { problemBody } from './problem.ts';
import type { Facts, RouteRequest } from './route-request.ts';

/** Seconds until a client should look again. */
const RETRY_AFTER = '2';

type Progress =
  | { readonly status: 'RUNNING' }
  | { readonly status: 'SUCCEEDED'; readonly location?: string; readonly result?: Json }
  | { readonly status: 'FAILED'; readonly problem: Json };

const withoutRequest = ({ instance: _instance, traceId: _traceId, ...problem }: { [name: string]: Json }): Json =>
  problem;

/** What an operation has come to. */
export function readProgress({ ended, leaseUntil }: Operation, facts: Facts): Progress {
  if (!ended) {
    if (facts.now < leaseUntil) return { status: 'RUNNING' };
    const detail = 'The gateway stopped while this was being worked on';
    return {
      status: 'FAILED',
      problem: withoutRequest(problemBody(tableProblem('outcome-unknown', detail, facts), '')),
    };
  }
  const { status, headers, body } = ended.answer;
  const value = body === undefined ? undefined : (JSON.parse(Buffer.from(body).toString()) as Json);
  if (status >= 400) return { status: 'FAILED', problem: isObject(value) ? withoutRequest(value) : null };
  const location = headers['location'];
  if (typeof location === 'string') return { status: 'SUCCEEDED', location };
  return { status: 'SUCCEEDED', ...(value === undefined ? {} : { result: value }) };
}

/** The representation of an operation, also the body of its webhook. */
export function describeOperation(
  { id, name, startedAt, expiresAt, ended }: Operation,
  progress: Progress,
): {
  [name: string]: Json;
} {
  return {
    id,
    operation: name,
    status: progress.status,
    startedAt: startedAt.toISOString(),
    ...(ended ? { endedAt: ended.at.toISOString() } : {}),
    expiresAt: expiresAt.toISOString(),
    ...(progress.status === 'SUCCEEDED' && progress.result !== undefined ? { result: progress.result } : {}),
    ...(progress.status === 'FAILED' ? { _problem: progress.problem } : {}),
  };
}

const preferencesOf = ({ prefer, method }: RouteRequest): string =>
  [
    ...(prefer.isAsync === true && method === 'POST' ? ['respond-async'] : []),
    ...(prefer.waitSeconds === undefined ? [] : [`wait=${prefer.waitSeconds}`]),
  ].join(', ');

function toHal(value: { [name: string]: Json }, links: readonly Link[], { prefix }: RouteRequest, facts: Facts): Json {
  const document = { _links: Object.fromEntries(links.map(({ rel, href }) => [rel, { href }])), ...value };
  if (facts.curie === undefined) return document;
  return compactRels(document, { name: facts.curie, profile: ownHref(facts, `${prefix}/profile`) });
}

/** `isStart`: the answer to the write itself. */
export function decideOperation(
  request: RouteRequest,
  { operation, isStart }: { readonly operation: Operation; readonly isStart: boolean },
  facts: Facts,
): FacadeResponse {
  const progress = readProgress(operation, facts);
  const self = ownHref(facts, `${request.prefix}/operations/${operation.id}`);
  const location = progress.status === 'SUCCEEDED' ? progress.location : undefined;
  const links: Link[] = [
    { rel: 'self', href: self },
    ...(location === undefined ? [] : [{ rel: 'result', href: location }]),
  ];
  const { mediaType, contentType } = request;
  const isHal = mediaType !== 'application/json';
  const value = describeOperation(operation, progress);
  const body = JSON.stringify(isHal ? toHal(value, links, request, facts) : value);
  const isRunning = progress.status === 'RUNNING';
  const isLedOn = location !== undefined && facts.asyncDone === 'redirect';
  const preferences = preferencesOf(request);
  const headers: FacadeResponse['headers'] = {
    'content-type': contentType,
    'cache-control': 'private, no-cache',
    vary: ['Accept', 'Prefer', ...facts.varyHeaders].join(', '),
    link: printLinks(links),
    ...(isRunning ? { 'retry-after': RETRY_AFTER } : {}),
    ...(preferences === '' ? {} : { 'preference-applied': preferences }),
  };
  if (isLedOn) return { status: 303, headers: { ...headers, location }, body };
  headers['etag'] = buildEtag({ state: undefined, isCollection: false, mediaType, contentType, body });
  if (isStart) {
    const place: Record<string, string> = isRunning ? { location: self } : { 'content-location': self };
    return { status: isRunning ? 202 : 200, headers: { ...headers, ...place }, body };
  }
  if (!isUnmodified(request.ifNoneMatch, headers['etag'])) return { status: 200, headers, body };
  const { 'content-type': _type, ...kept } = headers;
  return { status: 304, headers: kept, body: undefined };
}
