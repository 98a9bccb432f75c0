/** All rules, in the order of section 13.1. Each looks at the file by itself, so that all faults are reported at once. */
import type { Rule } from './rule.ts';

export const rules: readonly Rule[] = [];
