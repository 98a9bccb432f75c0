/** What a request is, as far as it can be told before anything is parsed: it only decides who is refused first. */
import type { WorkKind } from './load-guard.ts';

/** A GraphQL request by its body, or the search of a GET. */
export function kindOfOperation(method: string, url: string, body: Buffer | undefined): WorkKind {
  const text = method === 'GET' ? decode(url) : (body?.toString('latin1') ?? '');
  if (method !== 'GET' && /"query"\s*:\s*"(?:\\[nrt]|[\s,])*mutation\b/.test(text)) return 'mutation';
  return /\b__(?:schema|type)\b/.test(text) ? 'introspection' : 'query';
}

export const kindOfMethod = (method: string): WorkKind =>
  method === 'GET' || method === 'HEAD' || method === 'OPTIONS' ? 'query' : 'mutation';

function decode(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
