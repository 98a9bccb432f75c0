/**
 * The facade's directives (facade.md 2.2). Documents are validated against the API schema plus these definitions; they
 * are stripped before planning, so the supergraph never sees them. A module and not a .graphql file, because it is code
 * that is built and published. Types carry the prefix `facade__` so that they cannot clash with a type of the graph.
 */
export const facadeDirectives = /* GraphQL */ `
  enum facade__HttpMethod {
    GET
    POST
    PUT
    PATCH
    DELETE
  }
  "What to do when a part of the answer fails."
  enum facade__PartialMode {
    "Only a part marked @optional may fail."
    FAIL
    "As FAIL; with the request header \`Prefer: handling=lenient\` any part may fail."
    ON_REQUEST
    "Any part may fail."
    ALLOW
  }
  enum facade__PageStyle {
    CURSOR
    OFFSET
  }
  enum facade__CacheScope {
    PUBLIC
    PRIVATE
  }
  "Any literal."
  scalar facade__Literal

  "A result type, or an error code, and the status it gives."
  input facade__OutcomeRule {
    type: String
    code: String
    status: Int!
    problem: String
  }
  """
  \`job\` and \`result\` name operations; \`state\`, \`resultId\` and \`error\` are mappings over the job. Without \`failed\`, a state that is
  neither running nor done is a failure
  """
  input facade__AsyncRule {
    job: String!
    state: String = "$.status"
    running: [String!]!
    done: [String!]!
    failed: [String!]
    result: String
    resultId: String = "$.resultId"
    "What went wrong, in words for the client."
    error: String
    "Seconds."
    retryAfter: Int = 2
  }
  "\`items\`, \`info\`, \`total\` are paths inside the result; \`size\` and \`cursor\` are names of variables."
  input facade__PageRule {
    style: facade__PageStyle = CURSOR
    items: String!
    info: String
    total: String
    size: String = "first"
    cursor: String = "after"
    max: Int = 100
  }
  "A link to the operation \`to\`; \`args\` and \`when\` are mappings over the representation."
  input facade__RelRule {
    rel: String!
    to: String!
    args: String
    when: String
  }

  "Binds the operation to a method and a route."
  directive @http(
    method: facade__HttpMethod!
    route: String!
    "Hot Chocolate's form: \`page:$input.page\`."
    queryParameters: [String!]
    success: Int
    "Path to the representation, from the root field. Default: the root field."
    result: String
    location: String
    outcomes: [facade__OutcomeRule!]
    partial: facade__PartialMode = FAIL
    "Answer 404 instead of 403."
    hide: Boolean = false
    "Keep an upstream 400 as 400."
    passthrough: Boolean = false
    "Show the upstream's error body."
    expose: Boolean = false
  ) on QUERY | MUTATION

  "The canonical item route of an entity. \`version\` is the field that changes with every write."
  directive @resource(type: String!, key: [String!]! = ["id"], version: String) on QUERY
  directive @collection(of: String!, page: facade__PageRule) on QUERY
  directive @rels(add: [facade__RelRule!]!) on QUERY | MUTATION
  "The answer is 202 and the address of a job: the service's own by \`rule\`, without one a job of the gateway."
  directive @async(rule: facade__AsyncRule) on MUTATION
  directive @idempotent(required: Boolean = false, ttl: String = "24h") on MUTATION
  "If-Match is checked when sent; \`ifMatch: true\` makes it required."
  directive @guard(ifMatch: Boolean = false) on MUTATION
  "Seconds. Can only make the computed cache policy stricter, but for the two stale times and negativeTtl."
  directive @cache(
    maxAge: Int
    scope: facade__CacheScope
    staleWhileRevalidate: Int
    staleIfError: Int
    negativeTtl: Int
  ) on QUERY
  directive @lifecycle(version: String, deprecated: String, sunset: String, successor: String) on QUERY | MUTATION

  "The variable is the whole request body."
  directive @body on VARIABLE_DEFINITION
  "\`split\`: a list may also be written with commas."
  directive @query(name: String, split: Boolean = true) on VARIABLE_DEFINITION
  directive @header(name: String!) on VARIABLE_DEFINITION
  "This part may fail without failing the response."
  directive @optional on FIELD
  "An example for the OpenAPI document."
  directive @example(value: facade__Literal!) on FIELD | VARIABLE_DEFINITION
`;
