/**
 * The one h1 of a page, which also names the document. After a link inside the shop it takes the focus, so that a screen
 * reader starts there; also when it comes in the place of another heading that had it, such as that of a placeholder.
 */
import { createContext, useContext, useLayoutEffect, useRef } from 'react';

/** Has the visitor gone from page to page yet? The first page of all is left to the browser. */
export const HeadingFocus = createContext<{ readonly isWanted: boolean }>({ isWanted: false });

export function PageHeading({ text, className }: { readonly text: string; readonly className?: string }) {
  const focus = useContext(HeadingFocus);
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    if (focus.isWanted && document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, [focus]);
  return (
    <>
      <title>{`${text} · The Bookshop`}</title>
      <h1 tabIndex={-1} className={className} ref={heading}>
        {text}
      </h1>
    </>
  );
}
