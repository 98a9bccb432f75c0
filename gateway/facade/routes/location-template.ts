/** `location: "/books/{$.id}"`: where something new is, with mappings in the holes (facade.md 2.3). */
import type { Json } from '../contract.ts';
import { leafText } from '../response/locate.ts';
import { readFactMapping, type FactMapping, type MappingFault } from './fact-mapping.ts';

export interface LocationTemplate {
  /** Texts and holes in order. */
  readonly parts: readonly (string | FactMapping)[];
  /** A path of this API, which gets base path and version; else an address elsewhere. */
  readonly isOwn: boolean;
}

/** The end of the hole that starts at `start`: braces and quotes inside it are its own. */
function endOfHole(text: string, start: number): number {
  let depth = 0;
  let quote = '';
  for (let i = start; i < text.length; i++) {
    const character = text[i]!;
    if (quote !== '') {
      if (character === '\\') i++;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return i;
  }
  return -1;
}

/** Reads a template, or says why it is none. */
export function readLocation(text: string): LocationTemplate | MappingFault {
  if (!/^(\/(?!\/)|https?:\/\/)/.test(text)) return { fault: 'Expected a path such as "/books/{$.id}"' };
  const parts: (string | FactMapping)[] = [];
  let at = 0;
  for (let open = text.indexOf('{'); open >= 0; open = text.indexOf('{', at)) {
    const end = endOfHole(text, open);
    if (end < 0) return { fault: 'A "{" is not closed' };
    const mapping = readFactMapping(text.slice(open + 1, end), 'expression');
    if ('fault' in mapping) return mapping;
    parts.push(text.slice(at, open), mapping);
    at = end + 1;
  }
  parts.push(text.slice(at));
  return { parts, isOwn: text.startsWith('/') };
}

/** The address; undefined when a hole stays empty. */
export function fillLocation({ parts }: LocationTemplate, value: Json): string | undefined {
  const texts = parts.map((part) => {
    if (typeof part === 'string') return part;
    const leaf = leafText(part.apply(value));
    return leaf === undefined || leaf === '' ? undefined : encodeURIComponent(leaf);
  });
  return texts.includes(undefined) ? undefined : texts.join('');
}
