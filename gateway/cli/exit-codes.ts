/** Exit codes of every command (experience.md, section 8). The first stage that fails decides. */
export const exitCodes = {
  done: 0,
  findings: 1,
  usage: 2,
  settings: 3,
  composition: 4,
  network: 5,
  internal: 70,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
