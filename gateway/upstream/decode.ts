/**
 * Bytes of a complete answer to a body, by the table of upstream.md, section 10. A body is read whole or not at all: part of
 * one is never handed on. What is refused leaves no trace of its content in the error.
 */
import { XMLValidator } from 'fast-xml-parser';
import type { UpstreamError } from '../errors/upstream-error.ts';
import type { Call } from './call.ts';
import { callError } from './classify.ts';
import { formOf, isAcceptedType, readContentType } from './content-type.ts';
import { decompress, DecompressError } from './decompress.ts';
import { JsonSyntaxError, parseJson } from './json-reader.ts';
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

/** Reads the body of one answer; rejects with UpstreamError. */
export async function decodeAnswer(call: Call, answer: RawAnswer, limits: Limits): Promise<UpstreamResponse> {
  const { status, headers } = answer;
  return { status, headers: withoutEncoding(headers), body: await decodeBody(call, answer, limits) };
}

async function decodeBody(call: Call, answer: RawAnswer, limits: Limits): Promise<UpstreamBody> {
  if (answer.bytes.length === 0) return { kind: 'empty' };
  const type = readContentType(answer.headers['content-type']?.[0]);
  if (!isAcceptedType(type.essence, limits.contentTypes)) {
    // An error page of a proxy says what its status says; the page itself is dropped.
    if (answer.status >= 400) return { kind: 'empty' };
    throw refuse(call, answer, `content type "${type.essence}"`);
  }
  const form = formOf(type.essence);
  if (form === undefined) return { kind: 'empty' };
  const text = readText(call, answer, await inflateBody(call, answer, limits), type.charset);
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
  try {
    // A byte order mark is removed by the decoder.
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw refuse(call, answer, `not valid in charset "${charset}"`, cause);
  }
}

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
  return callError(call, 'UPSTREAM_INVALID_RESPONSE', { status: answer.status, reason, cause });
}

/** The body handed on is no longer encoded, so these two would lie. */
function withoutEncoding(headers: RawAnswer['headers']): RawAnswer['headers'] {
  if (headers['content-encoding'] === undefined) return headers;
  const { 'content-encoding': _encoding, 'content-length': _length, ...rest } = headers;
  return rest;
}
