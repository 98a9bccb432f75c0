/**
 * What an answer owes to who asks: request headers that services see. Caches have to tell callers apart by them, and an
 * entity tag stands for what one of them was shown (RFC 9110, 12.5.5; RFC 9111, 3.5 and 4.1).
 */
import type { ClientHeaders, FacadeRequest } from '../contract.ts';
import { headerText } from './request-headers.ts';

type Headers = FacadeRequest['headers'];

export interface Callers {
  /** Names for `Vary`. */
  readonly vary: readonly string[];
  /** The answer belongs to one caller: he showed credentials, or something of which only a pattern knows. */
  readonly isPersonal: (headers: Headers) => boolean;
  /** Differs wherever answers may differ. */
  readonly fingerprint: (headers: Headers) => string;
}

const credentials: readonly string[] = ['authorization', 'cookie', 'proxy-authorization', 'x-api-key'];

export function tellCallersApart({ names, isSentOn }: ClientHeaders): Callers {
  const named = [...new Set(names)].sort();
  const isFurther = (name: string): boolean => !named.includes(name) && isSentOn(name);
  return {
    // What belongs to one caller is kept by nobody else, so it depends on no header.
    vary: named.filter((name) => !credentials.includes(name)),
    isPersonal: (headers) =>
      credentials.some((name) => headers[name] !== undefined) || Object.keys(headers).some(isFurther),
    fingerprint(headers) {
      const seen = [...named, ...Object.keys(headers).filter(isFurther).sort()];
      return JSON.stringify(seen.map((name) => [name, headerText(headers, name) ?? null]));
    },
  };
}
