// Machine modules on metal: every operator over every machine type, at the edges, as the language defines it. Pairs of different types are tried natively
// (test/unit/scripts/machine/operators.test.ts): the C is the same.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../scripts/build.ts';
import type { Call, ScalarName } from '../native/calls.ts';
import { callsOf, edgesOf, OPERATORS_HEAD, type OperatorFunction, operatorFunctions } from '../native/operators.ts';
import { runOnMetal } from './image.ts';
import { createDigest } from './modules/digest.ts';

const TYPES: readonly ScalarName[] = ['i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'u53', 'f64'];

const functions = operatorFunctions((a, b) => a === b);

/** Each call that does not stop the machine, in order. */
const callsMade = (each: OperatorFunction, isChecked: boolean): Call[] =>
  callsOf([each], '').filter(({ operands }) => each.expected(operands, isChecked) !== 'stop');

/** Functions with the same parameters and result: the control plane calls them through one, which costs it one border. */
const signatures = new Map<string, OperatorFunction[]>();
for (const each of functions) {
  const signature = [...each.parameters, each.result].join('_');
  signatures.set(signature, [...(signatures.get(signature) ?? []), each]);
}
const inOrder = [...signatures.values()].flat();

const callerOf = (signature: string, members: readonly OperatorFunction[]): string => {
  const { parameters, result } = members[0]!;
  const names = parameters.map((_, index) => `p${index}`);
  const cases = members.map(({ name }, index) => `case ${index}: return ${name}(${names.join(', ')});`);
  return `export const ${signature} = (which: u16, ${parameters.map((type, index) => `p${index}: ${type}`).join(', ')}): ${result} => {
  switch (which) {
    ${cases.join('\n    ')}
    default: return ${result === 'bool' ? 'false' : '0'};
  }
};
`;
};

/** The operands of a call, each as a letter: its place among the edges of its type. */
const lettersOf = ({ operands, target }: Call): string =>
  operands
    .map((operand, index) => {
      const place = edgesOf(target.parameters[index]!).findIndex((edge) => Object.is(edge, operand));
      return String.fromCharCode(FIRST_LETTER + place);
    })
    .join('');

const FIRST_LETTER = 97;

/** A program that prints a line for each function: its name, and a digest of its results for all operands in turn. */
const writeProgram = (isChecked: boolean): string => {
  const folder = path.join(ROOT, `build/metal/operators-${isChecked ? 'checked' : 'release'}`);
  mkdirSync(folder, { recursive: true });
  const head = OPERATORS_HEAD.replace('./machine.ts', '../../../kernel/base/machine.ts');
  const callers = [...signatures].map(([signature, members]) => callerOf(signature, members));
  writeFileSync(path.join(folder, 'operators.ts'), [head, ...inOrder.map(({ source }) => source), ...callers].join(''));
  const edges = ([...TYPES, 'bool'] as const).map(
    (type) => `const edges_${type} = [${edgesOf(type).map(textOf).join(', ')}];`,
  );
  const prints = [...signatures].flatMap(([signature, members]) => {
    const { parameters } = members[0]!;
    const values = parameters.map((type, index) => `edges_${type}[rows.charCodeAt(at + ${index}) - ${FIRST_LETTER}]!`);
    return [
      `const call_${signature} = (which: number, rows: string, at: number) => ${signature}(which, ${values.join(', ')});`,
      ...members.map((each, index) => {
        const rows = callsMade(each, isChecked).map(lettersOf).join('');
        return `print('${each.name}', ${index}, '${rows}', ${parameters.length}, call_${signature});`;
      }),
    ];
  });
  const entry = path.join(folder, 'main.ts');
  const imports = [
    `import { ${[...signatures.keys()].join(', ')} } from './operators.ts';`,
    "import { createDigest } from '../../../test/metal/modules/digest.ts';",
  ];
  writeFileSync(entry, [...imports, PRINT, ...edges, ...prints, ''].join('\n'));
  return entry;
};

const textOf = (value: number | boolean): string => (Object.is(value, -0) ? '-0' : `${value}`);

const PRINT = `
const print = (name: string, which: number, rows: string, width: number, call: (which: number, rows: string, at: number) => number | boolean): void => {
  const digest = createDigest();
  for (let at = 0; at < rows.length; at += width) digest.add(Number(call(which, rows, at)));
  console.log(name, digest.value());
};
`;

describe('every operator over every machine type, on metal', () => {
  it.each([true, false])('gives what the language says (checked build: %s)', async (isChecked) => {
    const { text, exit } = await runOnMetal(writeProgram(isChecked), !isChecked);
    const expected = inOrder.map((each) => {
      const digest = createDigest();
      for (const { operands } of callsMade(each, isChecked)) digest.add(Number(each.expected(operands, isChecked)));
      return `${each.name} ${digest.value()}`;
    });
    expect(text.trimEnd().split(/\r?\n/)).toEqual(expected);
    expect(exit.status).toBe(0);
  });
});
