/** What a customer asks for, before anything is known about the books: the rules that need no other service. */

export interface OrderInput {
  readonly customer: string;
  readonly lines: readonly { readonly bookId: string; readonly quantity: number }[];
}

export interface InputFault {
  /** JSON Pointer into the input. */
  readonly pointer: string;
  readonly detail: string;
}

/** All that is wrong with an input, at once. */
export class InvalidOrder extends Error {
  override readonly name = 'InvalidOrder';
  readonly faults: readonly InputFault[];

  constructor(faults: readonly InputFault[]) {
    super('The order breaks its rules');
    this.faults = faults;
  }
}

const LINES = { from: 1, to: 50 };
const QUANTITY = { from: 1, to: 100 };

/** Throws InvalidOrder. */
export function checkOrderInput({ customer, lines }: OrderInput): void {
  const faults: InputFault[] = [];
  if (!isName(customer)) {
    faults.push({
      pointer: '/customer',
      detail: 'A customer has a name of 1 to 64 characters, none of them a control',
    });
  }
  if (!isWithin(lines.length, LINES)) {
    faults.push({ pointer: '/lines', detail: `An order has ${LINES.from} to ${LINES.to} lines, not ${lines.length}` });
  }
  const seen = new Set<string>();
  for (const [index, { bookId, quantity }] of lines.entries()) {
    const pointer = `/lines/${index}`;
    if (!isBookId(bookId)) faults.push({ pointer: `${pointer}/bookId`, detail: 'This is not the id of a book' });
    else if (seen.has(bookId)) faults.push({ pointer: `${pointer}/bookId`, detail: 'This book is in an earlier line' });
    if (!Number.isInteger(quantity) || !isWithin(quantity, QUANTITY)) {
      const detail = `A quantity is a whole number from ${QUANTITY.from} to ${QUANTITY.to}`;
      faults.push({ pointer: `${pointer}/quantity`, detail });
    }
    seen.add(bookId);
  }
  if (faults.length > 0) throw new InvalidOrder(faults.slice(0, 20));
}

/** May this be the name of a customer? */
export function isName(name: string): boolean {
  const length = Array.from(name).length;
  return name.trim() === name && length >= 1 && length <= 64 && !/[\p{Cc}\p{Cs}]/u.test(name);
}

/** May this be an idempotency key? */
export const isIdempotencyKey = (key: string): boolean => /^[\x21-\x7e]{1,255}$/.test(key);

const isBookId = (id: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(id);

const isWithin = (value: number, { from, to }: { from: number; to: number }): boolean => value >= from && value <= to;
