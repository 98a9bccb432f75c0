/** Compares two GraphQL schemas as clients see them; graphql-js knows what breaks, and what is merely dangerous. */
import {
  BreakingChangeType,
  DangerousChangeType,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLSchema,
} from 'graphql';
import { sortChanges, type Change } from './change.ts';

const reasons: Readonly<Record<BreakingChangeType | DangerousChangeType, string>> = {
  ARG_CHANGED_KIND: 'What clients send is refused',
  ARG_REMOVED: 'An operation that uses it is not valid any more',
  DIRECTIVE_ARG_REMOVED: 'An operation that uses it is not valid any more',
  DIRECTIVE_LOCATION_REMOVED: 'An operation that uses it there is not valid any more',
  DIRECTIVE_REMOVED: 'An operation that uses it is not valid any more',
  DIRECTIVE_REPEATABLE_REMOVED: 'An operation that repeats it is not valid any more',
  FIELD_CHANGED_KIND: 'Clients read another type, or meet null where they never did',
  FIELD_REMOVED: 'An operation that selects it is not valid any more',
  IMPLEMENTED_INTERFACE_REMOVED: 'A fragment on the interface does not match any more',
  REQUIRED_ARG_ADDED: 'An operation that does not send it is not valid any more',
  REQUIRED_DIRECTIVE_ARG_ADDED: 'An operation that does not send it is not valid any more',
  REQUIRED_INPUT_FIELD_ADDED: 'An input without it is refused',
  TYPE_CHANGED_KIND: 'Operations that use it are not valid any more',
  TYPE_REMOVED: 'Operations that use it are not valid any more',
  TYPE_REMOVED_FROM_UNION: 'A fragment on the type is not valid any more',
  VALUE_REMOVED_FROM_ENUM: 'An operation that sends it is not valid any more',
  ARG_DEFAULT_VALUE_CHANGE: 'A client that leaves it out gets another answer',
  IMPLEMENTED_INTERFACE_ADDED: 'Clients may meet a type they do not know',
  OPTIONAL_ARG_ADDED: 'The answer without it may differ',
  OPTIONAL_INPUT_FIELD_ADDED: 'The answer without it may differ',
  TYPE_ADDED_TO_UNION: 'Clients may meet a type they do not know',
  VALUE_ADDED_TO_ENUM: 'Clients may meet a value they do not know',
};

interface Found {
  readonly type: BreakingChangeType | DangerousChangeType;
  readonly description: string;
}

/** The first name of a description such as `Book.price was removed.` is its place. */
const placeOf = (description: string): string => /[A-Za-z_]\w*(?:\.\w+)*/.exec(description)?.[0] ?? description;

const toChange =
  (severity: Change['severity']) =>
  ({ type, description }: Found): Change => {
    const what = description.replace(/\.$/, '');
    return { severity, place: placeOf(description), what, reason: reasons[type] };
  };

/** A scalar of the language that nothing uses any more is still one of the language. */
const isReal = ({ description }: Found): boolean => !description.startsWith('Standard scalar');

/** Additions are what would be removed on the way back. */
function findAdditions(before: GraphQLSchema, after: GraphQLSchema): Change[] {
  const kinds = new Set<string>([BreakingChangeType.TYPE_REMOVED, BreakingChangeType.FIELD_REMOVED]);
  return findBreakingChanges(after, before)
    .filter((found) => kinds.has(found.type) && isReal(found))
    .map(({ description }) => ({
      severity: 'safe',
      place: placeOf(description),
      what: description.replace(/was removed\.$/, 'was added'),
      reason: 'Nobody asks for it yet',
    }));
}

/** What changed from one schema to the next, the worst first. */
export function compareGraphs(before: GraphQLSchema, after: GraphQLSchema): Change[] {
  return sortChanges([
    ...findBreakingChanges(before, after).filter(isReal).map(toChange('breaking')),
    ...findDangerousChanges(before, after).map(toChange('dangerous')),
    ...findAdditions(before, after),
  ]);
}
