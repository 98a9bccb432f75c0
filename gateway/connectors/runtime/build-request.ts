/**
 * Prepares a connector, once, for building its requests: URL, headers, body (connectors.md 9). Building throws
 * RequestFault when the request cannot be sent.
 */
import type { Variables } from '../mapping/frame.ts';
import { stringifyJson, type Maybe } from '../mapping/value.ts';
import type { Connector } from '../spec/connector.ts';
import { buildFormBody, isFormContentType } from './form-body.ts';
import { prepareHeaderRules, type HeaderContext } from './header-rules.ts';
import { buildHeaders, mergeHeaders, type RequestHeaders } from './headers.ts';
import { evaluateLogged, type ProblemLog } from './problem-log.ts';
import { buildUrl, queryParameters, readUrlPattern, type BaseUrl, type UrlParts } from './url.ts';

export interface BuiltRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: RequestHeaders;
  readonly body?: string;
}

/** The problems of the parts go to the log, if there is one. */
export type BuildRequest = (variables: Variables, context: HeaderContext, log?: ProblemLog) => BuiltRequest;

/** Of a connector with `http`; `url` may replace the connector's own URL parts: key lists do. */
export function prepareRequest(connector: Connector, base: BaseUrl | undefined, url?: UrlParts): BuildRequest {
  const { source, body } = connector;
  const { method } = connector.http!;
  const parts = url ?? ownUrlParts(connector, base);
  const headerParts = mergeHeaders(connector.headers, source?.headers ?? []);
  const applyRules = prepareHeaderRules(connector.headerRules);
  return (variables, context, log) => {
    const headers = buildHeaders(headerParts, variables, context.requestHeaders, log);
    applyRules(headers, context);
    const request = { method, url: buildUrl(parts, variables, log), headers };
    if (!body) return request;
    const value = evaluateLogged(body, {}, variables, log && { log, location: 'RequestBody' });
    return { ...request, body: buildBody(value, headers) };
  };
}

export function ownUrlParts(connector: Connector, base: BaseUrl | undefined): UrlParts {
  const { queryParams } = connector;
  return {
    base,
    source: connector.source,
    connect: readUrlPattern(connector.http!.url),
    connectPath: connector.path,
    connectQuery: queryParams && ((variables, log) => queryParameters(evaluateLogged(queryParams, {}, variables, log))),
  };
}

/** The default content-type is added to `headers` when none was set. */
function buildBody(value: Maybe, headers: RequestHeaders): string {
  const contentType = headers['content-type'];
  if (contentType === undefined) headers['content-type'] = 'application/json';
  if (value === undefined) return '';
  return typeof contentType === 'string' && isFormContentType(contentType)
    ? buildFormBody(value)
    : stringifyJson(value);
}
