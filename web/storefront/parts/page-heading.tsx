/** The one h1 of a page, which also names the document. It takes the focus when the page is opened by a link. */
export function PageHeading({ text, className }: { readonly text: string; readonly className?: string }) {
  return (
    <>
      <title>{`${text} · The Bookshop`}</title>
      <h1 tabIndex={-1} className={className}>
        {text}
      </h1>
    </>
  );
}
