/** Settings for a source that the file does not declare would be ignored, and the wrong address called (section 4). */
import type { Range } from '../../../errors/fault.ts';
import { didYouMean } from '../../../errors/did-you-mean.ts';
import type { Rule } from '../rule.ts';

export const setSources: Rule = ({ name: subgraph, sources }, faults, settings) => {
  const declared = sources.map(({ name }) => name);
  const check = (group: string, set: Readonly<Record<string, { readonly range?: Range }>>): void => {
    for (const [name, { range }] of Object.entries(set)) {
      if (declared.includes(name)) continue;
      const message = `Unknown source "${subgraph}.${name}" in ${group}`;
      faults.reportAt('CONFIG_UNKNOWN_OPTION', message, range, didYouMean(name, declared));
    }
  };
  check('connectors.sources', settings.sources ?? {});
  check('headers.connector.sources', settings.headerRules?.sources ?? {});
};
