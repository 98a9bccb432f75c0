/** Plays the steps of one column once, as a client would: round after round, what one round needs together. */
import type { Json } from '../facade/index.ts';
import { buildRequests, type Places } from './build-requests.ts';
import type { ClientCache } from './client-cache.ts';
import type { ClientRequest, Connection, Exchange } from './exchange.ts';
import { applyMapping, UseCaseError, type Scope } from './template.ts';
import type { Column } from './columns.ts';
import type { Step } from './use-case.ts';

export interface PlayOptions {
  readonly column: Column;
  readonly rounds: readonly (readonly Step[])[];
  readonly variables: Scope;
  readonly connection: Connection;
  readonly places: Places;
  /** What the client remembers from earlier runs; left out, it remembers nothing. */
  readonly cache?: ClientCache;
  readonly nextRequestId: () => string;
  /** Milliseconds; monotonic. */
  readonly now: () => number;
}

export interface Played {
  readonly exchanges: readonly Exchange[];
  /** The variables and all answers, by name. */
  readonly scope: Scope;
}

export async function play(options: PlayOptions): Promise<Played> {
  const { rounds, variables, now } = options;
  const exchanges: Exchange[] = [];
  const startedAt = now();
  let scope: Scope = variables;
  for (const [index, steps] of rounds.entries()) {
    const before = scope;
    const answers = await Promise.all(steps.map((step) => playStep(step, before, index + 1)));
    for (const [at, answer] of answers.entries()) {
      const name = steps[at]!.as;
      scope = { ...scope, last: answer, ...(name === undefined ? {} : { [name]: answer }) };
    }
  }
  return { exchanges: renumberRounds(exchanges), scope };

  async function playStep(step: Step, at: Scope, round: number): Promise<Json> {
    if (step.each === undefined) return await playOnce(step, at, round);
    const items = applyMapping(step.each, at) ?? [];
    if (!Array.isArray(items)) throw new UseCaseError(`"${step.each}" gives no list`);
    return await Promise.all(items.map((item) => playOnce(step, { ...at, item }, round)));
  }

  async function playOnce(step: Step, at: Scope, round: number): Promise<Json> {
    const asked = buildRequests(options.column, step, at, options.places);
    if ('embedded' in asked) return asked.embedded;
    const answers = await Promise.all(asked.requests.map((request) => repeat(request, step.times ?? 1, round)));
    return answers.length === 1 ? answers[0]! : answers;
  }

  async function repeat(request: ClientRequest, times: number, round: number): Promise<Json> {
    let answer: Json = null;
    for (let i = 0; i < times; i++) {
      const exchange = await exchangeOf(request, round + i / (times + 1));
      exchanges.push(exchange);
      answer = readAnswer(exchange);
    }
    return answer;
  }

  async function exchangeOf(request: ClientRequest, round: number): Promise<Exchange> {
    const start = now() - startedAt;
    const known = options.cache?.find(request) ?? { kind: 'none' };
    if (known.kind === 'fresh') {
      const bytes = { up: 0, down: 0, decoded: 0 };
      return { request, response: known.answer, bytes, start, end: start, round, source: 'cache', requestId: '' };
    }
    const requestId = options.nextRequestId();
    const headers = {
      'accept-encoding': 'gzip',
      ...request.headers,
      ...(known.kind === 'stale' ? known.headers : {}),
      'x-request-id': requestId,
    };
    const sent = { ...request, headers };
    const { answer, bytes } = await options.connection.send(sent);
    const about = { request: sent, bytes, start, end: now() - startedAt, round, requestId };
    if (known.kind === 'stale' && answer.status === 304) {
      return { ...about, response: { ...answer, body: known.answer.body }, source: 'revalidated' };
    }
    options.cache?.keep(request, answer);
    return { ...about, response: answer, source: 'network' };
  }
}

/** What later steps see of an answer: its JSON, with `_status`, `_location` and `_etag` beside it. */
function readAnswer({ response }: Exchange): Json {
  const { location = null, etag = null } = response.headers;
  const about = { _status: response.status, _location: location, _etag: etag };
  try {
    const body = JSON.parse(response.body) as Json;
    return body !== null && typeof body === 'object' && !Array.isArray(body)
      ? { ...body, ...about }
      : { ...about, body };
  } catch {
    return about;
  }
}

/** Rounds in which something was sent, counted from 1; a repeat is a round of its own. */
function renumberRounds(exchanges: readonly Exchange[]): Exchange[] {
  const used = [...new Set(exchanges.map(({ round }) => round))].sort((a, b) => a - b);
  return exchanges.map((exchange) => ({ ...exchange, round: used.indexOf(exchange.round) + 1 }));
}
