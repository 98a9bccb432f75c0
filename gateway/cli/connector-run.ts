/**
 * `tributary connector run`: one connector, once. The real request is sent, under the settings file; with `--response` a
 * recorded answer is read instead and nothing is sent.
 */
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { ConnectorTrial, TrialResult } from '../connectors/index.ts';
import {
  createUpstream,
  parseJson,
  readRecordedAnswer,
  type CallUpstream,
  type JsonValue,
  type UpstreamClient,
  type UpstreamRequest,
} from '../upstream/index.ts';
import type { CommandIo } from './command.ts';
import type { ConnectorFlags } from './connector.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { loadTrials } from './load-trials.ts';
import { printOutcome } from './report.ts';
import { findTrial, suggestTrial } from './suites/find-trial.ts';
import { createTrialContext } from './suites/trial-context.ts';

/** A flag that makes no sense; ends with the exit code for wrong usage. */
class UsageError extends Error {}

const masked = new Set(['authorization', 'proxy-authorization', 'cookie']);
const contentTypes: Readonly<Record<string, string>> = { '.xml': 'application/xml', '.txt': 'text/plain' };

export async function connectorRun(
  coordinate: string | undefined,
  flags: ConnectorFlags,
  io: CommandIo,
): Promise<ExitCode> {
  let client: UpstreamClient | undefined;
  try {
    const input = readInput(flags);
    const context = createTrialContext(readHeaders(flags.header), readObject('context', flags.context) ?? {});
    const recorded = flags.response === undefined ? undefined : recordedCall(flags.response, flags.status);
    let sent: UpstreamRequest | undefined;
    let status: number | undefined;
    const trials = loadTrials(flags.config, io.env, (settings) => {
      const services = Object.entries(settings.services).map(([name, { upstream }]) => [name, upstream] as const);
      if (!recorded) client = createUpstream({ settings: settings.upstream, services: Object.fromEntries(services) });
      const call = recorded ?? client!.call;
      return async (request) => {
        sent = request;
        const response = await call(request);
        status = response.status;
        return response;
      };
    });
    const result = await pickTrial(trials, coordinate).run(input, context);
    return report(flags, io, sent, status, result);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.err(`error[USAGE] ${error.message}`);
    return exitCodes.usage;
  } finally {
    await client?.close();
  }
}

function pickTrial(trials: readonly ConnectorTrial[], coordinate: string | undefined): ConnectorTrial {
  if (coordinate === undefined) throw new UsageError('No connector given: see "tributary connector list"');
  const trial = findTrial(trials, coordinate);
  if (!trial) throw new UsageError(suggestTrial(trials, coordinate));
  return trial;
}

// --- flags -----------------------------------------------------------------------------------------------------------

function readInput(flags: ConnectorFlags): Parameters<ConnectorTrial['run']>[0] {
  const batch = readJsonFlag('batch', flags.batch);
  if (batch !== undefined && !(Array.isArray(batch) && batch.every(isObject))) {
    throw new UsageError('--batch is no JSON list of objects');
  }
  return {
    args: readObject('args', flags.args) ?? {},
    self: readObject('this', flags.this) ?? {},
    ...(batch === undefined ? {} : { batch }),
  };
}

function readObject(name: string, text: string | undefined): Record<string, JsonValue> | undefined {
  const value = readJsonFlag(name, text);
  if (value !== undefined && !isObject(value)) throw new UsageError(`--${name} is no JSON object`);
  return value;
}

function readJsonFlag(name: string, text: string | undefined): JsonValue | undefined {
  if (text === undefined) return undefined;
  try {
    return parseJson(text);
  } catch {
    throw new UsageError(`--${name} is no JSON: expected, for example, '{"id":"1"}'`);
  }
}

const isObject = (value: JsonValue): value is Record<string, JsonValue> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readHeaders(written: ConnectorFlags['header']): Record<string, string> {
  const pairs = [written ?? []].flat().map((header) => {
    const mark = header.indexOf(':');
    if (mark < 1) throw new UsageError(`--header is "${header}", expected "name: value"`);
    return [header.slice(0, mark).trim().toLowerCase(), header.slice(mark + 1).trim()] as const;
  });
  return Object.fromEntries(pairs);
}

function recordedCall(file: string, status = 200): CallUpstream {
  if (!Number.isInteger(status) || status < 100 || status > 599) {
    throw new UsageError(`--status is "${status}", expected a status such as 404`);
  }
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`There is no file "${file}" to read the response from`);
  }
  const headers = { 'content-type': [contentTypes[extname(file)] ?? 'application/json'] };
  return (request) => readRecordedAnswer(request, { status, headers, text });
}

// --- report ----------------------------------------------------------------------------------------------------------

function report(
  flags: ConnectorFlags,
  io: CommandIo,
  sent: UpstreamRequest | undefined,
  status: number | undefined,
  result: TrialResult,
): ExitCode {
  const request = sent && describeRequest(sent);
  const exitCode = exitCodeOf(result);
  const problems = result.kind === 'value' ? result.problems.map(describeProblem) : [];
  const value = result.kind === 'value' ? (result.value ?? null) : null;
  const error = result.kind === 'error' ? { message: result.message, extensions: result.extensions } : null;
  const lines = [
    request ? `${request.method} ${request.url}` : 'nothing was sent',
    ...Object.entries(request?.headers ?? {}).map(([name, text]) => `  ${name}: ${text}`),
    ...(request?.body === undefined ? [] : ['', request.body]),
    '',
    status === undefined ? 'no response' : `status ${status}`,
    ...(error ? [`error: ${error.message}`, indent(error.extensions)] : [indent(value)]),
    ...problems.map(({ code, message, path, place }) => `${code} ${message}${path ? ` at ${path}` : ''} (${place})`),
  ];
  const data = { request: request ?? null, status: status ?? null, value, problems, error };
  if (flags.json !== true) return printOutcome('connector run', { exitCode, data, text: lines.join('\n') }, false, io);
  const whole = { command: 'connector run', ok: exitCode === exitCodes.done, exitCode, data, findings: [] };
  io.out(indent(whole));
  return exitCode;
}

/** JSON on several lines; long integers keep their digits, which JSON.stringify cannot do. */
const indent = (value: unknown): string => {
  const digits = new Map<string, string>();
  const text = JSON.stringify(
    value,
    (_name, member: unknown) => {
      if (typeof member !== 'bigint') return member;
      const mark = `\u0000${digits.size}`;
      digits.set(JSON.stringify(mark), String(member));
      return mark;
    },
    2,
  );
  return [...digits].reduce((result, [mark, number]) => result.replace(mark, number), text);
};

/** The terminal is no place for credentials either. */
function describeRequest({ method, url, headers, body }: UpstreamRequest) {
  const shown = Object.entries(headers).map(([name, value]) => [name, masked.has(name) ? '***' : String(value)]);
  const text = body === undefined ? undefined : typeof body === 'string' ? body : Buffer.from(body).toString();
  return { method, url, headers: Object.fromEntries(shown) as Record<string, string>, body: text };
}

type TrialProblem = Extract<TrialResult, { kind: 'value' }>['problems'][number];

const describeProblem = ({ code, message, path, range: { file, line, column } }: TrialProblem) => ({
  code,
  message,
  path: path.join('.'),
  place: `${file}:${line}:${column}`,
});

/** What did not reach the service is the network's; what it answered is a finding. */
function exitCodeOf(result: TrialResult): ExitCode {
  if (result.kind === 'value') return exitCodes.done;
  const code = String(result.extensions['code']);
  return ['UPSTREAM_UNREACHABLE', 'UPSTREAM_TIMEOUT', 'DEADLINE_EXCEEDED'].includes(code)
    ? exitCodes.network
    : exitCodes.findings;
}
