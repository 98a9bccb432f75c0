/** `@source` written by a name that the link does not import is no source at all (6.2). */
import { schemaDirectives } from '../../spec/link.ts';
import type { Rule } from '../rule.ts';

export const sourceImport: Rule = ({ document, link }, faults) => {
  if (!link.link || link.source === 'source') return;
  for (const directive of schemaDirectives(document)) {
    if (directive.name.value !== 'source') continue;
    const hint = `Add "@source" to the import of the @link, or write @${link.source}`;
    faults.warn('NO_SOURCE_IMPORT', '"@source" is used, but not imported', directive, hint);
  }
};
