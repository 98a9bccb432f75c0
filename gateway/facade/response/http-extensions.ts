/** `extensions.http` of an error: statuses and headers from logic, as far as the settings allow (facade.md 3.4, step 1). */
import { STATUS_CODES } from 'node:http';

/** What errors may set. Names of headers are in lower case. */
export interface HttpExtensions {
  readonly statuses: readonly number[];
  readonly headers: readonly string[];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** The status an error asks for, when it is allowed. */
export function allowedStatus(http: unknown, { statuses }: HttpExtensions): number | undefined {
  const status = isObject(http) ? http['status'] : undefined;
  return typeof status === 'number' && statuses.includes(status) ? status : undefined;
}

/** Visible characters and spaces: what would end the header, or start another, is left out. */
const headerValue = /^[\x20-\x7e]*$/;

/** The headers an error asks for that are allowed. */
export function allowedHeaders(http: unknown, { headers }: HttpExtensions): Record<string, string> {
  const wanted = isObject(http) && isObject(http['headers']) ? Object.entries(http['headers']) : [];
  return Object.fromEntries(
    wanted.flatMap(([name, value]): [string, string][] => {
      const key = name.toLowerCase();
      const isAllowed = headers.includes(key) && typeof value === 'string' && headerValue.test(value);
      return isAllowed ? [[key, value]] : [];
    }),
  );
}

export const reasonOf = (status: number): string => STATUS_CODES[status] ?? 'Error';
