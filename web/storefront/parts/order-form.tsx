/**
 * Orders a book. One idempotency key stands for one wish: it is kept while the answer is unknown, so that pressing the
 * button again cannot order twice, and dropped as soon as the shop has answered or the wish has changed.
 */
import { useRef, useState, type FormEvent } from 'react';
import { useMutation } from '@apollo/client/react';
import { graphql } from '../graphql.ts';
import { readFormProblems, type FormProblems } from '../problems.ts';
import { orderPath } from '../route.ts';
import { navigate } from '../router.tsx';
import { Field } from './field.tsx';
import { readField } from './read-field.ts';

const placeOrderMutation = graphql(`
  mutation PlaceOrder($input: OrderInput!, $idempotencyKey: String!) {
    placeOrder(input: $input, idempotencyKey: $idempotencyKey) {
      __typename
      ... on Order {
        id
        status
        version
      }
      ... on OutOfStock {
        message
        bookId
        available
      }
      ... on UnknownBook {
        message
        bookId
      }
      ... on AuthorizationRefused {
        message
        reasons
      }
    }
  }
`);

interface OrderFormProps {
  readonly bookId: string;
  readonly stock: number | null;
}

const nothing: FormProblems = { fields: {}, form: [] };
const noAnswer: FormProblems = {
  fields: {},
  form: [
    'The shop did not answer, so we can’t tell whether your order arrived. Press the button again: it will not be placed twice.',
  ],
};

/** A key nobody else has; `crypto.randomUUID` is missing on pages served without TLS from another machine. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function OrderForm({ bookId, stock }: OrderFormProps) {
  const [placeOrder, { client, loading }] = useMutation(placeOrderMutation);
  const [problems, setProblems] = useState(nothing);
  const key = useRef<string | null>(null);
  const mostCopies = Math.min(stock ?? 100, 100);
  const isSoldOut = stock === 0;

  const answer = (found: FormProblems) => {
    key.current = null;
    setProblems(found);
  };

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (loading) return;
    const given = new FormData(event.currentTarget);
    const customer = readField(given, 'customer');
    if (customer === '') {
      setProblems({ fields: { customer: 'Tell us your name, so that we know whose order it is.' }, form: [] });
      return;
    }
    key.current ??= newKey();
    setProblems(nothing);
    const input = { customer, lines: [{ bookId, quantity: Number(readField(given, 'quantity')) }] };
    const outcome = await placeOrder({ variables: { input, idempotencyKey: key.current } }).catch((error: unknown) => ({
      data: undefined,
      error,
    }));
    const result = outcome.data?.placeOrder;
    if (!result) {
      const refused = readFormProblems(outcome.error, ['customer', 'quantity']);
      if (refused) answer(refused);
      else setProblems(noAnswer);
      return;
    }
    switch (result.__typename) {
      case 'Order':
        answer(nothing);
        navigate(orderPath(result.id));
        return;
      case 'OutOfStock':
        client.cache.modify({
          id: client.cache.identify({ __typename: 'Book', id: result.bookId }) ?? '',
          fields: { stock: () => result.available },
        });
        answer({ fields: {}, form: [leftOver(result.available)] });
        return;
      case 'UnknownBook':
        answer({ fields: {}, form: ['This book is no longer in the catalog, so it can’t be ordered.'] });
        return;
      case 'AuthorizationRefused':
        answer({ fields: {}, form: ['The payment was not authorized:', ...result.reasons] });
        return;
    }
  };

  return (
    <form className="order-form" onSubmit={(event) => void submit(event)} onChange={() => (key.current = null)}>
      <Field label="Copies" problem={problems.fields['quantity']}>
        {(ids) => (
          <input
            {...ids}
            type="number"
            name="quantity"
            inputMode="numeric"
            min={1}
            max={Math.max(mostCopies, 1)}
            defaultValue={1}
            required
          />
        )}
      </Field>
      <Field label="Your name" problem={problems.fields['customer']}>
        {(ids) => <input {...ids} type="text" name="customer" autoComplete="name" maxLength={64} required />}
      </Field>
      <button type="submit" aria-disabled={loading} disabled={isSoldOut}>
        {loading ? 'Placing the order …' : 'Place order'}
      </button>
      <div role="alert" className="form-problems">
        {problems.form.map((text) => (
          <p key={text}>{text}</p>
        ))}
      </div>
    </form>
  );
}

function leftOver(available: number): string {
  if (available === 0) return 'There are no copies left.';
  return available === 1 ? 'Only one copy is left.' : `Only ${available} copies are left.`;
}
