// The call of a function by its number, in a development build. Porffor prints one switch with a case for every function of the program, and a compiler that does not
// optimise gives each case's operands a place on the stack of their own: 15 bytes for each function of the program at each call of a callback. An async
// function, whose stack was 256 KiB, came to its end after five of them.
//
//   porf_invoke ──▶ hedyn_invoke_3: the cases 192 to 255

const PARAMETERS = '(u32 idx, jsval callee, u32 env, jsval thisv, jsval newtv, i32 argc, jsbits* argv)';
const INVOKE = new RegExp(
  String.raw`^static jsval porf_invoke${PARAMETERS.replace(/[()*]/g, '\\$&')} \{\n(.*\n) {2}switch \(idx\) \{\n((?: {4}case \d+: .*\n)*) {2}\}\n`,
  'm',
);
const CASE = /^ {4}case (\d+): /;

/** The square root of some thousands: as many cases in a part as there are parts. */
const CASES_PER_PART = 64;

/** Returns `c` with the switch in parts. Throws an Error when it has another shape than is known. */
export const splitInvoke = (c: string): string => {
  const [whole, unused, text] = INVOKE.exec(c) ?? [];
  if (whole === undefined) throw new Error("Porffor's C has changed: no switch over all functions");
  if (text === '') return c; // A program without a function that is a value.
  const parts = new Map<number, string[]>();
  for (const line of text!.trimEnd().split('\n')) {
    const part = Math.floor(Number(CASE.exec(line)![1]) / CASES_PER_PART);
    parts.set(part, [...(parts.get(part) ?? []), line]);
  }
  const functions = [...parts].map(([part, cases]) => functionOf(`hedyn_invoke_${part}`, unused!, 'idx', cases));
  const calls = [...parts.keys()].map(
    (part) => `    case ${part}: return hedyn_invoke_${part}(idx, callee, env, thisv, newtv, argc, argv);`,
  );
  const end = '  porf_unreachable("uncompiled function");\n  return JV_UNDEFINED;\n}\n';
  const split = `${functions.join(end)}${end}${functionOf('porf_invoke', unused!, `idx / ${CASES_PER_PART}u`, calls)}`;
  return c.replace(whole, () => split);
};

const functionOf = (name: string, unused: string, index: string, cases: readonly string[]): string =>
  `static jsval ${name}${PARAMETERS} {\n${unused}  switch (${index}) {\n${cases.join('\n')}\n  }\n`;
