/**
 * Runs one connector: variables, request, call, success or error, selection (connectors.md 9 to 12). Everything that can
 * be prepared is prepared when it is made; a run never rejects, whatever the service answers.
 */
import type { CallUpstream, UpstreamRequest, UpstreamResponse } from '../../upstream/upstream-call.ts';
import { UpstreamError } from '../../errors/upstream-error.ts';
import type { DebugCall } from '../debug/debug-log.ts';
import { collectReferences } from '../mapping/references.ts';
import type { Problem } from '../mapping/problem.ts';
import type { Value } from '../mapping/value.ts';
import type { Connector } from '../spec/connector.ts';
import { pageMappings, responseMappings, selectionMappings } from '../spec/part-references.ts';
import type { Template } from '../spec/template.ts';
import { Answer, type ApplySelection, type CallVariables, type Mapped } from './answer.ts';
import { prepareRequest, type BuildRequest, type BuiltRequest } from './build-request.ts';
import type { ConnectorContext, SourceSettings } from './connector-context.ts';
import type { Failure, Outcome } from './failure.ts';
import {
  type AbortCode,
  failureOfInput,
  failureOfResponse,
  failureOfShape,
  failureOfThrown,
  type FailedCall,
} from './map-error.ts';
import { OperationStore } from './operation-store.ts';
import { wantItems } from './pages/want-items.ts';
import { evaluateLogged, ProblemLog } from './problem-log.ts';
import { RequestLimitFault } from './request-fault.ts';
import { bodyValue, readRetryAfter } from './response.ts';
import { Selections, type Selection } from './selections.ts';
import { failureOfRequest, growFaults, type Locate } from './strict.ts';
import type { BaseUrl } from './url.ts';
import type { FindUntyped } from './untyped-values.ts';
import { pickHeaders, prepareVariables, type CallInput, type StaticVariables } from './variables.ts';
import { XmlFault } from './xml.ts';

export interface RunnerOptions {
  readonly connector: Connector;
  readonly service: string;
  readonly base: BaseUrl | undefined;
  readonly statics: StaticVariables;
  readonly callUpstream: CallUpstream;
  readonly locate: Locate;
  readonly findUntyped?: FindUntyped | undefined;
  readonly limits?: Pick<SourceSettings, 'maxRequestsPerOperation' | 'isNotFoundNull'> & {
    readonly isShared?: boolean;
  };
}

export interface RunOptions {
  readonly isRoot?: boolean;
  /** A root field of a mutation: whatever its method, the call is shared with no other, and what was asked before it is not asked after it. */
  readonly isWrite?: boolean;
  /** Of the URL, where it is not the connector's own: a key list has its own. */
  readonly template?: Template;
}

export class ConnectorRunner {
  readonly connector: Connector;
  readonly base: BaseUrl | undefined;
  readonly selections: Selections;
  readonly #service: string;
  readonly #callUpstream: CallUpstream;
  readonly #locate: Locate;
  /** What is wrong with the types of a value the selection gave. */
  readonly findUntyped: FindUntyped;
  readonly #maxRequests: number | undefined;
  readonly #isNotFoundNull: boolean;
  /** What the settings say about its calls. */
  readonly #isShared: boolean;
  readonly #policy: Pick<UpstreamRequest, 'idempotent' | 'breakerKey' | 'variant'>;
  /** Undefined for a virtual connector. */
  readonly #buildRequest: BuildRequest | undefined;
  readonly #buildVariables: (input: CallInput, context: ConnectorContext) => CallVariables;
  readonly #responseHeaders: readonly string[];

  constructor({ connector, service, base, statics, callUpstream, locate, findUntyped, limits }: RunnerOptions) {
    this.connector = connector;
    this.base = base;
    this.selections = new Selections(connector.selection, connector.page && wantItems(connector));
    this.#service = service;
    this.#callUpstream = callUpstream;
    this.#locate = locate;
    this.findUntyped = findUntyped ?? (() => []);
    this.#maxRequests = limits?.maxRequestsPerOperation;
    // What a write did not find is no answer, so it stays an error
    this.#isNotFoundNull =
      (connector.isNotFoundNull ?? limits?.isNotFoundNull ?? false) && connector.http?.method === 'GET';
    this.#policy = policyOf(connector);
    this.#isShared = connector.isShared ?? limits?.isShared ?? true;
    this.#buildRequest = connector.http && prepareRequest(connector, base);
    this.#buildVariables = prepareVariables(connector, statics);
    this.#responseHeaders = responseHeaderNames(connector);
  }

  /** The answer of one call. */
  async run(input: CallInput, context: ConnectorContext, options: RunOptions = {}): Promise<Outcome<Answer>> {
    if (!this.#buildRequest) {
      return { kind: 'value', value: this.answer({}, 200, this.#buildVariables(input, context), options.isRoot) };
    }
    return this.exchange(this.#buildRequest, input, context, options);
  }

  /** Sends what `build` gives; a response that is no success is a failure. */
  async exchange(
    build: BuildRequest,
    input: CallInput,
    context: ConnectorContext,
    { isRoot = false, isWrite = false, template = this.connector.http?.url }: RunOptions = {},
  ): Promise<Outcome<Answer>> {
    const call = this.#failedCall(isRoot);
    const debug = template && context.debug?.begin(this.connector, template);
    try {
      context.call.signal.throwIfAborted();
      const variables = this.#buildVariables(input, context);
      const log = debug?.problems ?? (this.connector.strict === 'none' ? undefined : new ProblemLog());
      const request = build(variables, context, log);
      const refused = log && this.#refuseRequest(call, log);
      if (refused) return { kind: 'failure', failure: refused };
      debug?.noteRequest(request, variables);
      const response = await this.#send(isWrite ? { ...request, isWrite } : request, context, debug);
      const { status } = response;
      context.call.noteAnswer?.(response.headers);
      const body = this.#readBody(response, debug);
      variables['$status'] = status;
      variables['$response'] = { headers: pickHeaders(response.headers, this.#responseHeaders) };
      if (this.#isSuccess(status, body, variables, debug)) {
        return { kind: 'value', value: this.answer(body, status, variables, isRoot, debug) };
      }
      if (debug) debug.hasFailed = true;
      if (status === 404 && this.#isNotFoundNull) return { kind: 'value', value: this.#nothingFound(variables) };
      const retryAfterMs = readRetryAfter(response.headers);
      const answer = { status, body, variables, retryAfterMs };
      return { kind: 'failure', failure: failureOfResponse(call, answer, debug?.problems) };
    } catch (error) {
      noteUnreadable(debug, error);
      return { kind: 'failure', failure: failureOfThrown(call, error, abortCode(context)) };
    }
  }

  /** A body to be mapped by the selection. */
  answer(body: Value, status: number, variables: CallVariables, isRoot = false, debug?: DebugCall): Answer {
    const apply: ApplySelection = (answer, selection) => {
      const { mapped, problems } = this.#map(answer, selection, isRoot, debug !== undefined);
      debug?.noteSelection(selection, mapped.value, problems);
      return mapped;
    };
    return new Answer(body, status, variables, apply, debug);
  }

  /** One item of the answer to a list request. */
  answerItem(body: Value, { status, debug }: Answer, variables: CallVariables): Answer {
    return new Answer(body, status, variables, (answer, selection) => {
      const { mapped, problems } = this.#map(answer, selection, false, debug !== undefined);
      debug?.noteItem(selection, mapped.value, problems);
      return mapped;
    });
  }

  #map(
    answer: Answer,
    { evaluate }: Selection,
    isRoot: boolean,
    isWatched: boolean,
  ): { mapped: Mapped; problems: readonly Problem[] } {
    const { strict } = this.connector;
    const isStrict = strict !== 'none';
    const { value, problems: found } = evaluate(answer.body, answer.variables, isStrict);
    const problems = isStrict || isWatched ? [...found, ...this.findUntyped(value)] : found;
    if (!isStrict) return { mapped: { value }, problems };
    const place = { status: answer.status, locate: this.#locate };
    return { mapped: { value, faults: growFaults(this.#failedCall(isRoot), problems, strict, place) }, problems };
  }

  /** A 404 that is null: many keys find no item, one finds nothing. */
  #nothingFound(variables: CallVariables): Answer {
    const value = this.connector.kind === 'batch' ? [] : null;
    return new Answer([], 404, variables, () => ({ value }));
  }

  #refuseRequest(call: FailedCall, { problems }: ProblemLog): Failure | undefined {
    const { strict } = this.connector;
    if (strict === 'none') return undefined;
    const refused = strict === 'all' ? problems : problems.filter(({ isInPath }) => isInPath);
    return refused.length === 0 ? undefined : failureOfRequest(call, refused, this.#locate);
  }

  /** The variables of a call, seen after the answer of another connector's call (a joined key list). */
  variablesAfter(answer: Answer, input: CallInput, context: ConnectorContext): CallVariables {
    const { $status, $response } = answer.variables;
    return { ...this.#buildVariables(input, context), $status, $response };
  }

  /** The failure of an answer that does not map to what is needed. */
  failShape(status: number, reason: string): Outcome<never> {
    return { kind: 'failure', failure: failureOfShape(this.#failedCall(false), status, reason) };
  }

  /** The failure of a client's argument, before any call. */
  failInput(argument: string, reason: string, isRoot = false): Outcome<never> {
    return { kind: 'failure', failure: failureOfInput(this.#failedCall(isRoot), argument, reason) };
  }

  /** The failure of something thrown while an answer was being taken apart. */
  failThrown(error: unknown, context: ConnectorContext): Outcome<never> {
    return {
      kind: 'failure',
      failure: failureOfThrown(this.#failedCall(false), error, abortCode(context)),
    };
  }

  #failedCall(isRoot: boolean): FailedCall {
    return { connector: this.connector, service: this.#service, isRoot };
  }

  #readBody(response: UpstreamResponse, debug: DebugCall | undefined): Value {
    const { status, headers } = response;
    try {
      const content = bodyValue(response, this.connector.reads);
      debug?.noteResponse(status, headers, { kind: 'json', content });
      return content;
    } catch (cause) {
      if (!(cause instanceof XmlFault)) throw cause;
      const text = response.body.kind === 'xml' ? response.body.text : '';
      debug?.noteResponse(status, headers, { kind: 'invalid', content: text });
      const known = { service: this.#service, retryable: false, dispatched: true, status, cause };
      throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', known);
    }
  }

  #isSuccess(status: number, body: Value, variables: CallVariables, debug: DebugCall | undefined): boolean {
    const part = this.connector.isSuccess ?? this.connector.source?.isSuccess;
    if (!part) return status >= 200 && status <= 299;
    const place = debug && ({ log: debug.problems, location: 'IsSuccess' } as const);
    return evaluateLogged(part, body, variables, place) === true;
  }

  #send(
    built: BuiltRequest & { readonly isWrite?: boolean },
    context: ConnectorContext,
    debug: DebugCall | undefined,
  ): Promise<UpstreamResponse> {
    const request: UpstreamRequest = {
      service: this.#service,
      connector: this.connector.coordinate,
      ...built,
      ...this.#policy,
      context: context.call,
      ...(debug ? { onSend: (headers) => void (debug.sentHeaders = headers) } : {}),
    };
    const store = OperationStore.of(context.operation);
    const send = async (): Promise<UpstreamResponse> => {
      const { source, coordinate } = this.connector;
      if (!store.countCall(source ?? coordinate, this.#maxRequests)) throw new RequestLimitFault();
      return this.#callUpstream(request);
    };
    if (!this.#isShared || built.isWrite === true || built.method !== 'GET' || built.body !== undefined) return send();
    return store.shareInFlight(this.#sharingKey(built, context), send);
  }

  /** Two GETs are the same when service, URL, the connector's own headers, the identity and what is set for them are. */
  #sharingKey({ url, headers }: BuiltRequest, { call }: ConnectorContext): string {
    const names = Object.keys(headers).sort();
    return JSON.stringify([
      this.#service,
      url,
      names.map((name) => [name, headers[name]]),
      call.identity,
      this.#policy,
    ]);
  }
}

const policyOf = ({ isIdempotent, hasOwnBreaker, variant, coordinate }: Connector) => ({
  ...(isIdempotent === undefined ? {} : { idempotent: isIdempotent }),
  ...(hasOwnBreaker === true ? { breakerKey: coordinate } : {}),
  ...(variant === undefined ? {} : { variant }),
});

/** An answer that upstream refused to decode is an answer all the same. */
function noteUnreadable(debug: DebugCall | undefined, error: unknown): void {
  if (!debug || debug.response || !(error instanceof UpstreamError)) return;
  const { status, answer } = error;
  if (status === undefined || !answer) return;
  const { headers, bytes } = answer;
  const encoding = headers['content-encoding']?.join(', ');
  const content = encoding === undefined ? bytes.toString('utf8') : `${bytes.length} bytes of ${encoding}`;
  debug.noteResponse(status, headers, { kind: 'invalid', content });
}

function responseHeaderNames(connector: Connector): string[] {
  const mappings = [
    ...selectionMappings(connector),
    ...responseMappings(connector),
    ...(connector.source ? responseMappings(connector.source) : []),
    ...(connector.page ? pageMappings(connector.page) : []),
  ];
  const names = mappings
    .flatMap(({ tree }) => collectReferences(tree))
    .filter(({ variable, keys }) => variable === '$response' && keys[0]?.key === 'headers')
    .flatMap(({ keys }) => keys[1]?.key ?? []);
  return connector.page?.style === 'link' ? [...names, 'link'] : names;
}

function abortCode({ call }: ConnectorContext): AbortCode | undefined {
  if (!call.signal.aborted) return undefined;
  return performance.now() >= call.deadlineAt ? 'DEADLINE_EXCEEDED' : 'REQUEST_CANCELLED';
}
