/** `facade.lifecycle`: how the end of a version is told, and how its last callers are made to notice. */
import { flag, group, headerName, link, list, moment, text } from './values.ts';

const version = 'a version such as "v1"';

export const lifecycleSchema = group({
  links: flag().prefault(true).describe('Whether deprecated routes link to their successors and to the pages below'),
  deprecation: link()
    .optional()
    .describe('The page that says what a deprecation means, linked as "deprecation"; {version} stands for the version'),
  sunset: link().optional().describe('The page about the end of versions, linked as "sunset"; {version} as above'),
  clientHeader: headerName()
    .prefault('apollographql-client-name')
    .describe(
      'The header by which clients name themselves, for counting who calls which version; else User-Agent is read',
    ),
  brownOuts: list(
    group({
      version: text(version).describe('The version'),
      from: moment().describe('Its beginning'),
      until: moment().describe('Its end'),
    }).refine(({ from, until }) => from < until, { error: 'an "until" after "from"' }),
    'a list of brown-outs',
  )
    .prefault([])
    .describe('Windows in which all routes of a version answer 410, so that callers notice before its sunset'),
});
