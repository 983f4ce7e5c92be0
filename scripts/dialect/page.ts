// docs/dialect.md, printed from the rules. Run as a program it writes the page.

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FLOOR_RULES } from './floors.ts';
import { FLOW_RULES } from './flow.ts';
import { MACHINE_RULES } from './machine.ts';
import { MODULE_RULES } from './modules.ts';
import type { DialectRule } from './rule.ts';
import { VALUE_RULES } from './values.ts';

export const DIALECT_PAGE = 'docs/dialect.md';

/** Every rule, by chapter of the page. */
const rows = (rules: readonly DialectRule[] | Readonly<Record<string, DialectRule>>): readonly DialectRule[] =>
  Object.values<DialectRule>(rules);

export const CHAPTERS: readonly { title: string; text: string; rules: readonly DialectRule[] }[] = [
  {
    title: 'The program and its modules',
    text: 'All modules of an image are checked and joined into one program.',
    rules: MODULE_RULES,
  },
  {
    title: 'Values and operators',
    text: 'Ordinary modules. What the compiler below would get wrong in silence is rewritten where it can be, and refused by these rules where it cannot.',
    rules: rows(VALUE_RULES),
  },
  {
    title: 'Control flow, classes, iteration and promises',
    text: 'Ordinary modules, continued.',
    rules: rows(FLOW_RULES),
  },
  {
    title: 'Machine modules',
    text: "Modules that start with `'use machine'`: a subset of TypeScript over numbers of known width, compiled straight to C.",
    rules: rows(MACHINE_RULES),
  },
  { title: 'Floors', text: 'Which folder may import which.', rules: FLOOR_RULES },
];

/** Returns the text of docs/dialect.md. */
export const dialectPage = (): string => {
  const head = [
    '<!-- Written by scripts/dialect/page.ts from the rules in scripts/dialect. Do not edit. -->',
    '# The dialect',
    '',
    'What the build accepts behaves as on Node. Everything else is refused with one line:',
    '',
    '```',
    'file:line:col error HEDnnn: what, why, what to write instead',
    '```',
    '',
    'All errors of a run come out together. Each number below has an example that gives exactly this error, and one that is accepted; a test compiles both.',
    '',
  ];
  return [
    ...head,
    ...CHAPTERS.flatMap(({ title, text, rules }) => [`## ${title}`, '', text, '', ...rules.flatMap(ruleText)]),
  ].join('\n');
};

const ruleText = (rule: DialectRule): string[] => [
  `### ${rule.code} ${rule.title}`,
  '',
  `Refused: ${rule.why}. Instead: ${rule.instead}.`,
  '',
  '```ts',
  '// refused',
  rule.wrong.trimEnd(),
  '```',
  '',
  '```ts',
  '// accepted',
  rule.right.trimEnd(),
  '```',
  '',
];

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(DIALECT_PAGE, dialectPage());
