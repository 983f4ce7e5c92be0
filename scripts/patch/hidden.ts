// The bodies of kernel/runtime/hidden.ts: what Porffor's run time knows of a function or a promise, and no JavaScript can ask.

/** Returns the C with the answers in place. A program that shows no objects has none of these functions. */
export const revealHidden = (c: string): string => {
  const bodies: Readonly<Record<string, () => string>> = {
    functionKind: () => functionKindBody(c),
    promiseState: () => 'return porf_box_num((f64)*(u8*)(MEM + (u32)value.val + PORF_PROMISE_STATE));',
    promiseResult: () => 'return porf_unpack(*(jsbits*)(MEM + (u32)value.val + PORF_PROMISE_RESULT));',
    generatorObject: () => `return porf_box_num(porf_jv_type(value) == ${GENERATOR_TYPE} ? 1.0 : 0.0);`,
  };
  return Object.entries(bodies).reduce((text, [name, body]) => {
    const definition = new RegExp(String.raw`^(jsval p\d+_${name})\(jsval \w+\) \{\n[\s\S]*?\n\}\n`, 'm');
    if (new RegExp(String.raw`^\w+ p\d+_${name}\(`, 'm').test(text) && !definition.test(text))
      throw new Error(`Porffor's C has changed: ${name} takes or returns something else`);
    return text.replace(definition, (_, head) => `${head}(jsval value) {\n\t${body()}\n}\n`);
  }, c);
};

const GENERATOR_TYPE = 35;

// The low bits of a function's flags: 1 async, 2 generator. A class refuses to be called without new; an async generator has been lowered
// to a function that makes its object.
const functionKindBody = (c: string): string => {
  const isClass = functionsWith(c, /^\tif \(!porf_truthy\(_23newtarget\)\) \{\n\t\tporf_throw_new\(/m);
  const isAsyncGenerator = functionsWith(c, /\bp\d+_AsyncGeneratorObject\(/);
  const cases = (numbers: readonly string[], kind: number): string =>
    numbers.length === 0
      ? ''
      : `${numbers.map((number) => `case ${number}:`).join(' ')} return porf_box_num(${kind}.0);\n\t\t`;
  return `const u32 index = *(u32*)(MEM + (u32)value.val);
	switch (index) {
		${cases(isClass, 4)}${cases(
      isAsyncGenerator.filter((number) => !isClass.includes(number)),
      3,
    )}default: return porf_box_num((f64)(porf_fnflags[index] & 3u));
	}`;
};

/** Returns the numbers of the functions in whose body the pattern is found. */
const functionsWith = (c: string, pattern: RegExp): string[] =>
  [...c.matchAll(/^(?:PORF_NOINLINE )?jsval p(\d+)_\w+\([^\n]*\) \{\n([\s\S]*?)\n\}\n/gm)].flatMap(
    ([, number, body]) => (pattern.test(body!) ? [number!] : []),
  );
