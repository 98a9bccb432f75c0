/**
 * Books the tests can do something with. Stock and reviews of the bookshop are generated, so a test that needs copies and
 * readers looks for a book that has them instead of naming one.
 */
export interface ChosenBook {
  readonly id: string;
  readonly title: string;
  readonly author: string;
  readonly life: string;
}

interface FoundBook {
  readonly id: string;
  readonly title: string;
  readonly stock: number;
  readonly rating: { readonly count: number };
  readonly authors: readonly {
    readonly name: string;
    readonly birthYear: number | null;
    readonly deathYear: number | null;
  }[];
}

const query = `{
  books(first: 100) {
    nodes { id title stock rating { count } authors { name birthYear deathYear } }
  }
}`;

/** Three books with ten copies and more than a page of reviews, by one author, whose title finds them alone. */
export async function chooseBooks(shopUrl: string): Promise<[ChosenBook, ChosenBook, ChosenBook]> {
  const response = await fetch(`${shopUrl}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data } = (await response.json()) as { readonly data: { readonly books: { readonly nodes: FoundBook[] } } };
  const books = data.books.nodes;
  const [first, second, third] = books.flatMap(({ id, title, stock, rating, authors }) => {
    const [author] = authors;
    const isAlone = books.every((other) => other.id === id || !includes(other.title, title));
    const isModern = author?.birthYear != null && author.deathYear != null && author.birthYear > 0;
    if (!author || authors.length > 1 || !isAlone || !isModern || stock < 10 || rating.count < 6) return [];
    return [{ id, title, author: author.name, life: `${author.birthYear}–${author.deathYear}` }];
  });
  if (!first || !second || !third) throw new Error('The shop has no three books with enough copies and reviews');
  return [first, second, third];
}

const includes = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase());
