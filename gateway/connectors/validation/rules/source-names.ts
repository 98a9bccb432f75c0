/** Names of sources: unique, well formed, and every connector names one that is declared (6.1). */
import { didYouMean } from '../../../errors/did-you-mean.ts';
import { argumentOf } from '../../spec/link.ts';
import { placeOf } from '../places.ts';
import type { Rule } from '../rule.ts';

const wellFormed = /^[A-Za-z][A-Za-z0-9_-]*$/;

export const sourceNames: Rule = ({ sources, connectors }, faults) => {
  const names = new Set<string>();
  for (const { name, directive } of sources) {
    const node = argumentOf(directive, 'name') ?? directive;
    if (name === '') faults.report('EMPTY_SOURCE_NAME', 'A source has an empty name', node);
    else if (!wellFormed.test(name)) {
      const hint = 'A name starts with a letter; letters, digits, "_" and "-" follow';
      faults.report('INVALID_SOURCE_NAME', `"${name}" cannot be the name of a source`, node, hint);
    }
    if (names.has(name)) faults.report('DUPLICATE_SOURCE_NAME', `There are two sources named "${name}"`, node);
    names.add(name);
  }
  for (const connector of connectors) {
    const { sourceName } = connector;
    if (!sourceName || names.has(sourceName.value)) continue;
    const message = `${placeOf(connector)} uses source "${sourceName.value}", which is not declared`;
    if (names.size === 0) faults.report('NO_SOURCES_DEFINED', message, sourceName, 'Declare it with @source');
    else faults.report('SOURCE_NAME_MISMATCH', message, sourceName, didYouMean(sourceName.value, names));
  }
};
