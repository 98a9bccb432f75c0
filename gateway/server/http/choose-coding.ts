/** Which content coding a client gets (RFC 9110, 12.5.3), and which answers are worth one at all. */
import Negotiator from 'negotiator';

export type Coding = 'br' | 'gzip';

/** The better one first: at equal weights it is taken. */
export const CODINGS: readonly Coding[] = ['br', 'gzip'];

/** Its types do not know the second parameter. */
interface NegotiatorWithPreference {
  encodings(available: readonly string[], options: { readonly preferred: readonly string[] }): string[];
}

/** Undefined: the bytes as they are. */
export function chooseCoding(acceptEncoding: string | undefined): Coding | undefined {
  if (acceptEncoding === undefined) return undefined;
  const negotiator = new Negotiator({ headers: { 'accept-encoding': acceptEncoding } }) as NegotiatorWithPreference;
  const [chosen] = negotiator.encodings([...CODINGS, 'identity'], { preferred: CODINGS });
  return CODINGS.find((coding) => coding === chosen);
}

/** Text; what is compressed by its own format (pictures, fonts) only costs time. A stream of events must not wait. */
export const isCompressible = (contentType: string | undefined): boolean =>
  contentType !== undefined &&
  /^(?:text\/(?!event-stream)|application\/(?:[\w.+-]+\+)?(?:json|xml|yaml|javascript)(?:;|$)|image\/svg)/.test(
    contentType,
  );
