/** Every type that a field or an argument names is there (13.1). */
import type { TypeNode } from 'graphql';
import { didYouMean } from '../../../errors/did-you-mean.ts';
import { namedTypeOf } from '../../spec/schema-index.ts';
import type { Rule } from '../rule.ts';

export const knownTypes: Rule = ({ schema }, faults) => {
  const check = (type: TypeNode): void => {
    const name = namedTypeOf(type);
    // Names with two underscores belong to linked specifications, which bring their own types
    if (schema.types.has(name) || name.includes('__')) return;
    faults.report('MISSING_SCHEMA_TYPE', `There is no type "${name}"`, type, didYouMean(name, schema.types.keys()));
  };
  for (const { fields } of schema.types.values()) {
    for (const { type, args } of fields.values()) {
      check(type);
      for (const argument of args) check(argument.type);
    }
  }
};
