/** A request part has no input to read: `title` alone is empty there, `$args.title` is meant (7). */
import { collectScopeReads } from '../../mapping/scope-reads.ts';
import { requestMappings, sharedRequestMappings } from '../../spec/part-references.ts';
import { reportInPart } from '../places.ts';
import type { Rule } from '../rule.ts';

export const requestInputs: Rule = ({ sources, connectors, schema }, faults) => {
  const check = (mappings: ReturnType<typeof requestMappings>, variable: string | undefined): void => {
    for (const mapping of mappings) {
      for (const head of collectScopeReads(mapping.tree)) {
        const name = head.kind === 'key' ? head.key : '$';
        const example = head.kind === 'key' && variable !== undefined ? `Write ${variable}.${name}` : undefined;
        const hint = example ?? 'A request is built from variables such as $args and $config';
        reportInPart(faults, mapping.code, `"${name}" reads nothing here`, mapping, head, hint);
      }
    }
  };
  for (const source of sources) check(sharedRequestMappings(source), undefined);
  for (const connector of connectors) {
    const { fieldName, typeName, kind } = connector;
    const hasArguments =
      fieldName !== undefined && (schema.types.get(typeName)?.fields.get(fieldName)?.args.length ?? 0) > 0;
    check(requestMappings(connector), hasArguments ? '$args' : kind === 'batch' ? '$batch' : '$this');
  }
};
