// HED150–HED199: control flow, errors, classes, iteration, async.

import type { DialectRule } from './rule.ts';

/** The rules, by the name the passes use. */
export const FLOW_RULES = {
  stack: {
    code: 'HED150',
    title: "an error's stack",
    why: 'its text is an invention of each engine, and this one keeps none',
    instead: 'print the error itself; an uncaught one ends in a panic with its backtrace',
    wrong: "export const show = (error: Error): string => error.stack ?? '';\n",
    right: 'export const show = (error: Error): string => String(error);\n',
  },
  changedLoopVariable: {
    code: 'HED151',
    title: "a loop's variable that a closure uses and the body changes",
    why: 'each round has its own variable, and the closure of one round would not see the change',
    instead: 'copy it into a variable of the body and let the closure use that',
    wrong: 'const later: (() => number)[] = [];\nfor (let i = 0; i < 4; i++) {\n  later.push(() => i);\n  i++;\n}\n',
    right: 'const later: (() => number)[] = [];\nfor (let i = 0; i < 4; i += 2) later.push(() => i);\n',
  },
  innerPattern: {
    code: 'HED153',
    title: 'an array pattern, in a parameter or another pattern, over what may be no array',
    why: 'only arrays can be taken apart in place',
    instead: 'name the value and take it apart in a declaration',
    wrong: 'export const first = ([value]: Iterable<number>): number | undefined => value;\n',
    right:
      'export const first = (values: Iterable<number>): number | undefined => {\n  const [value] = values;\n  return value;\n};\n',
  },
  yieldStar: {
    code: 'HED154',
    title: 'yield* inside an expression, or in an async generator',
    why: 'it is lowered to a loop, which is a statement',
    instead:
      'write `const result = yield* inner();`, or in an async generator `for await (const x of inner()) yield x;`',
    wrong:
      'function* inner() {\n  yield 1;\n  return 2;\n}\nexport function* outer() {\n  yield (yield* inner()) + 1;\n}\n',
    right:
      'function* inner() {\n  yield 1;\n  return 2;\n}\nexport function* outer() {\n  const result = yield* inner();\n  yield result + 1;\n}\n',
  },
  topLevelAwait: {
    code: 'HED155',
    title: 'await at the top level of a module that is imported',
    why: 'modules run one behind the other, from the first line to the last; only the main module, which is the last, can wait',
    instead: 'export an async function and await it where the program starts',
    wrong:
      "// waiting.ts has: export const answer = await Promise.resolve(42);\nimport { answer } from './waiting.ts';\nconsole.log(answer);\n",
    right:
      "// later.ts has: export const askLater = async () => Promise.resolve(42);\nimport { askLater } from './later.ts';\nconsole.log(await askLater());\n",
  },
  optionalFinally: {
    code: 'HED156',
    title: '?. before finally()',
    why: 'the call is lowered, and would no longer be optional',
    instead: 'test for the promise first',
    wrong: "export const watch = (task?: Promise<void>) => task?.finally(() => console.log('done'));\n",
    right:
      "export const watch = (task?: Promise<void>) => (task ? task.finally(() => console.log('done')) : undefined);\n",
  },
  innerClass: {
    code: 'HED157',
    title: 'a class inside a function or a loop',
    why: 'all its instances would share the variables of one call, or of one round',
    instead: 'declare it at the top of the module and give the constructor what it needs',
    wrong:
      'export const makeCounter = (step: number) => {\n  class Counter {\n    total = 0;\n    add(): void {\n      this.total += step;\n    }\n  }\n  return new Counter();\n};\n',
    right:
      'class Counter {\n  total = 0;\n  readonly step: number;\n  constructor(step: number) {\n    this.step = step;\n  }\n  add(): void {\n    this.total += this.step;\n  }\n}\nexport const makeCounter = (step: number) => new Counter(step);\n',
  },
  baseClass: {
    code: 'HED158',
    title: 'a class that extends a built-in, or what is not the name of a class',
    why: 'only Error and its kin, and classes of the program, can be extended',
    instead: 'hold the collection in a field',
    wrong: 'export class Names extends Map<number, string> {}\n',
    right: 'export class Names {\n  readonly byNumber = new Map<number, string>();\n}\n',
  },
  privateName: {
    code: 'HED159',
    title: 'Object.freeze of an object with #private names',
    why: 'what is private would be frozen, too',
    instead: 'write `readonly` fields, or freeze an object inside',
    wrong:
      'class Counter {\n  #total = 0;\n  add(): number {\n    this.#total++;\n    return this.#total;\n  }\n}\nexport const counter = Object.freeze(new Counter());\n',
    right:
      'class Counter {\n  #total = 0;\n  add(): number {\n    this.#total++;\n    return this.#total;\n  }\n}\nexport const counter = new Counter();\n',
  },
  decorator: {
    code: 'HED160',
    title: 'a decorator',
    why: 'the compiler below has none',
    instead: 'call the function',
    wrong: 'const sealed = (_class: unknown, _context: unknown): void => {};\n@sealed\nexport class Port {}\n',
    right: 'const sealed = (_class: unknown): void => {};\nexport class Port {}\nsealed(Port);\n',
  },
  accessor: {
    code: 'HED161',
    title: 'an `accessor` field',
    why: 'the compiler below does not know the keyword',
    instead: 'write a field, or a getter and a setter',
    wrong: 'export class Port {\n  accessor speed = 9600;\n}\n',
    right: 'export class Port {\n  speed = 9600;\n}\n',
  },
  declarationInCase: {
    code: 'HED163',
    title: 'a declaration directly in a case',
    why: 'all cases share it, and a jump past it is not noticed',
    instead: 'put braces around the statements of the case',
    wrong:
      "export const name = (n: number): string => {\n  switch (n) {\n    case 1:\n      const text = 'one';\n      return text;\n    default:\n      return 'many';\n  }\n};\n",
    right:
      "export const name = (n: number): string => {\n  switch (n) {\n    case 1: {\n      const text = 'one';\n      return text;\n    }\n    default:\n      return 'many';\n  }\n};\n",
  },
  var: {
    code: 'HED164',
    title: 'var',
    why: 'closures of a loop share it, and it can be read before it is written',
    instead: 'write `const` or `let`',
    wrong: 'var total = 0;\ntotal += 1;\nconsole.log(total);\n',
    right: 'let total = 0;\ntotal += 1;\nconsole.log(total);\n',
  },
  namespace: {
    code: 'HED166',
    title: 'a namespace',
    why: 'a module is one already',
    instead: 'write a module of its own',
    wrong: 'export namespace Ports {\n  export const first = 0x3f8;\n}\n',
    right: 'export const ports = { first: 0x3f8 };\n',
  },
  builtInName: {
    code: 'HED167',
    title: 'a name of the language given to something else',
    why: 'built-ins are found by their name, wherever it is declared',
    instead: 'choose another name',
    wrong: 'export const fill = (Map: number[]): number => Map.length;\n',
    right: 'export const fill = (map: number[]): number => map.length;\n',
  },
  superMember: {
    code: 'HED168',
    title: 'this use of super',
    why: 'the member of the base class is found by the name of that class',
    instead: 'call `super.method()`, or read `super.name`, in a method or an accessor of a class',
    wrong:
      'class Base {\n  get size(): number {\n    return 1;\n  }\n  set size(value: number) {\n    console.log(value);\n  }\n}\nexport class Derived extends Base {\n  grow(): void {\n    super.size = 2;\n  }\n}\n',
    right:
      'class Base {\n  get size(): number {\n    return 1;\n  }\n  set size(value: number) {\n    console.log(value);\n  }\n}\nexport class Derived extends Base {\n  grow(): void {\n    this.size = 2;\n  }\n}\n',
  },
  earlyWrite: {
    code: 'HED170',
    title: 'a variable written by a function that may run before its declaration',
    why: 'the language throws there, and this build checks reads only',
    instead: 'declare the variable before the first statement that calls the function',
    wrong:
      'const count = (): void => {\n  total += 1;\n};\ncount();\nlet total = 0;\nexport const result = (): number => total;\n',
    right:
      'let total = 0;\nconst count = (): void => {\n  total += 1;\n};\ncount();\nexport const result = (): number => total;\n',
  },
  secondLabel: {
    code: 'HED171',
    title: 'a second label on a statement',
    why: 'continue of the outer one would not find the loop',
    instead: 'write one label',
    wrong: 'a: b: for (const x of [1, 2]) {\n  if (x === 1) continue b;\n  break a;\n}\n',
    right: 'a: for (const x of [1, 2]) {\n  if (x === 1) continue a;\n  break a;\n}\n',
  },
  unsureSuper: {
    code: 'HED173',
    title: 'super() that may be left out, or called twice',
    why: 'the language throws there, and this build does not notice',
    instead: 'write one super(…) as a statement of the constructor, without a return in front of it',
    wrong:
      'class Base {}\nexport class Derived extends Base {\n  constructor(first: boolean) {\n    if (first) super();\n  }\n}\n',
    right:
      'class Base {}\nexport class Derived extends Base {\n  first: boolean;\n  constructor(first: boolean) {\n    super();\n    this.first = first;\n  }\n}\n',
  },
  staticThis: {
    code: 'HED172',
    title: 'this in a static field or block of a class without a name',
    why: 'it is replaced by the name of the class',
    instead: 'give the class a name',
    wrong: 'export const Port = class {\n  static first = 1;\n  static second = this.first + 1;\n};\n',
    right: 'export const Port = class Ports {\n  static first = 1;\n  static second = this.first + 1;\n};\n',
  },
} as const satisfies Record<string, DialectRule>;
