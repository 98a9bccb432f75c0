/** The arguments of a field: coerced when the operation is compiled where no variable is in them, else once a run. */
import { getArgumentValues, Kind, visit, BREAK, type ArgumentNode, type FieldNode, type GraphQLField } from 'graphql';
import type { ValueObject } from '../../connectors/index.ts';
import type { Run } from './run.ts';

/** Throws GraphQLError for arguments that do not fit. */
export type ArgumentsOf = (run: Run) => ValueObject;

export function compileArguments(field: GraphQLField<unknown, unknown>, node: FieldNode): ArgumentsOf {
  if (field.args.length === 0) {
    const none: ValueObject = {};
    return () => none;
  }
  const coerce = ({ variables }: Pick<Run, 'variables'>): ValueObject =>
    getArgumentValues(field, node, variables) as ValueObject;
  if (!(node.arguments ?? []).some(readsVariable)) {
    let coerced: ValueObject | undefined;
    return (run) => (coerced ??= coerce(run));
  }
  return (run) => {
    let coerced = run.args.get(node);
    if (coerced === undefined) run.args.set(node, (coerced = coerce(run)));
    return coerced;
  };
}

function readsVariable(argument: ArgumentNode): boolean {
  let reads = false;
  visit(argument, {
    [Kind.VARIABLE]() {
      reads = true;
      return BREAK;
    },
  });
  return reads;
}
