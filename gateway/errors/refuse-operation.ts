/** The error of an operation that is refused before anything is fetched; with the status for Apollo Server to answer with. */
import { GraphQLError, type ASTNode } from 'graphql';
import { catalogue, describeError, type ErrorCode } from './catalogue.ts';

export interface RefuseOperationOptions {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly nodes?: readonly ASTNode[];
  readonly cause?: Error;
}

export function refuseOperation(
  code: ErrorCode,
  { parameters, nodes, cause }: RefuseOperationOptions = {},
): GraphQLError {
  return new GraphQLError(describeError(code, parameters), {
    extensions: { code, http: { status: catalogue[code].status } },
    ...(nodes === undefined ? {} : { nodes }),
    ...(cause === undefined ? {} : { originalError: cause }),
  });
}
