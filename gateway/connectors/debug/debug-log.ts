/**
 * What one client request that asks for debug data keeps of its connector calls (connectors.md 14.4). Without such a request
 * there is no log, and nothing of this runs.
 */
import { printMapping } from '../mapping/print.ts';
import type { Problem } from '../mapping/problem.ts';
import type { Maybe, Value } from '../mapping/value.ts';
import { ProblemLog } from '../runtime/problem-log.ts';
import type { BuiltRequest } from '../runtime/build-request.ts';
import type { CallVariables } from '../runtime/answer.ts';
import type { RequestHeaders } from '../runtime/headers.ts';
import type { Selection } from '../runtime/selections.ts';
import type { Connector } from '../spec/connector.ts';
import type { Template } from '../spec/template.ts';

type ResponseHeaders = Readonly<Record<string, readonly string[]>>;

/** A body as the mapping saw it, or text that could not be read. */
export type DebugBody =
  { readonly kind: 'json'; readonly content: Value } | { readonly kind: 'invalid'; readonly content: string };

/** What a selection made of the answer. */
interface DebugSelection {
  readonly transformed: string;
  result: Maybe;
}

/** One connector call, noted as it goes on. */
export class DebugCall {
  readonly connector: Connector;
  /** The template of the URL: the connector's own, or that of its key list. */
  readonly template: Template;
  readonly problems = new ProblemLog();
  request: BuiltRequest | undefined;
  /** Of the request body, before it was encoded. */
  bodyResult: Maybe;
  sentHeaders: RequestHeaders | undefined;
  response: { readonly status: number; readonly headers: ResponseHeaders; readonly body: DebugBody } | undefined;
  selection: DebugSelection | undefined;
  hasFailed = false;
  readonly #onAnswer: (call: DebugCall) => void;

  constructor(connector: Connector, template: Template, onAnswer: (call: DebugCall) => void) {
    this.connector = connector;
    this.template = template;
    this.#onAnswer = onAnswer;
  }

  noteRequest(request: BuiltRequest, variables: CallVariables): void {
    this.request = request;
    // Mappings have no effects: run once more, it gives what was encoded
    this.bodyResult = this.connector.body?.evaluate({}, variables).value;
  }

  noteResponse(status: number, headers: ResponseHeaders, body: DebugBody): void {
    this.response = { status, headers, body };
    this.#onAnswer(this);
  }

  /** Several places of an operation may map the same answer to different fields: the first one is shown. */
  noteSelection({ tree }: Selection, result: Maybe, problems: readonly Problem[]): void {
    this.problems.note('Selection', this.connector.selection, problems);
    this.selection ??= { transformed: printMapping(tree), result };
  }

  /** The items of a key list are mapped one by one. */
  noteItem({ tree }: Selection, result: Maybe, problems: readonly Problem[]): void {
    this.problems.note('Selection', this.connector.selection, problems);
    this.selection ??= { transformed: printMapping(tree), result: [] };
    if (Array.isArray(this.selection.result)) this.selection.result.push(result ?? null);
  }
}

/** The calls of one client request that were answered, in the order of their answers. */
export class DebugLog {
  readonly calls: DebugCall[] = [];

  begin(connector: Connector, template: Template): DebugCall {
    return new DebugCall(connector, template, (call) => void this.calls.push(call));
  }
}
