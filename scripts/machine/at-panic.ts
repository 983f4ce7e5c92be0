// What machine modules say while the machine stops: every exported function `atPanic` is called with the records of its parameters' classes that the control plane has
// made, or that lie in those, in all combinations. boot/panic.zig calls `hed_atPanic`, where there is one.

import type ts from 'typescript';
import type { MachineExport } from './compile.ts';
import type { MachineFunction } from './module.ts';
import { localName } from './names.ts';
import type { MachineType, RecordType } from './types.ts';

/** Records of a class that are looked at; what is more is not said anything of. */
const FOUND_MAX = 128;

/** Returns the functions to be called: of modules that the program imports, or of which it `uses` a function, as of the event loop's. */
export const panicFunctions = (
  exports: Iterable<MachineExport>,
  imported: ReadonlySet<ts.SourceFile>,
  uses: (definition: MachineFunction) => boolean,
): MachineFunction[] => {
  const functions = [...exports].filter((each): each is MachineFunction => each.kind === 'function');
  const fileOf = ({ node }: MachineFunction): ts.SourceFile => node.getSourceFile();
  const used = new Set([...imported, ...functions.filter(uses).map(fileOf)]);
  return functions.filter(
    (each) => each.name === 'atPanic' && each.exported && each.body !== undefined && used.has(fileOf(each)),
  );
};

/** Returns the C behind the glue that calls `functions`; '' where there are none. `classes` are those of which there are handles. */
export const atPanicText = (
  functions: readonly MachineFunction[],
  classes: ReadonlyMap<RecordType, number>,
): string => {
  const wanted = [...new Set(functions.flatMap(recordsOf))];
  if (functions.length === 0) return '';
  return [
    '#line 1 "machine panic"',
    'extern void hal_panicLine(void);',
    `#define HED_FOUND_MAX ${FOUND_MAX}`,
    wanted.length === 0 ? '' : NOTE,
    ...wanted.map((record) => finder(record, classes)),
    `void hed_atPanic(void) {\n${functions.map(calls).join('\n')}\n}`,
    '',
  ].join('\n');
};

const recordsOf = (definition: MachineFunction): RecordType[] =>
  definition.parameters.flatMap(({ type }) => (type.kind === 'record' ? [type] : []));

const NOTE = `
static uint32_t hed_noteFound(void **found, uint32_t count, void *record) {
  for (uint32_t i = 0; i < count; i++) if (found[i] == record) return count; /* It has a handle of its own, too. */
  if (count < HED_FOUND_MAX) found[count++] = record;
  return count;
}
`;

/** A function that notes all records of a class. */
const finder = (record: RecordType, classes: ReadonlyMap<RecordType, number>): string => {
  const cases = [...classes].flatMap(([outer, number]) => {
    const notes = notesOf(outer, record, '(*record)', 0);
    return notes === ''
      ? []
      : [`case ${number}: { struct ${outer.cName} *const record = hed_handles[h].record; ${notes} break; }`];
  });
  return `static uint32_t hed_find_${record.cName}(void **found) {
  uint32_t count = 0;
  for (uint32_t h = 0; h < hed_handleCount; h++) switch (hed_handles[h].class) { ${cases.join(' ')} default: break; }
  return count;
}`;
};

/** Statements that note the records of a class at `place`, and those inside of what is there; '' where there can be none. */
const notesOf = (type: MachineType, wanted: RecordType, place: string, depth: number): string => {
  if (type === wanted) return `count = hed_noteFound(found, count, &${place});`;
  if (type.kind === 'record')
    return [...type.fields.values()]
      .map((field) => notesOf(field.type, wanted, `${place}.${localName(field.name)}`, depth))
      .join('');
  if (type.kind !== 'array') return '';
  const index = `i${depth}`;
  const inside = notesOf(type.element, wanted, `${place}[${index}]`, depth + 1);
  return inside === '' ? '' : `for (uint32_t ${index} = 0; ${index} < ${type.length}; ${index}++) { ${inside} }`;
};

const calls = (definition: MachineFunction): string => {
  const records = recordsOf(definition);
  const finds = records.map(
    (record, index) =>
      `  { static void *found${index}[HED_FOUND_MAX]; const uint32_t count${index} = hed_find_${record.cName}(found${index});`,
  );
  const loops = records.map((_, index) => `  for (uint32_t i${index} = 0; i${index} < count${index}; i${index}++)`);
  const operands = records.map((_, index) => `found${index}[i${index}]`).join(', ');
  return [
    ...finds,
    ...loops,
    `  { ${definition.cName}(${operands}); hal_panicLine(); }`,
    `  ${'}'.repeat(records.length)}`,
  ].join('\n');
};
