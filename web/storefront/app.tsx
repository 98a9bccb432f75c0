/** The frame around every page: landmarks, the skip link, and where the focus goes when the page changes. */
import { useEffect, useRef, type RefObject } from 'react';
import { readRoute, type Route } from './route.ts';
import { Link, useAddress } from './router.tsx';
import { BookPage } from './pages/book-page.tsx';
import { ListPage } from './pages/list-page.tsx';
import { OrderPage } from './pages/order-page.tsx';
import { UnknownPage } from './pages/unknown-page.tsx';
import { Mark } from './parts/mark.tsx';
import { HeadingFocus } from './parts/page-heading.tsx';
import { useGenres } from './use-genres.ts';

export function App() {
  const address = useAddress();
  const route = readRoute(address);
  const genres = useGenres(route.page === 'list');
  const focus = useFocusOnNewPage(address.pathname);
  return (
    <HeadingFocus value={focus.current}>
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
    </HeadingFocus>
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

/** Puts the focus on the heading of each page after the first. */
function useFocusOnNewPage(pathname: string): RefObject<{ isWanted: boolean }> {
  const shown = useRef(pathname);
  const focus = useRef({ isWanted: false });
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    focus.current.isWanted = true;
    document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }, [pathname]);
  return focus;
}
