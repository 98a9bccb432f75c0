/** Reading an OpenAPI document as JSON: what is an object, and what a reference leads to. */
import type { Json } from '../contract.ts';

export type Node = { readonly [name: string]: Json };

export const isNode = (value: Json | undefined): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Follows a reference inside the document; an empty object where there is nothing. */
export function follow(document: Node, node: Json | undefined): Node {
  let current: Json | undefined = node;
  for (let steps = 0; isNode(current) && typeof current['$ref'] === 'string' && steps < 20; steps++) {
    const path = current['$ref'].replace(/^#\//, '').split('/');
    current = path.reduce<Json | undefined>(
      (value, part) => (isNode(value) ? value[part.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined),
      document,
    );
  }
  return isNode(current) ? current : {};
}
