/** Prices as whole cents, exact; as text ("12.90") only at the borders. The shop has one currency. */

export type Cents = number;

/** ISO 4217. */
export const currency = 'EUR';

/** "12.90", "12.9" and "12" are prices: 0.00 to 99999.99, at most two decimals. Undefined for anything else. */
export function readPrice(text: string): Cents | undefined {
  const match = /^(\d{1,5})(?:\.(\d{1,2}))?$/.exec(text);
  if (match === null) return undefined;
  const [, whole, decimals = ''] = match;
  return Number(whole) * 100 + Number(decimals.padEnd(2, '0'));
}

/** Always with two decimals: "12.90". */
export function formatPrice(cents: Cents): string {
  const digits = String(cents).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
