// Calls of functions that are known only when the program runs. Porffor packs their arguments into an array, and its list of all functions unpacks them
// again: 160 instructions for three arguments. Here the arguments stay where they are, as in a call of a function that is known.

const HELPER = /^static PORF_NOINLINE jsval (hedyn_call(\d))\((.*)\) \{\n {2}return (porf_call_dynamic\(.*\);)\n\}\n/gm;
const CASE = /^ {4}case (\d+): return (p\d+_\w+)\((.*)\);$/gm;
const ARGUMENT = /hedyn_argument\(argc, argv, (\d+)\)/g;
const FLAGS = /^static const u8 porf_fnflags\[\] = \{ (.*) \};$/m;
/** Generators and async functions are started in another way. */
const KIND_MASK = 7;

/** Returns `c` with calls of functions whose arguments have a place each made directly. */
export const callDirectly = (c: string): string => {
  const helpers: string[] = [];
  const declared = c.replace(HELPER, (_, name: string, count: string, parameters: string, otherwise: string) => {
    helpers.push(helperText(c, name, Number(count), parameters, otherwise));
    return `static jsval ${name}(${parameters});\n`;
  });
  return declared + helpers.join('');
};

const helperText = (c: string, name: string, count: number, parameters: string, otherwise: string): string =>
  `static jsval ${name}(${parameters}) {
  if (f.type == 6) {
    const u32 at = porf_offset(f.val);
    const u32 env = *(u32*)(MEM + at + 4);
    switch (*(u32*)(MEM + at)) {
${casesOf(c, count).join('')}    }
  }
  return ${otherwise}
}
`;

const casesOf = (c: string, count: number): string[] => {
  const flags = FLAGS.exec(c)?.[1]?.split(', ').map(Number);
  if (flags === undefined) throw new Error("Porffor's C has changed: no porf_fnflags");
  const cases: string[] = [];
  for (const [, index, callee, operands] of c.matchAll(CASE)) {
    const made = operands!
      .replace(ARGUMENT, (_, at: string) => (Number(at) < count ? `a${at}` : 'JV_UNDEFINED'))
      .replace('newtv', 'JV_UNDEFINED')
      .replace('callee', 'f');
    const isSimple = made.split(', ').every((operand) => /^(?:env|thisv|f|a\d|JV_UNDEFINED|)$/.test(operand));
    if (isSimple && (flags[Number(index)]! & KIND_MASK) === 0)
      cases.push(`      case ${index}: return ${callee}(${made});\n`);
  }
  return cases;
};
