/** A schema in a file: a supergraph, or an API schema. */
import { Supergraph } from '@apollo/federation-internals';
import { buildSchema, type GraphQLSchema } from 'graphql';

/** The API schema; of a supergraph, what clients see of it. Throws when the text is neither. */
export const readSchemaText = (text: string): GraphQLSchema =>
  text.includes('join__Graph') ? Supergraph.build(text).apiSchema().toGraphQLJSSchema() : buildSchema(text);
