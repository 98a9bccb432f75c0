/**
 * Bytes of a complete answer to a body, by the table of upstream.md, section 10. A body is read whole or not at all: part of
 * one is never handed on. What is refused leaves no trace of its content in the error.
 */
import { isUtf8 } from 'node:buffer';
import { XMLValidator } from 'fast-xml-parser';
import type { UpstreamError } from '../errors/upstream-error.ts';
import type { Call } from './call.ts';
import { callError } from './classify.ts';
import { createTypeFilter, formOf, readContentType } from './content-type.ts';
import { decompress, DecompressError } from './decompress.ts';
import { JsonSyntaxError, parseJson } from './json-reader.ts';
import type { KnownAnswers } from './known-answers.ts';
import type { UpstreamSettings } from './settings.ts';
import type { JsonValue, UpstreamBody, UpstreamResponse } from './upstream-call.ts';

/** What the transport received. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly bytes: Buffer;
  /** Neither a length nor chunks: only the end of the connection ended the body, so it may be cut short unnoticed. */
  readonly endedByClose: boolean;
}

type Limits = UpstreamSettings['limits'];
type Form = NonNullable<ReturnType<typeof formOf>>;

/** Throws or rejects with UpstreamError; only a compressed body makes anybody wait. */
export type DecodeAnswer = (call: Call, answer: RawAnswer) => UpstreamResponse | Promise<UpstreamResponse>;

/** With `known`, bodies that came before are not read again. */
export function createDecoder(limits: Limits, known?: KnownAnswers): DecodeAnswer {
  const isAccepted = createTypeFilter(limits.contentTypes);
  const empty: UpstreamBody = { kind: 'empty' };
  return (call, answer) => {
    const { status, headers, bytes } = answer;
    const bare = withoutEncoding(headers);
    const respond = (body: UpstreamBody): UpstreamResponse => ({ status, headers: bare, body });
    if (bytes.length === 0) return respond(empty);
    const type = readContentType(headers['content-type']?.[0]);
    if (!isAccepted(type.essence)) {
      // An error page of a proxy says what its status says; the page itself is dropped.
      if (status >= 400) return respond(empty);
      throw refuse(call, answer, `content type "${type.essence}"`);
    }
    const form = formOf(type.essence);
    if (form === undefined) return respond(empty);
    const readNew = (whole: Buffer): UpstreamBody =>
      readBody(call, answer, readText(call, answer, whole, type.charset), form, limits);
    const read = (whole: Buffer): UpstreamResponse => {
      if (known === undefined || form !== 'json' || (type.charset ?? 'utf-8') !== 'utf-8')
        return respond(readNew(whole));
      const { body, isShared } = known.read(whole, limits.jsonDepth, () => readNew(whole));
      return isShared ? { status, headers: bare, body, isShared } : respond(body);
    };
    if (headers['content-encoding'] === undefined) return read(bytes);
    return inflateBody(call, answer, limits).then(read);
  };
}

function readBody(call: Call, answer: RawAnswer, text: string, form: Form, limits: Limits): UpstreamBody {
  if (text === '') return { kind: 'empty' };
  if (form === 'json') return { kind: 'json', value: readJson(call, answer, text, limits) };
  if (form === 'xml' && XMLValidator.validate(text) !== true) throw refuse(call, answer, 'XML does not parse');
  return { kind: form, text };
}

async function inflateBody(call: Call, answer: RawAnswer, limits: Limits): Promise<Buffer> {
  const encodings = (answer.headers['content-encoding'] ?? [])
    .flatMap((value) => value.split(','))
    .map((encoding) => encoding.trim().toLowerCase());
  try {
    return await decompress(answer.bytes, encodings, limits.decodedBodyBytes);
  } catch (error) {
    throw error instanceof DecompressError ? describeDecompressError(call, answer, encodings, limits, error) : error;
  }
}

function describeDecompressError(
  call: Call,
  answer: RawAnswer,
  encodings: readonly string[],
  limits: Limits,
  error: DecompressError,
): UpstreamError {
  switch (error.fault) {
    case 'truncated':
      return callError(call, 'UPSTREAM_TRUNCATED', {
        status: answer.status,
        reason: `compressed body ends early, ${answer.bytes.length} bytes received`,
        cause: error,
      });
    case 'too-large':
      return callError(call, 'UPSTREAM_TOO_LARGE', {
        status: answer.status,
        reason: `limits.decodedBody, ${limits.decodedBodyBytes} bytes`,
        cause: error,
      });
    default:
      return refuse(call, answer, `content encoding "${encodings.join(', ')}": ${error.fault}`, error);
  }
}

function readText(call: Call, answer: RawAnswer, bytes: Buffer, charset = 'utf-8'): string {
  const text = decodeText(call, answer, bytes, charset);
  if (text.includes('\0')) throw refuse(call, answer, 'a NUL character');
  return text;
}

function decodeText(call: Call, answer: RawAnswer, bytes: Buffer, charset: string): string {
  if (charset === 'utf-8' && isUtf8(bytes)) return bytes.toString('utf8', hasByteOrderMark(bytes) ? 3 : 0);
  try {
    // A byte order mark is removed by the decoder.
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw refuse(call, answer, `not valid in charset "${charset}"`, cause);
  }
}

const hasByteOrderMark = (bytes: Buffer): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

function readJson(call: Call, answer: RawAnswer, text: string, limits: Limits): JsonValue {
  try {
    return parseJson(text, { maxDepth: limits.jsonDepth });
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    if (!answer.endedByClose) throw refuse(call, answer, `JSON does not parse: ${error.message}`, error);
    throw callError(call, 'UPSTREAM_TRUNCATED', {
      status: answer.status,
      reason: 'JSON does not parse, and only the end of the connection ended it',
      cause: error,
    });
  }
}

function refuse(call: Call, answer: RawAnswer, reason: string, cause?: unknown): UpstreamError {
  const { status, headers, bytes } = answer;
  // Kept only for a call that somebody looks at
  const kept = call.request.onSend === undefined ? undefined : { headers, bytes };
  return callError(call, 'UPSTREAM_INVALID_RESPONSE', { status, reason, cause, answer: kept });
}

/** The body handed on is no longer encoded, so these two would lie. */
function withoutEncoding(headers: RawAnswer['headers']): RawAnswer['headers'] {
  if (headers['content-encoding'] === undefined) return headers;
  const { 'content-encoding': _encoding, 'content-length': _length, ...rest } = headers;
  return rest;
}
