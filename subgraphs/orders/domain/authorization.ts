/**
 * May this customer spend this amount? A decision out of the amount, the customer and what is known of him, with every
 * reason that speaks against it. The authorization is a resource of its own: it is kept, and can be read later.
 */
import { formatAmount, type Cents } from './money.ts';

export const limits = {
  /** In one order. */
  amount: 1_000_00,
  /** Of all orders that are confirmed and not yet shipped, this one included, within `openDays`. */
  openAmount: 3_000_00,
  openDays: 30,
  /** Orders whose amount was not authorized, within a day. */
  refusals: 5,
} as const;

/** What is known of a customer; amounts are in the currency that is asked for. */
export interface CustomerHistory {
  readonly openAmount: Cents;
  readonly refusalsInADay: number;
  readonly isOnHold: boolean;
}

export type Rule = 'amount-limit' | 'open-amount-limit' | 'too-many-refusals' | 'customer-on-hold';

export interface Reason {
  readonly rule: Rule;
  readonly detail: string;
}

export type Decision =
  | { readonly decision: 'GRANTED'; readonly reasons: readonly [] }
  | { readonly decision: 'REFUSED'; readonly reasons: readonly Reason[] };

export interface AuthorizationRequest {
  readonly customer: string;
  readonly amount: Cents;
  readonly currency: string;
  /** The order it is for; null when somebody only asks. */
  readonly orderId: string | null;
}

export type Authorization = AuthorizationRequest &
  Decision & { readonly id: string; readonly history: CustomerHistory; readonly decidedAt: string };

/** Decides, with all reasons at once. */
export function decideAuthorization(facts: {
  readonly amount: Cents;
  readonly currency: string;
  readonly history: CustomerHistory;
}): Decision {
  const { amount, currency, history } = facts;
  const reasons: Reason[] = [];
  const refuse = (rule: Rule, detail: string): void => void reasons.push({ rule, detail });
  const money = (cents: Cents): string => `${formatAmount(cents)} ${currency}`;
  if (history.isOnHold) refuse('customer-on-hold', 'The customer is on hold');
  if (amount > limits.amount) {
    refuse('amount-limit', `One order may come to ${money(limits.amount)}, this one comes to ${money(amount)}`);
  }
  if (history.openAmount + amount > limits.openAmount) {
    const open = `${money(history.openAmount)} of the last ${limits.openDays} days are open`;
    refuse(
      'open-amount-limit',
      `${open}; together with ${money(amount)} that is more than ${money(limits.openAmount)}`,
    );
  }
  if (history.refusalsInADay > limits.refusals) {
    refuse('too-many-refusals', `${history.refusalsInADay} orders were refused within a day`);
  }
  return reasons.length === 0 ? { decision: 'GRANTED', reasons: [] } : { decision: 'REFUSED', reasons };
}
