/** The REST side for commands that send nothing: the routes of the settings file over their graph. */
import type { GraphQLSchema } from 'graphql';
import type { Settings } from '../config/index.ts';
import { createFacade, type Facade } from '../facade/index.ts';
import { facadeOptions } from '../server/facade-options.ts';
import { readDocumentFiles } from '../server/read-document-files.ts';

/** Undefined when the settings name no documents; throws FaultsError when a route is not sound. */
export function loadFacadeOffline(settings: Settings, schema: GraphQLSchema): Facade | undefined {
  const { operations } = settings.facade;
  if (operations === undefined) return undefined;
  return createFacade({
    documents: readDocumentFiles(operations),
    schema,
    execute: () => Promise.resolve({ data: null }),
    ...facadeOptions(settings),
  });
}
