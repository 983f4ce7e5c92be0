// Pointers to the variables that scripts/debug-variables.ts marked, for an image that is debugged.
//
//   jsval count_24at0 = JV_UNDEFINED;                                    hedyn_shared count = 0;
//   count_24at0 = porf_box(*(f64*)(MEM + … + 8u), *(u8*)(…));    ──►     count = (hedyn_shared)(MEM + … + 8u);
//   disk_242_24at0 = disk_242;                                           static hedyn_variable disk = &disk_242;
//
// scripts/gdb shows what such a pointer points to.

const TYPES = `typedef struct { f64 val; u8 type; } hedyn_slot;
typedef hedyn_slot* hedyn_shared;
typedef jsval* hedyn_variable;
typedef f64* hedyn_counted;
`;

const JSVAL = 'typedef struct jsval { f64 val; i32 type; } jsval;\n';
const HEAD = /^(?!typedef|struct|#)\w.*\b(p\d+_\w+)\((.*)\) \{$/;
const DECLARATION = /^ {2}(?:volatile )?(jsval|f64|i32|u32) (\w+?)(_24\d+)?_24at0(_23\d+)? = (?:JV_UNDEFINED|0);$/;
const LOCAL = /^ {2}(?:volatile )?\w+ (\w+) = (?:JV_UNDEFINED|0);$/;
const SLOT = /^(?:porf_box\()?\*\(f64\*\)\((MEM \+ .*? \+ \d+u)\)/;
/** Another name of a variable whose own is the pointer's. */
const ALIAS = 'hedyn_at_';
const STATIC = /^static (jsval|f64) (\w+) = /gm;

/** Returns `c` in which each mark is a pointer, or gone where the variable is an ordinary one. Throws an Error when Porffor's C has another shape than is known. */
export const showVariables = (c: string): string => {
  if (!c.includes(JSVAL)) throw new Error("Porffor's C has changed: no jsval");
  const statics = new Map([...c.matchAll(STATIC)].map(([, type, name]) => [name as string, type as string]));
  const lines = c.replace(JSVAL, `${JSVAL}${TYPES}`).split('\n');
  const shown: string[] = [];
  const aliased = new Set<string>();
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as string;
    if (!HEAD.test(line)) {
      shown.push(line);
      continue;
    }
    const end = lines.indexOf('}', at);
    shown.push(...showIn(lines.slice(at, end), statics, aliased));
    at = end - 1;
  }
  return shown.join('\n').replace(STATIC, (whole, type: string, name: string) => {
    if (!aliased.has(name)) return whole;
    return `static ${type} ${name};\nstatic ${type} ${ALIAS}${name} __attribute__((alias("${name}")));\n${whole}`;
  });
};

/** A mark in one function: the constant's name, the variable's, and that of one more variable that is called so. */
interface Mark {
  readonly constant: string;
  readonly name: string;
  readonly copy: string;
}

const showIn = (
  lines: readonly string[],
  statics: ReadonlyMap<string, string>,
  aliased: Set<string>,
): readonly string[] => {
  const marks = lines.flatMap((line): Mark[] => {
    const [, , name, suffix = '', copy = ''] = DECLARATION.exec(line) ?? [];
    return name === undefined ? [] : [{ constant: `${name}${suffix}_24at0${copy}`, name, copy: `${name}${copy}` }];
  });
  return marks.reduce<readonly string[]>((text, mark) => showOne(text, mark, statics, aliased), lines);
};

const showOne = (
  lines: readonly string[],
  mark: Mark,
  statics: ReadonlyMap<string, string>,
  aliased: Set<string>,
): string[] => {
  const assignment = new RegExp(`^(\\t+)${mark.constant} = (.*);$`);
  const value = lines.map((line) => assignment.exec(line)?.[2]).find((found) => found !== undefined) ?? '';
  const isDeclaration = (line: string): boolean => DECLARATION.test(line) && line.includes(` ${mark.constant} = `);
  const others = lines.filter((line) => !isDeclaration(line) && !assignment.test(line));
  const shown = pointerFor(mark, value, statics, others);
  if (shown === undefined) return others;
  if (shown.start.startsWith(`&${ALIAS}`)) aliased.add(shown.name);
  return lines.flatMap((line) => {
    if (isDeclaration(line)) return [`  ${shown.type} ${shown.name} = ${shown.start};`];
    const tabs = assignment.exec(line)?.[1];
    if (tabs !== undefined) return shown.text === '' ? [] : [`${tabs}${shown.name} = ${shown.text};`];
    return [shown.instead === undefined ? line : replaced(line, shown.name, shown.instead)];
  });
};

/** A pointer to declare: its value at first, what it is assigned, and what stands for its name in the rest of the function. */
interface Pointer {
  readonly type: string;
  readonly name: string;
  readonly start: string;
  readonly text: string;
  readonly instead?: string;
}

/** Returns the pointer to the variable that `value` reads; undefined for a local one, and where its name means something else here. */
const pointerFor = (
  { name, copy }: Mark,
  value: string,
  statics: ReadonlyMap<string, string>,
  others: readonly string[],
): Pointer | undefined => {
  const free = [name, copy].find((candidate) => !others.some((line) => replaced(line, candidate, '') !== line));
  const slot = SLOT.exec(value)?.[1];
  if (slot !== undefined) {
    const pointer = { type: 'hedyn_shared', start: '0', text: `(hedyn_shared)(${slot})` };
    // Its own function has a copy of it, from the declaration; the name is the pointer's.
    const isOwn = slot.includes('_23closure_env_local') && others.some((line) => LOCAL.exec(line)?.[1] === name);
    if (isOwn) return { ...pointer, name, instead: `${name}_24at1` };
    return free === undefined ? undefined : { ...pointer, name: free };
  }
  const type = statics.get(value);
  if (type === undefined) return undefined;
  const pointer = {
    type: `static __attribute__((used, retain)) ${type === 'jsval' ? 'hedyn_variable' : 'hedyn_counted'}`,
    text: '',
  };
  if (value === name) return { ...pointer, name, start: `&${ALIAS}${name}`, instead: `(*${name})` };
  return free === undefined ? undefined : { ...pointer, name: free, start: `&${value}` };
};

/** Returns a line of C with another word for `word`, but not in texts. */
const replaced = (line: string, word: string, by: string): string =>
  line.startsWith('#')
    ? line
    : line.replace(new RegExp(`"(?:\\\\.|[^"\\\\])*"|(?<![\\w.])${word}(?!\\w)`, 'g'), (found) =>
        found === word ? by : found,
      );
