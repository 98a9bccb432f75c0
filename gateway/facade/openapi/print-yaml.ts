/** An API description as YAML (media type `application/yaml`, RFC 9512). */
import { stringify } from 'yaml';
import type { Json } from '../contract.ts';

/** Written out in full: parts that occur twice stand there twice, without anchors. */
export const printYaml = (document: Json): string =>
  stringify(document, { aliasDuplicateObjects: false, lineWidth: 120 });
