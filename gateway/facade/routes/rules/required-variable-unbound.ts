/**
 * Rule 3: a required place that nothing binds. A left-over variable always has a place (2.3), so this concerns variables
 * that are bound piece by piece, as in `queryParameters: ["page:$input.page"]`: their other required fields stay empty.
 */
import { getNamedType, isInputObjectType, isRequiredInputField } from 'graphql';
import type { Claim } from '../declaration.ts';
import type { Rule } from './rule.ts';
import { inputTypeOf } from './variable-type.ts';

function missingFields(type: unknown, path: readonly string[], claims: readonly Claim[]): string[] {
  const named = getNamedType(type as Parameters<typeof getNamedType>[0]);
  if (!isInputObjectType(named)) return [];
  return Object.values(named.getFields()).flatMap((field) => {
    const place = [...path, field.name];
    const below = claims.filter((claim) => place.every((name, i) => claim.path[i] === name));
    if (below.length === 0) return isRequiredInputField(field) ? [place.join('.')] : [];
    return below.some((claim) => claim.path.length === place.length) ? [] : missingFields(field.type, place, claims);
  });
}

export const requiredVariableUnbound: Rule = ({ declarations, schema, report }) => {
  for (const { claims, operation, name } of declarations) {
    for (const definition of operation.variableDefinitions ?? []) {
      const variable = definition.variable.name.value;
      const own = claims.filter((claim) => claim.variable === variable);
      if (own.some((claim) => claim.path.length === 0)) continue;
      if (own.length === 0) {
        report(`Nothing binds variable "$${variable}" of "${name}"`, definition);
        continue;
      }
      for (const place of missingFields(inputTypeOf(schema, definition), [], own)) {
        report(`Nothing binds "$${variable}.${place}" of "${name}", which is required`, definition);
      }
    }
  }
};
