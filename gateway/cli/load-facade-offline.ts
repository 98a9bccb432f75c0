/** The REST side for commands that send nothing: the routes of the settings file over their graph. */
import type { GraphQLSchema } from 'graphql';
import type { Settings } from '../config/index.ts';
import { createFacade, type Facade } from '../facade/index.ts';
import { readDocumentFiles } from '../server/read-document-files.ts';

/** Undefined when the settings name no documents; throws FaultsError when a route is not sound. */
export function loadFacadeOffline({ facade }: Settings, schema: GraphQLSchema): Facade | undefined {
  const { operations, basePath, title, version } = facade;
  if (operations === undefined) return undefined;
  return createFacade({
    documents: readDocumentFiles(operations),
    schema,
    execute: () => Promise.resolve({ data: null }),
    basePath,
    info: { title: title ?? 'REST', version: version ?? '1.0.0' },
  });
}
