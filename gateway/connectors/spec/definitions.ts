/**
 * The directives of the connect specification and Tributary's own (connectors.md 3.1, 6.1). A file need not carry them:
 * what it says is checked against these, and lowering removes every use before composition sees the file.
 */
import { buildASTSchema, parse, type GraphQLSchema } from 'graphql';

const connectDefinitions = /* GraphQL */ `
  scalar JSONSelection
  scalar URLTemplate
  input ConnectorErrors {
    message: JSONSelection
    extensions: JSONSelection
  }
  input HTTPHeaderMapping {
    name: String!
    from: String
    value: String
  }
  input ConnectBatch {
    maxSize: Int
  }
  input SourceHTTP {
    baseURL: String!
    headers: [HTTPHeaderMapping!]
    path: JSONSelection
    queryParams: JSONSelection
  }
  input ConnectHTTP {
    GET: URLTemplate
    POST: URLTemplate
    PUT: URLTemplate
    PATCH: URLTemplate
    DELETE: URLTemplate
    body: JSONSelection
    headers: [HTTPHeaderMapping!]
    path: JSONSelection
    queryParams: JSONSelection
  }
  directive @source(
    name: String!
    http: SourceHTTP!
    errors: ConnectorErrors
    isSuccess: JSONSelection
  ) repeatable on SCHEMA
  directive @connect(
    source: String
    id: String
    http: ConnectHTTP
    batch: ConnectBatch
    errors: ConnectorErrors
    selection: JSONSelection!
    entity: Boolean = false
    isSuccess: JSONSelection
  ) repeatable on FIELD_DEFINITION | OBJECT
`;

/** Tributary's own directives. `joins` lets the keys of one connector travel with another's list request. */
const tributaryDefinitions = /* GraphQL */ `
  directive @tributarySource(name: String!, strict: String, skipNullKeys: Boolean) repeatable on SCHEMA
  directive @tributaryConnect(
    index: Int = 0
    strict: String
    skipNullKeys: Boolean
  ) repeatable on FIELD_DEFINITION | OBJECT
  directive @tributaryKeyList(
    index: Int = 0
    GET: String!
    param: String!
    items: String = "$"
    itemKey: String
    style: String = "comma"
    maxSize: Int = 100
    joins: Boolean = false
  ) repeatable on FIELD_DEFINITION | OBJECT
  directive @tributaryRead(
    index: Int = 0
    name: String!
    path: String!
    in: String
    many: Boolean = false
  ) repeatable on FIELD_DEFINITION | OBJECT
  directive @tributaryPage(
    index: Int = 0
    style: String!
    next: String
    param: String
    fixedSize: Int
    defaultSize: Int = 20
    maxSize: Int = 100
    maxCalls: Int = 10
    firstPage: Int = 1
  ) repeatable on FIELD_DEFINITION
`;

export const tributaryDirectives = [
  ...['tributarySource', 'tributaryConnect', 'tributaryKeyList', 'tributaryRead', 'tributaryPage'],
];

/** All definitions, as a file may carry them. */
export const definitionsText = `${connectDefinitions} ${tributaryDefinitions}`;

/** All definitions as a schema, to check uses against. */
export const buildDefinitions = (): GraphQLSchema =>
  buildASTSchema(parse(`type Query { unused: Int } ${definitionsText}`));
