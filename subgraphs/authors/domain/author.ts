/** An author: a name, and the years of a life as far as they are known. Every change that says something new counts. */
import { faultsOfLife, type Life } from './life.ts';
import { faultOfName, tidyName, type PersonName } from './name.ts';

/** What is said about an author. */
export interface AuthorDetails extends PersonName, Life {}

export interface Author extends AuthorDetails {
  /** A readable slug of the name the author was entered under; it stays when the name changes. */
  readonly id: string;
  readonly version: number;
}

export interface AuthorFault {
  readonly field: keyof AuthorDetails;
  readonly detail: string;
}

/** All that is wrong with an author, at once. */
export class InvalidAuthor extends Error {
  override readonly name = 'InvalidAuthor';
  readonly faults: readonly AuthorFault[];

  constructor(faults: readonly AuthorFault[]) {
    super(faults.map(({ detail }) => detail).join('; '));
    this.faults = faults;
  }
}

/** Details that keep the rules, names tidied. Throws InvalidAuthor. */
export function checkDetails(details: AuthorDetails, now: Date): AuthorDetails {
  const { birthYear, deathYear } = details;
  const lastName = tidyName(details.lastName);
  const firstName = details.firstName === null ? null : tidyName(details.firstName);
  const faults = [
    ...(firstName === null ? [] : faultsOfName('firstName', firstName)),
    ...faultsOfName('lastName', lastName),
    ...faultsOfLife(details, now),
  ];
  if (faults.length > 0) throw new InvalidAuthor(faults);
  return { firstName, lastName, birthYear, deathYear };
}

/** The author as changed; the very same when nothing differs. Throws InvalidAuthor. */
export function changeAuthor(author: Author, change: Partial<AuthorDetails>, now: Date): Author {
  const details = checkDetails({ ...author, ...change }, now);
  const fields = Object.keys(details) as (keyof AuthorDetails)[];
  if (fields.every((field) => details[field] === author[field])) return author;
  return { id: author.id, ...details, version: author.version + 1 };
}

function faultsOfName(field: 'firstName' | 'lastName', text: string): AuthorFault[] {
  const detail = faultOfName(text);
  return detail === undefined ? [] : [{ field, detail }];
}
