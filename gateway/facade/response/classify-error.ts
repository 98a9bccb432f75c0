/**
 * Gives each GraphQL error a class and a status (facade.md 3.4, step 1): from its code, then from what a service answered.
 * Below the result, a refusal of a service is a fault of the gateway's making; at or above it, it answers the client.
 */
import type { GraphQLFormattedError } from 'graphql';
import { catalogue, describeError, isErrorCode, type ErrorCode } from '../../errors/catalogue.ts';
import type { Route } from '../routes/route.ts';
import { allowedHeaders, allowedStatus, reasonOf, type HttpExtensions } from './http-extensions.ts';
import type { ProblemItem } from './problem.ts';
import { codeOfName, findProblemType, problemTypes, titleOfName, type ProblemName } from './problem-types.ts';

export interface ClassifiedError {
  readonly status: number;
  /** Name of the problem type; of the table, or of an outcome. */
  readonly problem: string;
  readonly title: string;
  readonly detail: string;
  readonly code: string;
  readonly service?: string;
  readonly retryAfterMs?: number;
  readonly items: readonly ProblemItem[];
  readonly path: readonly (string | number)[];
  /** The call was sent, as far as is known. */
  readonly dispatched: boolean;
  /** The call behind the root field failed. */
  readonly isRoot: boolean;
  /** A nested "not found" is a null and no error. */
  readonly isSilent: boolean;
  /** Headers of `extensions.http` that the settings allow. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ClassifyOptions {
  readonly httpExtensions: HttpExtensions;
  readonly validationStatus: 422 | 400;
  /** The client sent a cursor, so a complaint about one is the client's. */
  readonly cursorSent: boolean;
}

interface Extensions {
  readonly code?: unknown;
  readonly service?: unknown;
  readonly retryAfterMs?: unknown;
  readonly dispatched?: unknown;
  readonly errors?: unknown;
  readonly upstream?: { status?: unknown; kind?: unknown; root?: unknown; credentials?: unknown };
  readonly http?: { status?: unknown; headers?: unknown };
}

interface Chosen {
  readonly problem: ProblemName;
  readonly status?: number;
  readonly isSilent?: boolean;
}

/** The place of an error as the rows see it. */
interface Place {
  /** At or above the result: the call is the one the client asked for. */
  readonly isAtResult: boolean;
  readonly extensions: Extensions;
  readonly upstreamStatus: number | undefined;
  readonly route: Route;
  readonly options: ClassifyOptions;
  readonly items: readonly ProblemItem[];
}

const codeProblems: Readonly<Record<string, ProblemName>> = {
  GRAPHQL_VALIDATION_FAILED: 'route-broken',
  GRAPHQL_PARSE_FAILED: 'route-broken',
  OPERATION_RESOLUTION_FAILURE: 'route-broken',
  UPSTREAM_TIMEOUT: 'upstream-timeout',
  DEADLINE_EXCEEDED: 'upstream-timeout',
  GATEWAY_TIMEOUT: 'upstream-timeout',
  UPSTREAM_UNREACHABLE: 'upstream-unreachable',
  CIRCUIT_OPEN: 'circuit-open',
  UPSTREAM_SATURATED: 'upstream-saturated',
  OVERLOADED: 'overloaded',
  UPSTREAM_INVALID_RESPONSE: 'upstream-invalid',
  UPSTREAM_TRUNCATED: 'upstream-invalid',
  UPSTREAM_TOO_LARGE: 'upstream-invalid',
  CONNECTOR_RESPONSE_INVALID: 'upstream-invalid',
  CONNECTOR_MAPPING_PROBLEM: 'upstream-invalid',
  CONNECTOR_REQUEST_INVALID: 'upstream-error',
  REQUEST_LIMIT_EXCEEDED: 'upstream-error',
  REQUEST_TOO_COMPLEX: 'bad-request',
  BAD_REQUEST: 'bad-request',
  INTERNAL_SERVER_ERROR: 'internal',
};

/** What a service said about the request: statuses that keep their meaning at the root (E6 to E8). */
const kept: Readonly<Record<number, ProblemName>> = {
  402: 'payment-required',
  409: 'conflict',
  410: 'gone',
  412: 'precondition-failed',
  423: 'locked',
  428: 'precondition-required',
  451: 'legal-reasons',
};

const clientCodes: Readonly<Record<string, number>> = {
  BAD_USER_INPUT: 422,
  CONFLICT: 409,
  PRECONDITION_FAILED: 412,
  NOT_FOUND: 404,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
};

function chooseInvalid(place: Place, status: number): Chosen {
  const { route, options, items } = place;
  const { cursor } = route.collection ?? {};
  const isAboutCursor = items.some(
    ({ parameter }) =>
      parameter !== undefined &&
      (parameter === cursor?.name || parameter === cursor?.variable || parameter === 'after'),
  );
  if (cursor && options.cursorSent && isAboutCursor) return { problem: 'invalid-cursor' };
  return { problem: 'validation', status: status === 400 && route.passthrough ? 400 : options.validationStatus };
}

const chooseForbidden = ({ route }: Place): Chosen =>
  route.hide ? { problem: 'not-found' } : { problem: 'forbidden' };

/** E9, E10: whose credentials were refused? Without a word about it they were the gateway's own. */
function chooseUnauthorized(place: Place, status: number, code: unknown): Chosen {
  const { credentials } = place.extensions.upstream ?? {};
  const isCallers =
    credentials === 'caller' || (credentials === undefined && (code === 'UNAUTHENTICATED' || code === 'FORBIDDEN'));
  if (!isCallers) return { problem: 'upstream-auth' };
  return status === 401 ? { problem: 'unauthenticated' } : chooseForbidden(place);
}

/** E5 to E17 by the status a service answered with. */
function chooseByStatus(place: Place, status: number): Chosen {
  const { isAtResult, extensions } = place;
  if (status === 401 || status === 403) return chooseUnauthorized(place, status, extensions.code);
  if (status === 404) return isAtResult ? { problem: 'not-found' } : { problem: 'not-found', isSilent: true };
  if (status === 408 || status === 504) return { problem: 'upstream-timeout' };
  if (status === 429) {
    return { problem: extensions.upstream?.credentials === 'caller' ? 'quota-exceeded' : 'upstream-unavailable' };
  }
  if (status === 503) return { problem: 'upstream-unavailable' };
  if (status >= 500) return { problem: 'upstream-error' };
  if (!isAtResult) return { problem: 'upstream-refused' };
  if (status === 400 || status === 422) return chooseInvalid(place, status);
  const problem = kept[status];
  return problem ? { problem } : { problem: 'upstream-refused' };
}

function choose(place: Place): Chosen {
  const { extensions, upstreamStatus } = place;
  const { code } = extensions;
  const clientStatus = typeof code === 'string' && Object.hasOwn(clientCodes, code) ? clientCodes[code] : undefined;
  // A client's code that stems from a service is judged by where it stems from.
  if (clientStatus !== undefined && upstreamStatus !== undefined) return chooseByStatus(place, upstreamStatus);
  if (clientStatus === 422) return chooseInvalid(place, 422);
  if (clientStatus === 403) return chooseForbidden(place);
  if (clientStatus === 401) return { problem: 'unauthenticated' };
  if (clientStatus !== undefined)
    return chooseByStatus({ ...place, isAtResult: place.isAtResult || clientStatus !== 404 }, clientStatus);
  const known = typeof code === 'string' && Object.hasOwn(codeProblems, code) ? codeProblems[code] : undefined;
  if (known && known !== 'internal') return { problem: known };
  if (upstreamStatus !== undefined && (upstreamStatus < 200 || upstreamStatus > 399))
    return chooseByStatus(place, upstreamStatus);
  switch (extensions.upstream?.kind) {
    case 'network':
      return { problem: 'upstream-unreachable' };
    case 'timeout':
      return { problem: 'upstream-timeout' };
    case 'invalid':
      return { problem: 'upstream-invalid' };
    default:
  }
  if (code === 'UPSTREAM_ERROR' || code === 'CONNECTOR_FETCH') return { problem: 'upstream-error' };
  return { problem: 'internal' };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** The `errors` of a service's own problem document, with nothing but the three names a client may see. */
function readItems(errors: unknown): ProblemItem[] {
  if (!Array.isArray(errors)) return [];
  return errors.slice(0, 50).flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null) return [];
    const { pointer, parameter, detail, code } = item as Record<string, unknown>;
    if (typeof detail !== 'string') return [];
    return [
      {
        ...(typeof pointer === 'string' ? { pointer } : {}),
        ...(typeof parameter === 'string' ? { parameter } : {}),
        detail,
        ...(typeof code === 'string' ? { code } : {}),
      },
    ];
  });
}

/** What a client may read: his own faults in the service's words, ours in the words of the catalogue. */
function detailOf(
  error: GraphQLFormattedError,
  problem: ProblemName,
  status: number,
  code: unknown,
  service: string | undefined,
): string {
  const { title } = problemTypes[problem];
  if (status < 500) return text(error.message) ?? title;
  const named = isErrorCode(code) && catalogue[code].stage !== 'request' ? code : undefined;
  const fallback: Partial<Record<ProblemName, ErrorCode>> = {
    'upstream-timeout': 'UPSTREAM_TIMEOUT',
    'upstream-unreachable': 'UPSTREAM_UNREACHABLE',
    'upstream-invalid': 'UPSTREAM_INVALID_RESPONSE',
    'upstream-error': 'UPSTREAM_ERROR',
  };
  const chosen = named && catalogue[named].status >= 500 ? named : fallback[problem];
  const sentence = chosen && describeError(chosen, service === undefined ? {} : { service });
  return sentence === undefined || sentence.includes('{') ? title : sentence;
}

const isKnownCode = (code: unknown): boolean =>
  typeof code === 'string' &&
  code !== 'INTERNAL_SERVER_ERROR' &&
  (Object.hasOwn(clientCodes, code) || Object.hasOwn(codeProblems, code));

const isPrefix = (path: readonly (string | number)[], result: readonly string[]): boolean =>
  path.length <= result.length && path.every((part, i) => part === result[i]);

/** Classifies one error. */
export function classifyError(error: GraphQLFormattedError, route: Route, options: ClassifyOptions): ClassifiedError {
  const extensions = (error.extensions ?? {}) as Extensions;
  const path = error.path ?? [];
  const status = extensions.upstream?.status ?? extensions.http?.status;
  const items = readItems(extensions.errors);
  const isRoot = extensions.upstream?.root === true || path.length === 1;
  const common = {
    path,
    items,
    isRoot,
    dispatched: extensions.dispatched !== false,
    ...(typeof extensions.retryAfterMs === 'number' ? { retryAfterMs: extensions.retryAfterMs } : {}),
    ...(typeof extensions.service === 'string' ? { service: extensions.service } : {}),
    headers: allowedHeaders(extensions.http, options.httpExtensions),
  };

  const outcome = route.outcomes.find((rule) => rule.code !== undefined && rule.code === extensions.code);
  if (outcome) {
    const title = findProblemType(outcome.problem)?.title ?? titleOfName(outcome.problem);
    const detail = outcome.status < 500 ? (text(error.message) ?? title) : title;
    const code = codeOfName(outcome.problem);
    return { ...common, status: outcome.status, problem: outcome.problem, title, detail, code, isSilent: false };
  }
  // A code or a service that says what happened goes first; the status of a connector's error is that of its service.
  const isOwn = extensions.upstream === undefined && !isKnownCode(extensions.code);
  const wanted = isOwn ? allowedStatus(extensions.http, options.httpExtensions) : undefined;
  if (wanted !== undefined) {
    const title = reasonOf(wanted);
    const detail = wanted < 500 ? (text(error.message) ?? title) : title;
    const code = text(extensions.code) ?? codeOfName(title.toLowerCase().replaceAll(/[^a-z]+/g, '-'));
    return { ...common, status: wanted, problem: 'about:blank', title, detail, code, isSilent: false };
  }
  const chosen = choose({
    isAtResult: isRoot || isPrefix(path, route.resultPath),
    extensions,
    upstreamStatus: typeof status === 'number' ? status : undefined,
    route,
    options,
    items,
  });
  const type = problemTypes[chosen.problem];
  const finalStatus = chosen.status ?? type.status;
  const ownCode = isErrorCode(extensions.code) && extensions.code !== 'CONNECTOR_FETCH' ? extensions.code : undefined;
  const tableCode = 'code' in type ? type.code : codeOfName(chosen.problem);
  const agrees = ownCode !== undefined && catalogue[ownCode].status === type.status;
  return {
    ...common,
    status: finalStatus,
    problem: chosen.problem,
    title: type.title,
    detail: detailOf(error, chosen.problem, finalStatus, extensions.code, common.service),
    code: agrees && ownCode ? ownCode : tableCode,
    isSilent: chosen.isSilent ?? false,
  };
}
