/** Leaves out of a document's components what nothing refers to. */
import type { Json } from '../contract.ts';

type Components = { readonly [kind: string]: { readonly [name: string]: Json } };

function collect(node: Json, into: Set<string>): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    for (const item of node) collect(item, into);
    return;
  }
  if (typeof node['$ref'] === 'string') into.add(node['$ref']);
  for (const value of Object.values(node)) collect(value, into);
}

/** The components that `paths` needs, directly or through others, in their order. */
export function usedComponents(paths: Json, components: Components): { [kind: string]: { [name: string]: Json } } {
  const open = new Set<string>();
  collect(paths, open);
  // A set that grows while it is walked: what a component refers to is visited as well.
  for (const reference of open) {
    const [, , kind = '', name = ''] = reference.split('/');
    const component = components[kind]?.[name];
    if (component !== undefined) collect(component, open);
  }
  return Object.fromEntries(
    Object.entries(components)
      .map(([kind, entries]): [string, { [name: string]: Json }] => [
        kind,
        Object.fromEntries(Object.entries(entries).filter(([name]) => open.has(`#/components/${kind}/${name}`))),
      ])
      .filter(([, entries]) => Object.keys(entries).length > 0),
  );
}
