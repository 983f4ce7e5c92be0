// HED001–HED049: the program as a whole, its modules and imports.

import type { DialectRule } from './rule.ts';

/** TypeScript's own errors come out under these two numbers, with TypeScript's number in the text. */
const TYPE_ERROR: DialectRule = {
  code: 'HED001',
  title: 'a type error',
  why: 'lowering trusts the checked types, so a program with a type error has no meaning here',
  instead: 'mend the error that TypeScript reports',
  wrong: `const size: number = 'large';\nconsole.log(size);\n`,
  right: `const size: number = 12;\nconsole.log(size);\n`,
};

const SYNTAX_ERROR: DialectRule = {
  code: 'HED002',
  title: 'a syntax error',
  why: 'the program cannot be read',
  instead: 'mend the error that TypeScript reports',
  wrong: `const size = ;\n`,
  right: `const size = 12;\nconsole.log(size);\n`,
};

export const IMPORT_CYCLE: DialectRule = {
  code: 'HED003',
  title: 'an import that closes a cycle',
  why: 'modules are laid one behind the other in one program, and a cycle has no first one',
  instead: 'move what both modules need into a third',
  // cycle.ts imports example.ts.
  wrong: `import { two } from './cycle.ts';\nexport const ONE = 1;\nconsole.log(two());\n`,
  right: `export const ONE = 1;\nconsole.log(ONE + 1);\n`,
};

export const NAMESPACE_VALUE: DialectRule = {
  code: 'HED004',
  title: 'a module namespace used as a value',
  why: 'modules are joined into one program and have no object of their own at run time',
  instead: 'import the names you use, or write namespace.name',
  wrong: `import * as math from './other.ts';\nconsole.log(Object.keys(math).length);\n`,
  right: `import * as math from './other.ts';\nconsole.log(math.value);\n`,
};

export const RUNTIME_IMPORT: DialectRule = {
  code: 'HED005',
  title: 'an import at run time',
  why: 'there is nothing to load from on bare metal: all modules are in the image',
  instead: 'write a static import at the head of the file',
  wrong: `import('./other.ts').then((other) => console.log(other.value));\n`,
  right: `import { value } from './other.ts';\nconsole.log(value);\n`,
};

export const CLASS_NAME_TWICE: DialectRule = {
  code: 'HED007',
  title: 'a second class of the same name in one program',
  why: 'modules are joined into one program, where one of the two would print another name than on Node',
  instead: 'rename one of them',
  wrong: `import { Other } from './other.ts';\nclass Twin {}\nconsole.log(new Twin() instanceof Twin, new Other().twin());\n`,
  right: `import { Other } from './other.ts';\nclass Single {}\nconsole.log(new Single() instanceof Single, new Other().twin());\n`,
};

export const MISSING_VALUE: DialectRule = {
  code: 'HED008',
  title: 'a declared value that no module defines',
  why: 'declare promises a value from elsewhere, and on bare metal there is no elsewhere',
  instead: 'import the value from the module that defines it',
  wrong: `declare const hostName: string;\nconsole.log(hostName);\n`,
  right: `const hostName = 'metal';\nconsole.log(hostName);\n`,
};

export const DESTRUCTURED_EXPORT: DialectRule = {
  code: 'HED009',
  title: 'an export by destructuring',
  why: 'a module must name each of its exports where it defines it',
  instead: 'write one declaration for each name',
  wrong: `export const { width } = { width: 3 };\nconsole.log(width);\n`,
  right: `export const width = { width: 3 }.width;\nconsole.log(width);\n`,
};

export const RESERVED_NAME: DialectRule = {
  code: 'HED010',
  title: 'a name that the C below keeps for itself',
  why: 'MEM and names that start with porf_, JV_, hal_, hed_ or m_ are used by the generated C',
  instead: 'choose another name',
  wrong: `const porf_size = 1;\nconsole.log(porf_size);\n`,
  right: `const size = 1;\nconsole.log(size);\n`,
};

export const MACHINE_ONLY: DialectRule = {
  code: 'HED011',
  title: 'fixedArray outside a machine module',
  why: 'it describes memory of a record, and ordinary modules have arrays',
  instead: 'write an array or a typed array',
  wrong: `import { fixedArray } from './machine.ts';\nconsole.log(fixedArray(4, 0).length);\n`,
  right: `console.log(new Uint32Array(4).length);\n`,
};

export const ASSERT_VALUE: DialectRule = {
  code: 'HED012',
  title: 'assert used as a value',
  why: 'a call of it becomes a test in place, and nothing is left that could be passed on',
  instead: 'call it, or write a function that calls it',
  wrong: `import { assert } from './assert.ts';\nconst check: (condition: boolean, fact: string) => void = assert;\ncheck(1 < 2, 'order');\n`,
  right: `import { assert } from './assert.ts';\nassert(1 < 2, 'order');\n`,
};

export const RENEWAL: DialectRule = {
  code: 'HED013',
  title: 'renew of something other than a record',
  why: 'a call of it becomes stores into the record, of which the build must know the class',
  instead: 'call it with a record',
  wrong: `import { renew } from './machine.ts';\nrenew({ size: 1 });\n`,
  right: `import { renew } from './machine.ts';\nimport { Queue } from './queue.ts';\nrenew(new Queue());\n`,
};

export const MODULE_RULES: readonly DialectRule[] = [
  TYPE_ERROR,
  SYNTAX_ERROR,
  IMPORT_CYCLE,
  NAMESPACE_VALUE,
  RUNTIME_IMPORT,
  CLASS_NAME_TWICE,
  MISSING_VALUE,
  DESTRUCTURED_EXPORT,
  RESERVED_NAME,
  MACHINE_ONLY,
  ASSERT_VALUE,
  RENEWAL,
];
