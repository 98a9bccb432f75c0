/** The search. Its state is the address, so that a search can be shared and the back button works. */
import { useEffect, useRef, type FormEvent } from 'react';
import { formatGenre } from '../format.ts';
import { navigate } from '../router.tsx';

const sortLabels = {
  TITLE_ASC: 'Title, A to Z',
  TITLE_DESC: 'Title, Z to A',
  YEAR_ASC: 'Oldest first',
  YEAR_DESC: 'Newest first',
  PRICE_ASC: 'Lowest price first',
  PRICE_DESC: 'Highest price first',
};

interface SearchFormProps {
  readonly search: URLSearchParams;
  readonly genres: readonly string[];
}

export function SearchForm({ search, genres }: SearchFormProps) {
  const genre = search.get('genre') ?? '';
  const options = genre === '' || genres.includes(genre) ? genres : [genre, ...genres];
  const isNarrowed = ['title', 'author', 'genre'].some((name) => search.get(name));

  const formRef = useRef<HTMLFormElement>(null);
  const address = search.toString();
  // The fields are the browser's own; they follow the address when it changes by the back button or a link.
  useEffect(() => {
    const given = new URLSearchParams(address);
    for (const field of formRef.current?.elements ?? []) {
      if (field instanceof HTMLInputElement) field.value = given.get(field.name) ?? '';
      if (field instanceof HTMLSelectElement) field.value = given.get(field.name) ?? field.options[0]?.value ?? '';
    }
  }, [address]);
  // The genres come later than the page. Only their own field follows: a person may be typing in the others.
  useEffect(() => {
    const field = formRef.current?.elements.namedItem('genre');
    if (field instanceof HTMLSelectElement) field.value = new URLSearchParams(address).get('genre') ?? '';
  }, [address, genres]);

  const clear = () => {
    navigate('/');
    formRef.current?.querySelector('input')?.focus();
  };
  return (
    <search>
      <form className="search" ref={formRef} onSubmit={submit}>
        <label className="grow">
          Title
          <input type="search" name="title" placeholder="Madame Bovary" />
        </label>
        <label className="grow">
          Author
          <input type="search" name="author" placeholder="Flaubert" />
        </label>
        <label>
          Genre
          <select name="genre" onChange={choose}>
            <option value="">All genres</option>
            {options.map((name) => (
              <option key={name} value={name}>
                {formatGenre(name)}
              </option>
            ))}
          </select>
        </label>
        <label>
          Order
          <select name="sort" onChange={choose}>
            {Object.entries(sortLabels).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <button type="submit">Search</button>
        {isNarrowed && (
          <button type="button" className="quiet" onClick={clear}>
            Clear
          </button>
        )}
      </form>
    </search>
  );
}

function submit(event: FormEvent<HTMLFormElement>): void {
  event.preventDefault();
  go(event.currentTarget);
}

function choose(event: { readonly currentTarget: HTMLSelectElement }): void {
  if (event.currentTarget.form) go(event.currentTarget.form);
}

/** The search of the form becomes the address. */
function go(form: HTMLFormElement): void {
  const wanted = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== 'string' || value.trim() === '') continue;
    if (name === 'sort' && value === 'TITLE_ASC') continue;
    wanted.set(name, value.trim());
  }
  const query = wanted.toString();
  navigate(query === '' ? '/' : `/?${query}`);
}
