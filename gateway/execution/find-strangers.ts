/**
 * Entities are matched with what was asked for by their place alone. One that says of itself that it is of another type is not
 * the one asked for, and fields of a car must not become those of a book.
 */
import type { Representation } from './group-entities.ts';
import { isMembers, readOwn } from './own-members.ts';
import type { IsOfType } from './type-test.ts';

/**
 * The numbers of entities of a type that does not fit what was sent for them. An entity may leave out its type: most fetches do
 * not ask for it. For an interface any of its types will do.
 */
export function findStrangers(
  entities: readonly unknown[],
  representations: readonly Representation[],
  isOfType: IsOfType,
): ReadonlySet<number> {
  const strangers = new Set<number>();
  entities.forEach((entity, index) => {
    const typename = isMembers(entity) ? readOwn(entity, '__typename') : undefined;
    if (typeof typename !== 'string') return;
    const asked = representations[index]!.value['__typename'] as string;
    if (!isOfType(typename, asked)) strangers.add(index);
  });
  return strangers;
}
