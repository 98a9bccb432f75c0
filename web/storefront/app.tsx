/** The frame around every page: landmarks, the skip link, and where the focus goes when the page changes. */
import { useEffect, useRef } from 'react';
import { Link, readRoute, useAddress, type Route } from './router.tsx';
import { BookPage } from './pages/book-page.tsx';
import { ListPage } from './pages/list-page.tsx';
import { OrderPage } from './pages/order-page.tsx';
import { UnknownPage } from './pages/unknown-page.tsx';
import { Mark } from './parts/mark.tsx';
import { useGenres } from './use-genres.ts';

export function App() {
  const address = useAddress();
  const route = readRoute(address);
  const genres = useGenres(route.page === 'list');
  useFocusOnNewPage(address.pathname);
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="masthead">
        <Link href="/" className="brand">
          <Mark />
          The Bookshop
        </Link>
        <nav aria-label="Shop and API">
          <Link href="/" {...(route.page === 'list' ? { 'aria-current': 'page' } : {})}>
            Books
          </Link>
          <a href="/console">GraphQL</a>
          <a href="/rest/docs">REST</a>
        </nav>
      </header>
      <main id="content" tabIndex={-1}>
        <Page key={address.pathname} route={route} genres={genres} />
      </main>
      <footer>
        <p>
          Books and authors are real. Prices, stock and reviews are made up, so that there is something to order. Every
          page here is one GraphQL query over several REST services, answered by Tributary.
        </p>
      </footer>
    </>
  );
}

function Page({ route, genres }: { readonly route: Route; readonly genres: readonly string[] }) {
  switch (route.page) {
    case 'list':
      return <ListPage search={route.search} genres={genres} />;
    case 'book':
      return <BookPage id={route.id} />;
    case 'order':
      return <OrderPage id={route.id} />;
    case 'unknown':
      return <UnknownPage />;
  }
}

/** A screen reader starts at the new page's heading; the first page is left to the browser. */
function useFocusOnNewPage(pathname: string): void {
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }, [pathname]);
}
