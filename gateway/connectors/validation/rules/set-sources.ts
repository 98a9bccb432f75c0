/** Settings for a source that the file does not declare would be ignored, and the wrong address called (section 4). */
import { didYouMean } from '../../../errors/did-you-mean.ts';
import { argumentOf } from '../../spec/link.ts';
import type { Rule } from '../rule.ts';

export const setSources: Rule = ({ name: subgraph, document, sources }, faults, settings) => {
  const declared = sources.map(({ name }) => name);
  const first = sources[0]?.directive;
  for (const name of Object.keys(settings.sources ?? {})) {
    if (declared.includes(name)) continue;
    const message = `The settings name source "${subgraph}.${name}", which is not declared here`;
    const place = first ? (argumentOf(first, 'name') ?? first) : document.definitions[0]!;
    faults.report('SOURCE_NAME_MISMATCH', message, place, didYouMean(name, declared));
  }
};
