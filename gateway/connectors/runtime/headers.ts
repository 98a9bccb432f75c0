/** The headers a connector sets: its own first, then the source's where the name is still free (connectors.md 9.4). */
import type { Variables } from '../mapping/frame.ts';
import type { HeaderPart } from '../spec/connector.ts';
import type { LogPlace, ProblemLocation, ProblemLog } from './problem-log.ts';
import { RequestFault } from './request-fault.ts';
import { fillTemplate } from './text-template.ts';

export type RequestHeaders = Record<string, string | readonly string[]>;

/** Text that may stand in a header: no control characters. What is beyond ASCII is sent as UTF-8 (`toHeaderBytes`). */
export function isHeaderText(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if ((code < 32 && code !== 9) || code === 127) return false;
  }
  return true;
}

/** HTTP clients write a header as one byte a character, so the UTF-8 bytes of a name such as Łukasz are given as such. */
export function toHeaderBytes(text: string): string {
  for (let at = 0; at < text.length; at += 1) {
    if (text.charCodeAt(at) > 127) return Buffer.from(text, 'utf8').toString('latin1');
  }
  return text;
}

type PlacedHeader = HeaderPart & { readonly location?: ProblemLocation };

/** Connect headers beat source headers of the same name; names are in lower case already. */
export function mergeHeaders(connect: readonly HeaderPart[], source: readonly HeaderPart[]): readonly PlacedHeader[] {
  const taken = new Set(connect.map(({ name }) => name));
  const free = source.filter(({ name }) => !taken.has(name));
  return [
    ...connect.map((part) => ({ ...part, location: 'ConnectHeaders' as const })),
    ...free.map((part) => ({ ...part, location: 'SourceHeaders' as const })),
  ];
}

/** A value that cannot stand in a header drops that header; the request is sent all the same. */
export function buildHeaders(
  parts: readonly PlacedHeader[],
  variables: Variables,
  clientHeaders: Readonly<Record<string, readonly string[]>>,
  log?: ProblemLog,
): RequestHeaders {
  const headers: RequestHeaders = {};
  for (const { name, from, value, location = 'ConnectHeaders' } of parts) {
    if (from !== undefined) {
      const values = Object.hasOwn(clientHeaders, from) ? clientHeaders[from]! : [];
      if (values.length > 0) headers[name] = values;
    } else if (value) {
      const text = headerText(value.pieces, variables, log && { log, location });
      if (text !== undefined) headers[name] = text;
    }
  }
  return headers;
}

function headerText(
  pieces: Parameters<typeof fillTemplate>[0],
  variables: Variables,
  log: LogPlace | undefined,
): string | undefined {
  try {
    const text = fillTemplate(pieces, variables, undefined, log);
    return isHeaderText(text) ? toHeaderBytes(text) : undefined;
  } catch (error) {
    if (error instanceof RequestFault) return undefined;
    throw error;
  }
}
