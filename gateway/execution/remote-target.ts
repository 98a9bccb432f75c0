/**
 * A subgraph over HTTP (GraphQL over HTTP, POST), through the same safe call as every REST service. Answers that are not
 * GraphQL become catalogue errors; upstream addresses and bodies stay here.
 */
import {
  GraphQLError,
  type DocumentNode,
  type FieldNode,
  type GraphQLFormattedError,
  type SelectionSetNode,
} from 'graphql';
import { UpstreamError } from '../errors/upstream-error.ts';
import { stringifyJson } from '../upstream/index.ts';
import type { CallContext, CallUpstream, UpstreamResponse } from '../upstream/index.ts';
import { hideHttp } from './answered-http.ts';
import type { FetchTarget, SendText, SubgraphAnswer, SubgraphOperation } from './fetch-target.ts';

export interface RemoteTargetOptions {
  readonly name: string;
  readonly url: string;
  readonly callUpstream: CallUpstream;
}

export function createRemoteTarget({ name, url, callUpstream }: RemoteTargetOptions): FetchTarget {
  const prepare = createPreparing();
  const sendText: SendText = async (operation, variablesText, context) => {
    const { head, tail, isMutation } = prepare(operation);
    try {
      const body = head + variablesText + tail;
      const response = await callUpstream(buildRequest(name, url, body, isMutation, context.call));
      context.call.noteAnswer?.(response.headers);
      return readAnswer(name, response);
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      return { data: null, errors: spreadOverFields(error, operation.document), isUnreached: true };
    }
  };
  const fetch: FetchTarget = async (operation, variables, context) =>
    checkEntities(name, operation, variables, await sendText(operation, stringifyJson(variables), context));
  return Object.assign(fetch, { sendText });
}

/** Entities are matched by their place, so a list of another length would give one the fields of another. */
function checkEntities(
  service: string,
  { document }: SubgraphOperation,
  { representations }: Readonly<Record<string, unknown>>,
  answer: SubgraphAnswer,
): SubgraphAnswer {
  const entities = answer.data?.['_entities'];
  if (!Array.isArray(representations) || !Array.isArray(entities)) return answer;
  if (representations.length === entities.length) return answer;
  const error = new UpstreamError('UPSTREAM_INVALID_RESPONSE', {
    service,
    retryable: false,
    dispatched: true,
    reason: `The subgraph answered ${entities.length} entities for ${representations.length}`,
  });
  return { data: null, errors: spreadOverFields(error, document) };
}

/** What is the same each time an operation is sent: the body around the variables. */
interface Prepared {
  readonly head: string;
  readonly tail: string;
  readonly isMutation: boolean;
}

function createPreparing(): (operation: SubgraphOperation) => Prepared {
  const known = new WeakMap<SubgraphOperation, Prepared>();
  return (operation) => {
    let prepared = known.get(operation);
    if (prepared === undefined) {
      const { text, name, document } = operation;
      prepared = {
        head: `{"query":${JSON.stringify(text)},"variables":`,
        tail: name === undefined ? '}' : `,"operationName":${JSON.stringify(name)}}`,
        isMutation: isMutation(document),
      };
      known.set(operation, prepared);
    }
    return prepared;
  };
}

function buildRequest(service: string, url: string, body: string, isMutation: boolean, context: CallContext) {
  const accept = 'application/graphql-response+json, application/json;q=0.9';
  return {
    service,
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body,
    // A query may be sent twice although it is a POST; a mutation may not.
    idempotent: !isMutation,
    isQuery: !isMutation,
    context,
  };
}

const isMutation = (document: DocumentNode): boolean =>
  document.definitions.some(
    (definition) => definition.kind === 'OperationDefinition' && definition.operation === 'mutation',
  );

/** A well-formed GraphQL answer counts whatever its status; anything else is a failure of the service. */
function readAnswer(service: string, response: UpstreamResponse): SubgraphAnswer {
  const answer = response.body.kind === 'json' ? response.body.value : undefined;
  if (isGraphQLAnswer(answer)) return withCodes(answer, service, response.isShared === true);
  const code = response.status >= 500 ? 'UPSTREAM_ERROR' : 'UPSTREAM_INVALID_RESPONSE';
  throw new UpstreamError(code, {
    service,
    retryable: false,
    dispatched: true,
    status: response.status,
    reason: `The subgraph answered ${response.status} without a GraphQL body`,
  });
}

function isGraphQLAnswer(value: unknown): value is SubgraphAnswer {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { data, errors } = value as { data?: unknown; errors?: unknown };
  const hasData = data === null || (typeof data === 'object' && !Array.isArray(data));
  return hasData || (Array.isArray(errors) && errors.length > 0);
}

function withCodes({ data, errors }: SubgraphAnswer, service: string, isShared: boolean): SubgraphAnswer {
  if (errors === undefined) return { data, isShared };
  const coded = (errors as readonly GraphQLFormattedError[]).map((error) => ({
    ...error,
    message: typeof error.message === 'string' ? error.message : 'The service reported an error',
    extensions: hideHttp({ code: 'UPSTREAM_ERROR', service, ...error.extensions }),
  }));
  return { data, errors: coded, isShared };
}

/** One error a field that was asked for, so that each null in the answer has its reason beside it. */
function spreadOverFields(error: UpstreamError, document: DocumentNode): GraphQLError[] {
  const extensions = error.toExtensions();
  return fieldPaths(document).map(
    (path) => new GraphQLError(error.message, { path, extensions, originalError: error }),
  );
}

/** Response paths of the root fields, or of the fields of the first entity. */
function fieldPaths(document: DocumentNode): (string | number)[][] {
  const operation = document.definitions.find((definition) => definition.kind === 'OperationDefinition');
  return fieldsOf(operation?.selectionSet).flatMap((field) => {
    if (field.name.value !== '_entities') return [[responseName(field)]];
    const names = new Set(fieldsOf(field.selectionSet).map(responseName));
    names.delete('__typename');
    return [...names].map((name) => [responseName(field), 0, name]);
  });
}

function fieldsOf(selectionSet: SelectionSetNode | undefined): FieldNode[] {
  return (selectionSet?.selections ?? []).flatMap((selection) => {
    if (selection.kind === 'Field') return [selection];
    return selection.kind === 'InlineFragment' ? fieldsOf(selection.selectionSet) : [];
  });
}

const responseName = (field: FieldNode): string => field.alias?.value ?? field.name.value;
