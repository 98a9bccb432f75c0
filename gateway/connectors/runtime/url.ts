/**
 * Builds the URL of a call from baseURL, the source's parts and the connector's (connectors.md 9.3). What is constant is
 * encoded and cut up once, at load.
 */
import type { Variables } from '../mapping/frame.ts';
import { isObject, scalarText, type Maybe, type Value } from '../mapping/value.ts';
import type { MappingPart, RequestParts } from '../spec/connector.ts';
import type { Template, TemplatePiece } from '../spec/template.ts';
import { encodeConstant, encodeValue } from './percent-encoding.ts';
import { evaluateLogged, type LogPlace, type ProblemLocation, type ProblemLog } from './problem-log.ts';
import { RequestFault } from './request-fault.ts';
import { fillTemplate, holeText } from './text-template.ts';

/** A URL before its variable parts are filled in. */
export interface UrlPattern {
  /** Scheme and authority; undefined for a relative URL. */
  readonly origin: string | undefined;
  readonly path: readonly TemplatePiece[];
  readonly query: readonly TemplatePiece[];
}

export interface BaseUrl {
  readonly origin: string;
  readonly path: string;
  readonly query: string;
}

const originPattern = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]*/;

const isFilled = (piece: TemplatePiece): boolean => piece !== '';

export const isAbsoluteUrl = (text: string): boolean => originPattern.test(text) || text.startsWith('//');

/** Cuts a connect URL at the first `?` and `#` of its constants. */
export function readUrlPattern({ pieces }: Pick<Template, 'pieces'>): UrlPattern {
  const first = pieces[0];
  const origin = typeof first === 'string' ? originPattern.exec(first)?.[0] : undefined;
  const path: TemplatePiece[] = [];
  const query: TemplatePiece[] = [];
  let part = path;
  for (const [index, piece] of pieces.entries()) {
    if (typeof piece !== 'string') {
      part.push(piece);
      continue;
    }
    const text = index === 0 ? piece.slice(origin?.length ?? 0) : piece;
    const [kept, ...fragment] = text.split('#');
    const queryStart = part === path ? kept!.indexOf('?') : -1;
    if (queryStart < 0) part.push(encodeConstant(kept!));
    else {
      path.push(encodeConstant(kept!.slice(0, queryStart)));
      query.push(encodeConstant(kept!.slice(queryStart + 1)));
      part = query;
    }
    if (fragment.length > 0) break;
  }
  return { origin, path: path.filter(isFilled), query: query.filter(isFilled) };
}

/**
 * The base URL with its holes filled: they read `$config` and `$env` only, so this happens once, at load. Within scheme
 * and authority a value stands as it is, behind them it is encoded. Throws RequestFault.
 */
export function resolveBaseUrl(template: Pick<Template, 'pieces'>, variables: Variables): BaseUrl {
  let text = '';
  for (const piece of template.pieces) {
    if (typeof piece === 'string') text += piece;
    else
      text += /^[^:]+:\/\/[^/?#]*[/?#]/.test(text)
        ? encodeValue(holeText(piece, variables))
        : holeText(piece, variables);
  }
  return readBaseUrl(text);
}

/** Throws RequestFault when the text is no absolute http(s) URL. */
export function readBaseUrl(text: string): BaseUrl {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  const origin = originPattern.exec(text)?.[0];
  if (!parsed || origin === undefined || parsed.host === '') throw new RequestFault('It is not an absolute URL');
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    throw new RequestFault(`Its scheme is "${parsed.protocol.slice(0, -1)}", expected http or https`);
  }
  const [rest] = text.slice(origin.length).split('#');
  const queryStart = rest!.indexOf('?');
  const path = queryStart < 0 ? rest! : rest!.slice(0, queryStart);
  const query = queryStart < 0 ? '' : rest!.slice(queryStart + 1);
  return { origin, path: encodeConstant(path), query: encodeConstant(query) };
}

/** One slash at the join; an empty segment is not doubled. */
function joinPath(path: string, segment: string): string {
  const rest = segment.startsWith('/') ? segment.slice(1) : segment;
  return path.endsWith('/') ? path + rest : `${path}/${rest}`;
}

/** The segments of a `path` mapping. */
function pathSegments(part: MappingPart | undefined, variables: Variables, log: LogPlace | undefined): string[] {
  const value = part && evaluateLogged(part, {}, variables, log);
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new RequestFault('The path mapping does not give a list');
  return value.map((item) => {
    if (Array.isArray(item) || isObject(item)) throw new RequestFault('A path segment is a list or an object');
    return encodeValue(scalarText(item));
  });
}

/** The parameters of a `queryParams` mapping: null is left out, a list is repeated. */
export function queryParameters(value: Maybe): string[] {
  if (value === undefined) return [];
  if (!isObject(value)) throw new RequestFault('The queryParams mapping does not give an object');
  return Object.keys(value).flatMap((name) => {
    const items: Value = value[name]!;
    return (Array.isArray(items) ? items : items === null ? [] : [items]).flatMap((item) => {
      if (Array.isArray(item) || isObject(item)) {
        throw new RequestFault(`Query parameter "${name}" is an object or a nested list`);
      }
      return [`${encodeValue(name)}=${encodeValue(scalarText(item))}`];
    });
  });
}

const isDotSegment = (segment: string): boolean => segment === '.' || segment === '..';

export interface UrlParts {
  readonly base: BaseUrl | undefined;
  readonly source: Pick<RequestParts, 'path' | 'queryParams'> | undefined;
  readonly connect: UrlPattern;
  readonly connectPath: MappingPart | undefined;
  /** Gives the query parameters of the connector itself. */
  readonly connectQuery: ((variables: Variables, log?: LogPlace) => readonly string[]) | undefined;
}

/** The final text of the URL. Throws RequestFault. */
export function buildUrl(parts: UrlParts, variables: Variables, log?: ProblemLog): string {
  const { base, source, connect } = parts;
  const place = (location: ProblemLocation, isInPath = false): LogPlace | undefined =>
    log && { log, location, isInPath };
  const origin = base?.origin ?? connect.origin;
  if (origin === undefined) throw new RequestFault('The URL has no scheme and authority');
  let path = base?.path ?? '';
  for (const segment of pathSegments(source?.path, variables, place('SourcePath', true)))
    path = joinPath(path, segment);
  const connectPath = fillTemplate(connect.path, variables, encodeValue, place('ConnectUrl', true));
  if (connectPath !== '' && connectPath !== '/') path = joinPath(path, connectPath);
  const ownSegments = pathSegments(parts.connectPath, variables, place('ConnectPath', true));
  for (const segment of ownSegments) path = joinPath(path, segment);
  // A parser would resolve "." and "..": a value must not climb out of the path it was put into
  if (path.split('/').some(isDotSegment)) throw new RequestFault('A path segment is "." or ".."');
  const sourceQuery = source?.queryParams;
  const query = [
    base?.query ?? '',
    ...queryParameters(sourceQuery && evaluateLogged(sourceQuery, {}, variables, place('SourceQueryParams'))),
    fillTemplate(connect.query, variables, encodeValue, place('ConnectUrl')),
    ...(parts.connectQuery?.(variables, place('ConnectQueryParams')) ?? []),
  ].filter((part) => part !== '');
  return query.length === 0 ? origin + path : `${origin}${path}?${query.join('&')}`;
}
