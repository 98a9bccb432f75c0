/** All rules. Each looks at the file by itself, so that all faults are reported at once (connectors.md 4, 13). */
import type { Rule } from './rule.ts';
import { abstractTypes } from './rules/abstract-types.ts';
import { batchKeys } from './rules/batch-keys.ts';
import { bodies } from './rules/bodies.ts';
import { circularTypes } from './rules/circular-types.ts';
import { connectorIds } from './rules/connector-ids.ts';
import { connectorPlaces } from './rules/connector-places.ts';
import { entityConnectors } from './rules/entity-connectors.ts';
import { entityFields } from './rules/entity-fields.ts';
import { federationDirectives } from './rules/federation-directives.ts';
import { federationVersion } from './rules/federation-version.ts';
import { headers } from './rules/headers.ts';
import { httpMethods } from './rules/http-methods.ts';
import { keyLists } from './rules/key-lists.ts';
import { knownTypes } from './rules/known-types.ts';
import { legalVariables } from './rules/legal-variables.ts';
import { mappedArguments } from './rules/mapped-arguments.ts';
import { mappingMethods } from './rules/mapping-methods.ts';
import { nestedAbstractTypes } from './rules/nested-abstract-types.ts';
import { ownDefinitions } from './rules/own-definitions.ts';
import { pages } from './rules/pages.ts';
import { quotedKeys } from './rules/quoted-keys.ts';
import { reachableKeys } from './rules/reachable-keys.ts';
import { requestInputs } from './rules/request-inputs.ts';
import { resultTypes } from './rules/result-types.ts';
import { selectedFields } from './rules/selected-fields.ts';
import { selectedValues } from './rules/selected-values.ts';
import { setSources } from './rules/set-sources.ts';
import { sourceImport } from './rules/source-import.ts';
import { sourceNames } from './rules/source-names.ts';
import { unresolvedFields } from './rules/unresolved-fields.ts';
import { urls } from './rules/urls.ts';
import { variableFields } from './rules/variable-fields.ts';

export const rules: readonly Rule[] = [
  // The file's links and definitions
  ownDefinitions,
  sourceImport,
  federationDirectives,

  // One source, one connector
  sourceNames,
  setSources,
  connectorIds,
  httpMethods,
  urls,
  headers,
  bodies,
  connectorPlaces,

  // Inside the mappings
  legalVariables,
  requestInputs,
  resultTypes,
  quotedKeys,
  variableFields,
  mappingMethods,
  selectedFields,
  selectedValues,

  // Over the whole file
  knownTypes,
  abstractTypes,
  entityFields,
  batchKeys,
  keyLists,
  pages,
  entityConnectors,
  reachableKeys,
  unresolvedFields,

  // What runs here, but not on Apollo Router
  circularTypes,
  mappedArguments,
  nestedAbstractTypes,
  federationVersion,
];
