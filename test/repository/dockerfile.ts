/** A small reader of Dockerfiles: comments and continued lines are resolved, instructions are grouped by stage. */
import { readFileSync } from 'node:fs';

export interface Instruction {
  readonly name: string;
  /** The rest of the line, as written. */
  readonly text: string;
}

export interface Stage {
  readonly image: string;
  readonly alias: string | undefined;
  readonly instructions: readonly Instruction[];
}

export function readDockerfile(file: string): Stage[] {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const stages: { image: string; alias: string | undefined; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [, name = '', text = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    if (name === 'FROM') {
      const [image = '', , alias] = text.split(/\s+/);
      stages.push({ image, alias, instructions: [] });
    } else stages.at(-1)!.instructions.push({ name, text });
  }
  return stages;
}

/** Texts of one kind of instruction. */
export const textsOf = (stage: Stage, name: string): string[] =>
  stage.instructions.filter((instruction) => instruction.name === name).map(({ text }) => text);

/** The words of an instruction in exec form: CMD ["node", "x.js"]. */
export function execForm(text: string): string[] {
  const list: unknown = JSON.parse(text.slice(text.indexOf('[')));
  if (!Array.isArray(list)) throw new TypeError(`Not in exec form: ${text}`);
  return list.map(String);
}

/** ENV name=value pairs of a stage. */
export const environmentOf = (stage: Stage): Record<string, string> =>
  Object.fromEntries(
    textsOf(stage, 'ENV').flatMap((text) =>
      text.split(/\s+/).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const),
    ),
  );
