/** One subgraph file, read: its types, its services, its connectors as declared. Rules look at nothing else. */
import type { DocumentNode } from 'graphql';
import type { ConnectDeclaration, SourceDeclaration } from './connector.ts';
import type { ConnectLink } from './link.ts';
import type { SchemaIndex } from './schema-index.ts';

export interface DeclaredSubgraph {
  readonly name: string;
  readonly document: DocumentNode;
  readonly schema: SchemaIndex;
  readonly link: ConnectLink;
  readonly sources: readonly SourceDeclaration[];
  readonly connectors: readonly ConnectDeclaration[];
  /** Name of the federation directive `@key` in this file. */
  readonly keyDirective: string;
}
