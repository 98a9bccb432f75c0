/** All rules. Each looks at the file by itself, so that all faults are reported at once (connectors.md 4, 13). */
import type { Rule } from './rule.ts';
import { batchKeys } from './rules/batch-keys.ts';
import { bodies } from './rules/bodies.ts';
import { connectorPlaces } from './rules/connector-places.ts';
import { entityConnectors } from './rules/entity-connectors.ts';
import { headers } from './rules/headers.ts';
import { httpMethods } from './rules/http-methods.ts';
import { keyLists } from './rules/key-lists.ts';
import { knownTypes } from './rules/known-types.ts';
import { legalVariables } from './rules/legal-variables.ts';
import { mappingMethods } from './rules/mapping-methods.ts';
import { requestInputs } from './rules/request-inputs.ts';
import { selectedFields } from './rules/selected-fields.ts';
import { sourceNames } from './rules/source-names.ts';
import { unresolvedFields } from './rules/unresolved-fields.ts';
import { urls } from './rules/urls.ts';
import { variableFields } from './rules/variable-fields.ts';

export const rules: readonly Rule[] = [
  // One source, one connector
  sourceNames,
  httpMethods,
  urls,
  headers,
  bodies,
  connectorPlaces,

  // Inside the mappings
  legalVariables,
  requestInputs,
  variableFields,
  mappingMethods,
  selectedFields,

  // Over the whole file
  knownTypes,
  batchKeys,
  keyLists,
  entityConnectors,
  unresolvedFields,
];
