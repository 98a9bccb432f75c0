/**
 * The planner adds fields of its own (keys, required fields) under their names, and takes what stands under such a name for
 * that field: with `{ item { id: title } }` titles would be sent as keys. So an alias that is the name of another field is
 * renamed for planning; `QueryPlan.renamed` says how, for those who shape the answer.
 */
import { Kind, visit, type DocumentNode } from 'graphql';

export interface RenamedDocument {
  readonly document: DocumentNode;
  /** Name in the data of the fetches, by the name that the client gave. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** The same alias is renamed the same way everywhere, so that what merged before merges after. */
export function renameAliases(document: DocumentNode, fieldNames: ReadonlySet<string>): RenamedDocument {
  const aliases = new Set<string>();
  const clashing = new Set<string>();
  visit(document, {
    Field({ name, alias }) {
      if (alias === undefined) return;
      aliases.add(alias.value);
      if (alias.value !== name.value && fieldNames.has(alias.value)) clashing.add(alias.value);
    },
  });
  if (clashing.size === 0) return { document, renamed: new Map() };
  let prefix = 'alias_';
  const isTaken = (name: string): boolean => fieldNames.has(name) || aliases.has(name);
  while ([...clashing].some((alias) => isTaken(prefix + alias))) prefix = `_${prefix}`;
  const renamed = new Map([...clashing].map((alias) => [alias, prefix + alias]));
  return {
    renamed,
    document: visit(document, {
      Field(node) {
        const name = renamed.get((node.alias ?? node.name).value);
        return name === undefined ? undefined : { ...node, alias: { kind: Kind.NAME, value: name } };
      },
    }),
  };
}
