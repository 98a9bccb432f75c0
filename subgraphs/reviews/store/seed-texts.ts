/**
 * The sentences that seeded reviews are put together from. They fit any book and say nothing about one: they are nobody's
 * opinion.
 */

export const openings = {
  1: [
    'This was not for me at all.',
    'I gave up half way.',
    'I expected something else.',
    'A struggle from the first page.',
  ],
  2: ['I wanted to like it more.', 'It has its moments, but few of them.', 'Not quite what I hoped for.', 'Uneven.'],
  3: ['A fair read.', 'Good in parts.', 'I am of two minds about it.', 'Worth the time, with patience.'],
  4: ['A very good book.', 'I enjoyed it from beginning to end.', 'Better than I remembered.', 'It stays with you.'],
  5: ['A book to read twice.', 'I could not put it down.', 'One of the best I have read.', 'It deserves its fame.'],
} as const;

export const middles = {
  1: ['The language kept me at a distance.', 'I never found a way into it.', 'Its pace is not mine.'],
  2: ['Some passages drag.', 'The beginning promises more than follows.', 'I lost the thread more than once.'],
  3: [
    'The first part is stronger than the second.',
    'The style takes getting used to.',
    'It asks for a quiet evening.',
  ],
  4: ['The language is a pleasure.', 'Its people feel near, whatever the century.', 'The last part is the best.'],
  5: [
    'Every sentence is in its place.',
    'It made me laugh and it made me think.',
    'I saw the world differently afterwards.',
  ],
} as const;

export const endings = [
  'I read it over a weekend.',
  'We talked about it in our reading group.',
  'A friend had lent it to me.',
  'I shall come back to it in ten years.',
  'The notes at the end helped.',
  'I read it aloud, which suits it.',
  'It was my second attempt.',
  'I had it with me on a long journey.',
  'Others will see it differently.',
  'I marked a good many pages.',
] as const;
