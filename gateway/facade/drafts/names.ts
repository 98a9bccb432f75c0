/** Names in addresses and operations, from names of the graph. English is all it knows; the author may rename. */

/** `createBook`, `CreateBook` and `create_book` as their words, in lower case. */
export const wordsOf = (name: string): string[] =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[\s_]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());

/** `orderLines` as `order-lines`. */
export const kebabCase = (name: string): string => wordsOf(name).join('-');

/** `order_lines` as `OrderLines`. */
export const pascalCase = (name: string): string =>
  wordsOf(name)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** `Category` as `Categories`. */
export function pluralOf(name: string): string {
  if (/[^aeiou]y$/i.test(name)) return `${name.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/i.test(name) ? `${name}es` : `${name}s`;
}
