/** Amounts of money as whole cents, exact; as text ("12.90") only at the borders. */

export type Cents = number;

/** "12.90", "12.9" and "12" are amounts; at most two decimals, no sign. Undefined for anything else. */
export function readAmount(text: string): Cents | undefined {
  const match = /^(\d{1,11})(?:\.(\d{1,2}))?$/.exec(text);
  if (match === null) return undefined;
  const [, whole, decimals = ''] = match;
  return Number(whole) * 100 + Number(decimals.padEnd(2, '0'));
}

/** Always with two decimals: "12.90". */
export function formatAmount(cents: Cents): string {
  const digits = String(cents).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
