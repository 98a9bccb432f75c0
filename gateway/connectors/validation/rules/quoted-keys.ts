/** `kind: "Book"` reads the property Book below v0.4 and is a text from there on: say which is meant (8.3). */
import { collectItems } from '../../mapping/item-uses.ts';
import { selectionMappings, responseMappings } from '../../spec/part-references.ts';
import { placeOf } from '../places.ts';
import type { Rule } from '../rule.ts';

const words = new Set(['true', 'false', 'null']);

export const quotedKeys: Rule = ({ connectors, link }, faults) => {
  if (link.version === '0.4') return;
  const unified = link.isV04 ? 'in the unified grammar of v0.4' : 'from v0.4 on';
  for (const connector of connectors) {
    for (const { tree, node, code } of [...selectionMappings(connector), ...responseMappings(connector)]) {
      for (const item of collectItems(tree)) {
        if (item.kind !== 'field' || !item.hasAlias || item.value.kind !== 'path') continue;
        const { head, steps, selection } = item.value;
        if (head.kind !== 'key' || steps.length > 0 || selection) continue;
        if (!head.isQuoted && !words.has(head.key)) continue;
        const text = tree.text.slice(head.start, head.end);
        const message = `${item.name}: ${text} of ${placeOf(connector)} reads a property, and is a literal ${unified}`;
        const quoted = head.isQuoted ? text : `"${text}"`;
        faults.warnInString(
          code,
          message,
          node,
          head,
          `Write $.${quoted} for the property, or $(${text}) for the literal`,
        );
      }
    }
  }
};
