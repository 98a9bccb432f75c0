import { PageHeading } from '../parts/page-heading.tsx';
import { Link } from '../router.tsx';

interface UnknownPageProps {
  readonly heading?: string;
  readonly text?: string;
}

/** An address nothing answers to, or a book or an order that is not there. */
export function UnknownPage({
  heading = 'There is no such page',
  text = 'The address may be mistyped, or the page has moved.',
}: UnknownPageProps) {
  return (
    <div className="failure">
      <PageHeading text={heading} />
      <p>{text}</p>
      <p>
        <Link href="/" className="button">
          See all books
        </Link>
      </p>
    </div>
  );
}
