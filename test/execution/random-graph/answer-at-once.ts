/** One schema that has all of a random graph, run by graphql-js: what any gateway over it has to answer. */
import { execute, parse, type ExecutionResult, type GraphQLSchema } from 'graphql';
import type { RandomQuery } from '../random-query.ts';
import type { GraphModel } from './graph-model.ts';
import { rootValueOf, valueOf, type Thing } from './true-values.ts';

export function answerAtOnce(
  model: GraphModel,
  schema: GraphQLSchema,
  { text, variables }: RandomQuery,
): ExecutionResult {
  let pushed = 0;
  const countPush = (): number => pushed++;
  return execute({
    schema,
    document: parse(text),
    variableValues: variables,
    fieldResolver: (source: unknown, args, _context, { parentType, fieldName }) => {
      if (parentType.name === 'Query' || parentType.name === 'Mutation') {
        return rootValueOf(model, fieldName, args, countPush);
      }
      const object = source as Record<string, unknown>;
      return 'at' in object ? valueOf(model, source as Thing, fieldName, args) : object[fieldName];
    },
  }) as ExecutionResult;
}
