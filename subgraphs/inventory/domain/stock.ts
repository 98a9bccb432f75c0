/**
 * The stock of one book: copies on the shelf, and how many of them are held back. Every change is a function from one
 * stock to the next, and none of them can leave `0 <= reserved <= onHand`.
 */

export interface Stock {
  readonly bookId: string;
  readonly onHand: number;
  readonly reserved: number;
}

/** There are fewer copies than asked for. */
export class OutOfStock extends Error {
  override readonly name = 'OutOfStock';
  readonly bookId: string;
  readonly available: number;
  readonly requested: number;

  constructor(bookId: string, available: number, requested: number) {
    super(`${available} of "${bookId}" can be had, ${requested} were asked for`);
    this.bookId = bookId;
    this.available = available;
    this.requested = requested;
  }
}

/** A count below what is promised already. */
export class BelowReserved extends Error {
  override readonly name = 'BelowReserved';
  readonly stock: Stock;

  constructor(stock: Stock) {
    super(`${stock.reserved} copies of "${stock.bookId}" are reserved, so there cannot be fewer`);
    this.stock = stock;
  }
}

export const availableOf = (stock: Stock): number => stock.onHand - stock.reserved;

/** Holds copies back. */
export function holdCopies(stock: Stock, quantity: number): Stock {
  const available = availableOf(stock);
  if (quantity > available) throw new OutOfStock(stock.bookId, available, quantity);
  return { ...stock, reserved: stock.reserved + quantity };
}

/** Held copies leave the shelf. */
export const takeCopies = (stock: Stock, quantity: number): Stock =>
  checked({ ...stock, onHand: stock.onHand - quantity, reserved: stock.reserved - quantity });

/** Copies that had left come back. */
export const returnCopies = (stock: Stock, quantity: number): Stock =>
  checked({ ...stock, onHand: stock.onHand + quantity });

/** Somebody counted the shelf. */
export function recount(stock: Stock, onHand: number): Stock {
  if (onHand < stock.reserved) throw new BelowReserved(stock);
  return checked({ ...stock, onHand });
}

/** A mistake of the caller, not of a customer: more freed or taken than was held. */
function checked(stock: Stock): Stock {
  if (stock.reserved >= 0 && stock.reserved <= stock.onHand) return stock;
  throw new RangeError(`Stock of "${stock.bookId}" would be ${stock.onHand}, ${stock.reserved} of them reserved`);
}
