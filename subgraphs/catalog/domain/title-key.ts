/** A title as it is searched and sorted by. The database compares these keys byte by byte, so every database agrees. */
import { foldText } from '../../chassis/text.ts';

/** As much of a title as decides about its place in a list; short, because cursors carry it. */
const SORT_LENGTH = 60;

/** Without case and accents: a search is a part of it. */
export const searchKeyOf = (title: string): string => foldText(title);

export const sortKeyOf = (title: string): string => Array.from(foldText(title)).slice(0, SORT_LENGTH).join('');
