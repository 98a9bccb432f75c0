/** Reads `Link` headers (RFC 8288), as far as pages need it: the target with a given relation. */

/** `<target>` and its parameters; a comma or semicolon inside the brackets or in quotes is text. */
const linkPattern = /<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)/g;
const relPattern = /;\s*rel\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]+))/i;

/** The target of the first link that has this relation; it may be relative. */
export function findLink(values: readonly string[], relation: string): string | undefined {
  for (const value of values) {
    for (const [, target, parameters = ''] of value.matchAll(linkPattern)) {
      const rel = relPattern.exec(parameters);
      const relations = (rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/);
      if (relations.includes(relation)) return target;
    }
  }
  return undefined;
}

/** A query parameter of a target, which may be relative; nothing else of it is ever used. */
export function parameterOf(target: string, name: string): string | undefined {
  const [withoutFragment = ''] = target.split('#', 1);
  const start = withoutFragment.indexOf('?');
  if (start < 0) return undefined;
  return new URLSearchParams(withoutFragment.slice(start + 1)).get(name) ?? undefined;
}
