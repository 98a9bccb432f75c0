/** What the services of the comparison answer from: always the same, out of a small generator. */
export interface User {
  readonly id: number;
  readonly name: string;
  readonly username: string;
  readonly email: string;
  readonly phone: string;
  readonly website: string;
}

export interface Post {
  readonly id: number;
  readonly userId: number;
  readonly title: string;
  readonly body: string;
}

export interface Product {
  readonly upc: string;
  readonly name: string;
  readonly price: number;
  readonly weight: number;
  readonly inStock: boolean;
}

export interface Review {
  readonly id: string;
  readonly body: string;
  readonly userId: number;
  readonly upc: string;
}

const words = 'quiet river stone lantern harbour winter orchard silver meadow window copper garden letter bridge'.split(
  ' ',
);

/** `count` words that depend on nothing but `start`. */
const text = (start: number, count: number): string =>
  Array.from({ length: count }, (_, index) => words[(start * 7 + index * 5 + (start >> 2)) % words.length]).join(' ');

const listOf = <Item>(length: number, make: (number: number) => Item): readonly Item[] =>
  Array.from({ length }, (_, index) => make(index + 1));

export const users = listOf(10, (id): User => {
  const username = text(id, 1) + id;
  return {
    ...{ id, username, name: text(id, 2), email: `${username}@shop.example` },
    ...{ phone: `+33 1 00 00 00 ${String(id).padStart(2, '0')}`, website: `${username}.example` },
  };
});

export const posts = listOf(100, (id): Post => ({
  ...{ id, userId: Math.ceil(id / 10) },
  ...{ title: text(id, 6), body: text(id + 3, 24) },
}));

export const products = listOf(12, (number): Product => ({
  ...{ upc: String(number), name: text(number, 2), price: number * 150, weight: number * 70 },
  inStock: number % 3 !== 0,
}));

export const reviews = listOf(30, (number): Review => ({
  ...{ id: String(number), body: text(number, 12) },
  ...{ userId: (number % users.length) + 1, upc: String((number % products.length) + 1) },
}));

/** What shipping costs, of what the products service knows: free where the price is high. */
export const shippingOf = ({ price, weight }: { price: number; weight: number }): number =>
  price > 1000 ? 0 : Math.round(weight * 0.5);
