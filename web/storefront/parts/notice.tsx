/** What the shop says when something is not as it should be. */
import type { ReactNode } from 'react';

interface NoticeProps {
  readonly children: ReactNode;
  readonly onRetry?: (() => void) | undefined;
  readonly isBusy?: boolean;
}

/** A page that stands, but not whole. */
export function PartialNotice({ children, onRetry, isBusy = false }: NoticeProps) {
  return (
    <div className="notice" role="status">
      <p>{children}</p>
      {onRetry && <RetryButton onRetry={onRetry} isBusy={isBusy} />}
    </div>
  );
}

/** Nothing to show at all. */
export function FailurePanel({ children, onRetry, isBusy = false, title }: NoticeProps & { readonly title: string }) {
  return (
    <div className="failure" role="alert">
      <h2>{title}</h2>
      <p>{children}</p>
      {onRetry && <RetryButton onRetry={onRetry} isBusy={isBusy} />}
    </div>
  );
}

function RetryButton({ onRetry, isBusy }: { readonly onRetry: () => void; readonly isBusy: boolean }) {
  // Not disabled while it works: a disabled button would drop the focus.
  return (
    <button type="button" className="quiet" onClick={isBusy ? undefined : onRetry} aria-disabled={isBusy}>
      {isBusy ? 'Trying again …' : 'Try again'}
    </button>
  );
}
