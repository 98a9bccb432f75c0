/**
 * Compresses answers: Brotli or gzip, whichever the client takes, at the cheapest level. The level is low because every answer is made anew; at this
 * one a page of 5 KB shrinks to a quarter for a tenth of a millisecond. What is shared by several clients is compressed once.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, brotliCompressSync, constants, gzip, gzipSync } from 'node:zlib';
import { mergeVary, type Answer } from './answer.ts';
import { chooseCoding, isCompressible, type Coding } from './choose-coding.ts';
import { tagAsSent, tagOfCoding } from './coded-tags.ts';

export interface CompressionSettings {
  readonly enabled: boolean;
  /** Shorter bodies stay as they are. */
  readonly thresholdBytes: number;
}

/** The answer as this client is to get it; with no coding, the same object or one with another `Vary`. */
export type EncodeAnswer = (asked: IncomingHttpHeaders, answer: Answer) => Answer | Promise<Answer>;

/** Up to here a job for another thread costs more than the work. */
const LONGEST_AT_ONCE = 32_768;

const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_LGWIN]: 18 } };
const gzipOptions = { level: 1 };

const atOnce: Readonly<Record<Coding, (body: Buffer) => Buffer>> = {
  br: (body) => brotliCompressSync(body, brotliOptions),
  gzip: (body) => gzipSync(body, gzipOptions),
};
const [brotliLater, gzipLater] = [promisify(brotliCompress), promisify(gzip)];
const inThread: Readonly<Record<Coding, (body: Buffer) => Promise<Buffer>>> = {
  br: (body) => brotliLater(body, brotliOptions),
  gzip: (body) => gzipLater(body, gzipOptions),
};

export function createContentCoding({ enabled, thresholdBytes }: CompressionSettings): EncodeAnswer {
  if (!enabled) return (_asked, answer) => answer;
  const encodeOnce = createMemory();
  return (asked, answer) => {
    if (!isNegotiated(answer)) return answer;
    const coding = chooseCoding(asked['accept-encoding']?.toString());
    if (answer.status === 304) return nameTag(answer, asked, coding);
    return encodeOnce(answer, lengthOf(answer) < thresholdBytes ? undefined : coding);
  };
}

type Encoded = Answer | Promise<Answer>;

/** Encodes an answer once, however many clients get it. */
function createMemory(): (answer: Answer, coding: Coding | undefined) => Encoded {
  const known = new WeakMap<Answer, Map<Coding | undefined, Encoded>>();
  return (answer, coding) => {
    const made = known.get(answer) ?? new Map<Coding | undefined, Encoded>();
    known.set(answer, made);
    const encoded = made.get(coding) ?? (coding === undefined ? withVary(answer) : compress(answer, coding));
    made.set(coding, encoded);
    return encoded;
  };
}

/** Whether another client could get other bytes: then caches have to know, also of an answer that is too short for a coding. */
function isNegotiated({ status, headers }: Answer): boolean {
  if (headers.has('content-encoding') || headers.has('content-range')) return false;
  return status === 304 ? headers.has('etag') : isCompressible(headers.get('content-type'));
}

/** The answer to a HEAD has the length of what it does not bring. */
const lengthOf = ({ headers, body }: Answer): number =>
  body.length > 0 ? body.length : Number(headers.get('content-length') ?? 0);

function withVary({ status, headers, body }: Answer): Answer {
  return { status, headers: new Map([...headers, ['vary', mergeVary(headers.get('vary'), 'Accept-Encoding')]]), body };
}

function nameTag(answer: Answer, asked: IncomingHttpHeaders, coding: Coding | undefined): Answer {
  const varied = withVary(answer);
  const etag = tagAsSent(answer.headers.get('etag') ?? '', asked['if-none-match'], coding);
  return { ...varied, headers: new Map([...varied.headers, ['etag', etag]]) };
}

function compress(answer: Answer, coding: Coding): Encoded {
  const { status, body } = answer;
  const headers = new Map([...withVary(answer).headers, ['content-encoding', coding]]);
  // A refusal may name the tag of what was asked for, which is not that of its own body.
  const etag = status < 300 ? headers.get('etag') : undefined;
  if (etag !== undefined) headers.set('etag', tagOfCoding(etag, coding));
  headers.delete('content-length');
  const write = (bytes: Buffer): Answer => ({ status, headers, body: bytes });
  if (body.length === 0) return write(body);
  return body.length > LONGEST_AT_ONCE ? inThread[coding](body).then(write) : write(atOnce[coding](body));
}
