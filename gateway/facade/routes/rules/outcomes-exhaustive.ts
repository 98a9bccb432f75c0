/** Rule 12: every member of a result union but one is listed in `outcomes`, and nothing is listed that is no member. */
import { getNamedType, isAbstractType, type GraphQLSchema } from 'graphql';
import { didYouMean } from '../../../errors/did-you-mean.ts';
import { argumentNode, type Declaration } from '../declaration.ts';
import type { Rule } from './rule.ts';
import { resultOf } from './known-paths.ts';

/** The concrete types the result may be; one for an object, none for a scalar. */
function membersOf(declaration: Declaration, schema: GraphQLSchema): string[] {
  const result = resultOf(declaration);
  const named = result && getNamedType(result.type);
  if (isAbstractType(named)) return schema.getPossibleTypes(named).map((type) => type.name);
  return result?.selection ? [result.selection.typeName] : [];
}

/** The members that no outcome lists. */
export function successTypes(declaration: Declaration, schema: GraphQLSchema): string[] {
  const listed = new Set(declaration.http.values.outcomes?.map((outcome) => outcome.type));
  return membersOf(declaration, schema).filter((member) => !listed.has(member));
}

export const outcomesExhaustive: Rule = ({ declarations, schema, report }) => {
  for (const declaration of declarations) {
    const { http, name, isMutation } = declaration;
    const members = membersOf(declaration, schema);
    const node = argumentNode(http.node, 'outcomes');
    for (const { type, code, status } of http.values.outcomes ?? []) {
      if ((type === undefined) === (code === undefined)) {
        report(`An outcome of "${name}" needs a type or a code, and not both`, node);
      } else if (type !== undefined && !members.includes(type)) {
        report(`Outcome "${type}" of "${name}" is no member of the result`, node, didYouMean(type, members));
      }
      if (status < 200 || status > 599)
        report(`An outcome of "${name}" has status ${status}, expected 200 to 599`, node);
    }
    const left = successTypes(declaration, schema);
    if (members.length > 1 && isMutation && left.length > 1) {
      const names = left.map((one) => `"${one}"`).join(', ');
      report(`"${name}" may answer ${names}: one is the success, list the others in "outcomes"`, node);
    }
    if (members.length > 0 && left.length === 0)
      report(`Every member of the result of "${name}" is an outcome: none is left for the success`, node);
  }
};
