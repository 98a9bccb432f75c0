/** Reads the XML of an answer back into what its JSON would be, as the contract says: a missing element is null. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';

type Members = Record<string, unknown>;

/** Numbers and booleans are read by name: a last name may look like a number. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  birthYear: Number,
  deathYear: Number,
  version: Number,
  hasNext: (text) => text === 'true',
  hasPrevious: (text) => text === 'true',
};

export function readAuthor(text: string): Members {
  return toAuthor(parse(text)['author'] as Members);
}

export function readAuthorList(text: string): Members {
  const { items, page, total } = parse(text)['authors'] as { items: Members | ''; page: Members; total: string };
  const authors = items === '' ? [] : (items['author'] as Members[]);
  return {
    items: authors.map(toAuthor),
    page: { start: null, end: null, ...readMembers(page) },
    total: Number(total),
  };
}

function parse(text: string): Members {
  const fault = XMLValidator.validate(text);
  if (fault !== true) throw new Error(`Not well-formed: ${fault.err.msg}`);
  return new XMLParser({
    parseTagValue: false,
    trimValues: true,
    isArray: (name) => name === 'author',
  }).parse(text) as Members;
}

const toAuthor = (members: Members | readonly Members[]): Members => ({
  firstName: null,
  birthYear: null,
  deathYear: null,
  ...readMembers([members].flat()[0] as Members),
});

const readMembers = (members: Members): Members =>
  Object.fromEntries(
    Object.entries(members).map(([name, text]) => [name, readers[name]?.(text as string) ?? text] as const),
  );
