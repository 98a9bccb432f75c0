/** The state of an order in words, what is in it, and what can be done with it now. */
import { useRef, useState } from 'react';
import { NetworkStatus } from '@apollo/client';
import { useMutation, useQuery } from '@apollo/client/react';
import { formatMoment, formatPrice } from '../format.ts';
import { graphql, type ResultOf } from '../graphql.ts';
import { nameAuthors } from '../parts/book-facts.tsx';
import { Cover } from '../parts/cover.tsx';
import { FailurePanel, PartialNotice } from '../parts/notice.tsx';
import { PageHeading } from '../parts/page-heading.tsx';
import { explain } from '../problems.ts';
import { bookPath } from '../route.ts';
import { Link } from '../router.tsx';
import { UnknownPage } from './unknown-page.tsx';

const orderQuery = graphql(`
  query Order($id: ID!) {
    order(id: $id) {
      id
      status
      customer
      total
      currency
      placedAt
      version
      actions
      lines {
        quantity
        unitPrice
        book {
          id
          title
          authors {
            id
            name
          }
        }
      }
    }
  }
`);

const cancelMutation = graphql(`
  mutation CancelOrder($id: ID!) {
    cancelOrder(id: $id) {
      __typename
      ... on Order {
        id
        status
        version
        actions
      }
      ... on NotCancellable {
        message
        status
      }
    }
  }
`);

type Order = NonNullable<ResultOf<typeof orderQuery>['order']>;

const words: Record<Order['status'], { readonly title: string; readonly text: string }> = {
  OPEN: { title: 'Being placed', text: 'We are setting your copies aside. This page follows by itself.' },
  CONFIRMED: { title: 'Confirmed', text: 'Your copies are set aside and the amount is authorized.' },
  SHIPPED: { title: 'Shipped', text: 'Your books are on their way.' },
  CANCELLED: { title: 'Cancelled', text: 'The order was taken back. Its copies are on the shelf again.' },
  REFUSED: { title: 'Refused', text: 'The order could not be confirmed. Nothing was charged and no copies are held.' },
};

const pollWhileOpenMs = 2000;

export function OrderPage({ id }: { readonly id: string }) {
  const [isOpen, setIsOpen] = useState(false);
  const { data, error, networkStatus, refetch } = useQuery(orderQuery, {
    variables: { id },
    pollInterval: isOpen ? pollWhileOpenMs : 0,
  });
  const isRetrying = networkStatus === NetworkStatus.refetch;
  const retry = () => void refetch();
  const isOpenNow = data?.order?.status === 'OPEN';
  if (isOpenNow !== isOpen) setIsOpen(isOpenNow);

  if (data?.order) {
    return (
      <article className="order">
        <PageHeading text="Your order" />
        {error && (
          <PartialNotice onRetry={retry} isBusy={isRetrying}>
            The books’ details can’t be shown right now. The order itself is complete.
          </PartialNotice>
        )}
        <OrderState order={data.order} onRefresh={retry} isRefreshing={isRetrying} />
        <OrderLines order={data.order} />
      </article>
    );
  }
  if (networkStatus === NetworkStatus.loading) {
    return (
      <article className="order skeleton" aria-busy="true">
        <PageHeading text="Your order" />
        <div className="panel status">
          <p>
            <i />
          </p>
        </div>
      </article>
    );
  }
  if (data?.order === null && error === undefined)
    return (
      <UnknownPage heading="There is no such order" text="Please check its number: it is the end of the address." />
    );
  return (
    <>
      <PageHeading text="Your order" />
      <FailurePanel title="This order can’t be shown right now" onRetry={retry} isBusy={isRetrying}>
        {explain(error)}
      </FailurePanel>
    </>
  );
}

interface OrderStateProps {
  readonly order: Order;
  readonly onRefresh: () => void;
  readonly isRefreshing: boolean;
}

function OrderState({ order, onRefresh, isRefreshing }: OrderStateProps) {
  const [cancel, { loading }] = useMutation(cancelMutation);
  const [problem, setProblem] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);
  const { title, text } = words[order.status];

  const cancelOrder = async () => {
    setProblem('');
    const { data } = await cancel({ variables: { id: order.id } }).catch(() => ({ data: undefined }));
    const result = data?.cancelOrder;
    // The button that was pressed is gone; what it brought about is where the focus belongs.
    if (result?.__typename === 'Order') heading.current?.focus();
    if (result?.__typename === 'NotCancellable') {
      setProblem('It is too late to cancel this order.');
      onRefresh();
    }
    if (!result) {
      setProblem('The order can’t be cancelled right now. Try again in a moment.');
    }
  };

  return (
    <section className={`panel status status-${order.status.toLowerCase()}`} aria-labelledby="status-heading">
      <div role="status">
        <h2 id="status-heading" ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <p>{text}</p>
      </div>
      <dl className="facts">
        <div>
          <dt>Number</dt>
          <dd className="number">{order.id}</dd>
        </div>
        <div>
          <dt>For</dt>
          <dd>{order.customer}</dd>
        </div>
        <div>
          <dt>Placed</dt>
          <dd>
            <time dateTime={order.placedAt}>{formatMoment(order.placedAt)}</time>
          </dd>
        </div>
      </dl>
      <p className="buttons">
        <button type="button" className="quiet" aria-disabled={isRefreshing} onClick={onRefresh}>
          {isRefreshing ? 'Looking …' : 'Refresh'}
        </button>
        {order.actions.includes('CANCEL') && (
          <button type="button" className="quiet danger" aria-disabled={loading} onClick={() => void cancelOrder()}>
            {loading ? 'Cancelling …' : 'Cancel order'}
          </button>
        )}
      </p>
      <div role="alert" className="form-problems">
        {problem !== '' && <p>{problem}</p>}
      </div>
    </section>
  );
}

function OrderLines({ order }: { readonly order: Order }) {
  return (
    <section aria-labelledby="lines-heading">
      <h2 id="lines-heading">Books in this order</h2>
      <ul className="lines">
        {order.lines.map(({ book, quantity, unitPrice }) => (
          <li key={book.id}>
            <Cover id={book.id} title={book.title ?? ''} author="" />
            <div>
              <Link href={bookPath(book.id)}>{book.title ?? book.id}</Link>
              <p className="faint">{nameAuthors(book) ?? ''}</p>
            </div>
            <p className="line-price">
              {quantity} × {formatPrice(unitPrice, order.currency)}
            </p>
          </li>
        ))}
      </ul>
      <p className="total">
        Total <strong>{formatPrice(order.total, order.currency)}</strong>
      </p>
    </section>
  );
}
