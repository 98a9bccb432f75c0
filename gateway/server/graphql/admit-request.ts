/**
 * What a GraphQL request has to pass before Apollo Server sees it: its document is trusted where only trusted ones are run,
 * and neither its text nor its variables are so large that reading them would already cost too much.
 */
import { catalogue, describeError, type ErrorCode } from '../../errors/catalogue.ts';
import { findExcess, type TextLimits } from './find-excess.ts';
import type { AskedDocument, TrustedDocuments } from './trusted-documents.ts';

export interface SentRequest {
  readonly method: string;
  /** With its "?", or empty. */
  readonly search: string;
  /** Parsed; undefined for a GET. */
  readonly body: unknown;
}

export type Admission =
  | { readonly kind: 'admitted'; readonly request: SentRequest }
  | { readonly kind: 'refused'; readonly status: number; readonly code: ErrorCode; readonly message: string };

export type AdmitRequest = (request: SentRequest) => Admission;

export interface AdmitRequestOptions {
  readonly limits: TextLimits;
  readonly trusted: TrustedDocuments;
}

export function createAdmission({ limits, trusted }: AdmitRequestOptions): AdmitRequest {
  return (request) => {
    const asked = readAsked(request);
    const decision = trusted.decide(asked);
    if (decision.kind === 'refused') return refuse(decision.code);
    if (decision.kind === 'trusted') return { kind: 'admitted', request: withQuery(request, decision.query) };
    const excess = asked.query === undefined ? undefined : findExcess(asked.query, limits);
    return excess === undefined ? { kind: 'admitted', request } : refuse('REQUEST_TOO_COMPLEX', excess);
  };
}

export function refuse(code: ErrorCode, reason = ''): Extract<Admission, { kind: 'refused' }> {
  return { kind: 'refused', status: catalogue[code].status, code, message: describeError(code, { reason }) };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** What does not fit is left to Apollo Server, which says so. */
function readAsked({ method, search, body }: SentRequest): AskedDocument {
  if (method !== 'GET') {
    if (!isObject(body)) return { query: undefined, id: undefined };
    return { query: textOf(body['query']), id: textOf(body['documentId']) ?? hashIn(body['extensions']) };
  }
  const params = new URLSearchParams(search);
  const id = textOf(params.get('documentId')) ?? hashIn(parseExtensions(params.get('extensions')));
  return { query: textOf(params.get('query')), id };
}

/** Where automatic persisted queries have it. */
function hashIn(extensions: unknown): string | undefined {
  const persisted = isObject(extensions) ? extensions['persistedQuery'] : undefined;
  return isObject(persisted) ? textOf(persisted['sha256Hash']) : undefined;
}

function parseExtensions(text: string | null): unknown {
  if (text === null) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The request as if it had been sent with this text, and by no id. */
function withQuery({ method, search, body }: SentRequest, query: string): SentRequest {
  if (method === 'GET') {
    const params = new URLSearchParams(search);
    params.set('query', query);
    params.delete('documentId');
    const extensions = withoutPersisted(parseExtensions(params.get('extensions')));
    if (extensions === undefined) params.delete('extensions');
    else params.set('extensions', JSON.stringify(extensions));
    return { method, search: `?${params.toString()}`, body };
  }
  const { documentId: _, extensions, ...others } = body as Record<string, unknown>;
  const kept = withoutPersisted(extensions);
  return { method, search, body: { ...others, query, ...(kept === undefined ? {} : { extensions: kept }) } };
}

function withoutPersisted(extensions: unknown): unknown {
  if (!isObject(extensions)) return extensions ?? undefined;
  const { persistedQuery: _, ...others } = extensions;
  return others;
}
