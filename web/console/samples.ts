/** Queries to start from. Only those the graph at hand can answer are offered: the console knows no shop of its own. */
import { parse, validate, type GraphQLSchema } from 'graphql';

export interface Sample {
  readonly name: string;
  readonly query: string;
  readonly variables: string;
}

const samples: readonly Sample[] = [
  {
    name: 'Books from four services',
    query: `query Books {
  books(first: 20) {
    nodes {
      title
      authors { name }
      rating { average count }
      stock
      reviews(first: 3) {
        nodes { rating text reader }
      }
    }
  }
}
`,
    variables: '',
  },
  {
    name: 'One book',
    query: `query Book($id: ID!) {
  book(id: $id) {
    title
    year
    price
    currency
    authors { name birthYear deathYear }
    stock
    rating { average count }
  }
}
`,
    variables: '{\n  "id": "madame-bovary"\n}',
  },
  {
    name: 'An author and the author’s books',
    query: `query Author($id: ID!) {
  author(id: $id) {
    name
    birthYear
    books(first: 10) {
      totalCount
      nodes { title year stock }
    }
  }
}
`,
    variables: '{\n  "id": "gustave-flaubert"\n}',
  },
  {
    name: 'Place an order',
    query: `mutation PlaceOrder($input: OrderInput!, $key: String) {
  placeOrder(input: $input, idempotencyKey: $key) {
    __typename
    ... on Order { id status total currency lines { quantity book { title stock } } }
    ... on Problem { message }
    ... on OutOfStock { available }
    ... on AuthorizationRefused { reasons }
  }
}
`,
    variables:
      '{\n  "key": "console-1",\n  "input": {\n    "customer": "ada",\n    "lines": [{ "bookId": "madame-bovary", "quantity": 1 }]\n  }\n}',
  },
  {
    name: 'What the graph can be asked',
    query: `{
  __schema {
    queryType { fields { name description } }
  }
}
`,
    variables: '',
  },
];

/** The samples this schema can answer. */
export const fittingSamples = (schema: GraphQLSchema): readonly Sample[] =>
  samples.filter(({ query }) => validate(schema, parse(query)).length === 0);
