/** Runs every boot rule over the declarations (facade.md 2.5) and gathers what they report: all faults at once. */
import type { GraphQLSchema } from 'graphql';
import type { Fault } from '../../errors/fault.ts';
import type { Declaration } from './declaration.ts';
import { rangeOf } from './fault-range.ts';
import { bindableTypes } from './rules/bindable-types.ts';
import { headersBound } from './rules/headers-bound.ts';
import { jobsFit } from './rules/jobs-fit.ts';
import { knownPaths } from './rules/known-paths.ts';
import { leftOverBesideBody } from './rules/left-over-beside-body.ts';
import { lifecycleNamesAndDates } from './rules/lifecycle-names-and-dates.ts';
import { mappingsFit } from './rules/mappings-fit.ts';
import { methodFitsOperation } from './rules/method-fits-operation.ts';
import { notThereYet } from './rules/not-there-yet.ts';
import { oneResourceRoute } from './rules/one-resource-route.ts';
import { oneRootField } from './rules/one-root-field.ts';
import { optionalIsNullable } from './rules/optional-is-nullable.ts';
import { outcomeMemberNames } from './rules/outcome-member-names.ts';
import { outcomesExhaustive } from './rules/outcomes-exhaustive.ts';
import { pageVariables } from './rules/page-variables.ts';
import { pathSegmentWithoutVariable } from './rules/path-segment-without-variable.ts';
import { requiredVariableUnbound } from './rules/required-variable-unbound.ts';
import { reservedQueryParameters } from './rules/reserved-query-parameters.ts';
import type { Rule } from './rules/rule.ts';
import { sameRouteTwice } from './rules/same-route-twice.ts';
import { successIsSuccess } from './rules/success-is-success.ts';
import { ttlIsADuration } from './rules/ttl-is-a-duration.ts';
import { variableBoundTwice } from './rules/variable-bound-twice.ts';

const rules: readonly Rule[] = [
  variableBoundTwice,
  requiredVariableUnbound,
  pathSegmentWithoutVariable,
  leftOverBesideBody,
  bindableTypes,
  sameRouteTwice,
  methodFitsOperation,
  oneRootField,
  knownPaths,
  pageVariables,
  oneResourceRoute,
  outcomesExhaustive,
  outcomeMemberNames,
  lifecycleNamesAndDates,
  optionalIsNullable,
  reservedQueryParameters,
  successIsSuccess,
  headersBound,
  ttlIsADuration,
  mappingsFit,
  jobsFit,
  notThereYet,
];

/** Everything the rules have to say, one rule a step. `disabled` are operations that exist and are not served. */
export function* checkDeclarations(
  declarations: readonly Declaration[],
  schema: GraphQLSchema,
  disabled: ReadonlySet<string>,
): Generator<void, Fault[]> {
  const faults: Fault[] = [];
  for (const rule of rules) {
    yield;
    rule({
      declarations,
      schema,
      disabled,
      report(message, node, hint) {
        const range = rangeOf(node);
        faults.push({
          code: 'ROUTE_INVALID',
          severity: 'error',
          message,
          ...(range ? { range } : {}),
          ...(hint === undefined ? {} : { hint }),
        });
      },
    });
  }
  return faults;
}
