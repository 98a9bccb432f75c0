/**
 * Runs one connector: variables, request, call, success or error, selection (connectors.md 9 to 12). Everything that can
 * be prepared is prepared when it is made; a run never rejects, whatever the service answers.
 */
import type { CallUpstream, UpstreamRequest, UpstreamResponse } from '../../upstream/upstream-call.ts';
import { UpstreamError } from '../../errors/upstream-error.ts';
import { collectReferences } from '../mapping/references.ts';
import type { Value } from '../mapping/value.ts';
import type { Connector } from '../spec/connector.ts';
import { responseMappings, selectionMappings } from '../spec/part-references.ts';
import { Answer, type CallVariables } from './answer.ts';
import { prepareRequest, type BuildRequest, type BuiltRequest } from './build-request.ts';
import type { ConnectorContext, SourceSettings } from './connector-context.ts';
import type { Failure, Outcome } from './failure.ts';
import { type AbortCode, failureOfResponse, failureOfShape, failureOfThrown, type FailedCall } from './map-error.ts';
import { OperationStore } from './operation-store.ts';
import { ProblemLog } from './problem-log.ts';
import { RequestLimitFault } from './request-fault.ts';
import { bodyValue, readRetryAfter } from './response.ts';
import { Selections } from './selections.ts';
import { failureOfRequest, growFaults, type Locate } from './strict.ts';
import type { BaseUrl } from './url.ts';
import { pickHeaders, prepareVariables, type CallInput, type StaticVariables } from './variables.ts';
import { XmlFault } from './xml.ts';

export interface RunnerOptions {
  readonly connector: Connector;
  readonly service: string;
  readonly base: BaseUrl | undefined;
  readonly statics: StaticVariables;
  readonly callUpstream: CallUpstream;
  readonly locate: Locate;
  readonly limits?: Pick<SourceSettings, 'maxRequestsPerOperation' | 'isNotFoundNull'>;
}

export interface RunOptions {
  readonly isRoot?: boolean;
}

export class ConnectorRunner {
  readonly connector: Connector;
  readonly base: BaseUrl | undefined;
  readonly selections: Selections;
  readonly #service: string;
  readonly #callUpstream: CallUpstream;
  readonly #locate: Locate;
  readonly #maxRequests: number | undefined;
  readonly #isNotFoundNull: boolean;
  /** Undefined for a virtual connector. */
  readonly #buildRequest: BuildRequest | undefined;
  readonly #buildVariables: (input: CallInput, context: ConnectorContext) => CallVariables;
  readonly #responseHeaders: readonly string[];

  constructor({ connector, service, base, statics, callUpstream, locate, limits }: RunnerOptions) {
    this.connector = connector;
    this.base = base;
    this.selections = new Selections(connector.selection);
    this.#service = service;
    this.#callUpstream = callUpstream;
    this.#locate = locate;
    this.#maxRequests = limits?.maxRequestsPerOperation;
    // What a write did not find is no answer, so it stays an error
    this.#isNotFoundNull = (limits?.isNotFoundNull ?? false) && connector.http?.method === 'GET';
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
    { isRoot = false }: RunOptions = {},
  ): Promise<Outcome<Answer>> {
    const call = this.#failedCall(isRoot);
    try {
      context.call.signal.throwIfAborted();
      const variables = this.#buildVariables(input, context);
      const log = this.connector.strict === 'none' ? undefined : new ProblemLog();
      const request = build(variables, context, log);
      const refused = log && this.#refuseRequest(call, log);
      if (refused) return { kind: 'failure', failure: refused };
      const response = await this.#send(request, context);
      const { status } = response;
      const body = this.#readBody(response);
      variables['$status'] = status;
      variables['$response'] = { headers: pickHeaders(response.headers, this.#responseHeaders) };
      if (this.#isSuccess(status, body, variables)) {
        return { kind: 'value', value: this.answer(body, status, variables, isRoot) };
      }
      if (status === 404 && this.#isNotFoundNull) return { kind: 'value', value: this.#nothingFound(variables) };
      const retryAfterMs = readRetryAfter(response.headers);
      return { kind: 'failure', failure: failureOfResponse(call, { status, body, variables, retryAfterMs }) };
    } catch (error) {
      return { kind: 'failure', failure: failureOfThrown(call, error, abortCode(context)) };
    }
  }

  /** A body to be mapped by the selection. */
  answer(body: Value, status: number, variables: CallVariables, isRoot = false): Answer {
    const { strict } = this.connector;
    return new Answer(body, status, variables, (answer, { evaluate }) => {
      const { value, problems } = evaluate(answer.body, answer.variables, strict !== 'none');
      if (strict === 'none') return { value };
      const place = { status, locate: this.#locate };
      return { value, faults: growFaults(this.#failedCall(isRoot), problems, strict, place) };
    });
  }

  /** A 404 that is null: many keys find no item, one finds nothing. */
  #nothingFound(variables: CallVariables): Answer {
    const value = this.connector.kind === 'batch' ? [] : null;
    return new Answer([], 404, variables, () => ({ value }));
  }

  #refuseRequest(call: FailedCall, { problems }: ProblemLog): Failure | undefined {
    const { strict } = this.connector;
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

  #readBody(response: UpstreamResponse): Value {
    try {
      return bodyValue(response, this.connector.reads);
    } catch (cause) {
      if (!(cause instanceof XmlFault)) throw cause;
      const { status } = response;
      const known = { service: this.#service, retryable: false, dispatched: true, status, cause };
      throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', known);
    }
  }

  #isSuccess(status: number, body: Value, variables: CallVariables): boolean {
    const part = this.connector.isSuccess ?? this.connector.source?.isSuccess;
    return part ? part.evaluate(body, variables).value === true : status >= 200 && status <= 299;
  }

  #send(built: BuiltRequest, context: ConnectorContext): Promise<UpstreamResponse> {
    const request: UpstreamRequest = {
      service: this.#service,
      connector: this.connector.coordinate,
      ...built,
      context: context.call,
    };
    const store = OperationStore.of(context.operation);
    const send = async (): Promise<UpstreamResponse> => {
      const { source, coordinate } = this.connector;
      if (!store.countCall(source ?? coordinate, this.#maxRequests)) throw new RequestLimitFault();
      return this.#callUpstream(request);
    };
    if (built.method !== 'GET' || built.body !== undefined) return send();
    return store.shareInFlight(this.#sharingKey(built, context), send);
  }

  /** Two GETs are the same when service, URL, the connector's own headers and the identity are. */
  #sharingKey({ url, headers }: BuiltRequest, { call }: ConnectorContext): string {
    const names = Object.keys(headers).sort();
    return JSON.stringify([this.#service, url, names.map((name) => [name, headers[name]]), call.identity]);
  }
}

function responseHeaderNames(connector: Connector): string[] {
  const mappings = [
    ...selectionMappings(connector),
    ...responseMappings(connector),
    ...(connector.source ? responseMappings(connector.source) : []),
  ];
  return mappings
    .flatMap(({ tree }) => collectReferences(tree))
    .filter(({ variable, keys }) => variable === '$response' && keys[0]?.key === 'headers')
    .flatMap(({ keys }) => keys[1]?.key ?? []);
}

function abortCode({ call }: ConnectorContext): AbortCode | undefined {
  if (!call.signal.aborted) return undefined;
  return performance.now() >= call.deadlineAt ? 'DEADLINE_EXCEEDED' : 'REQUEST_CANCELLED';
}
