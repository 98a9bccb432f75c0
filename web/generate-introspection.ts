/**
 * Writes the types gql.tada infers the storefront's operations from (experience.md 14.3). Its own command does not run
 * on TypeScript 7, so a script of the repository calls this with the API schema and commits the text as
 * `web/graphql-env.d.ts`.
 */
import { minifyIntrospection, outputIntrospectionFile } from 'gql.tada/internal';
import { buildSchema, introspectionFromSchema } from 'graphql';

const header =
  '/* Generated from the API schema of the supergraph; do not edit. Regenerate with: npm run generate */\n';

/** The text of `web/graphql-env.d.ts` for an API schema. */
export function generateIntrospection(apiSchemaSdl: string): string {
  const introspection = introspectionFromSchema(buildSchema(apiSchemaSdl), { descriptions: false });
  return (
    header + outputIntrospectionFile(minifyIntrospection(introspection), { fileType: '.d.ts', shouldPreprocess: true })
  );
}
