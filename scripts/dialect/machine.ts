// HED200–HED239: what a machine module ('use machine') may not contain. HED240–HED259: what the control plane may not do with one.
//
// The examples of the second half import './queue.ts', which is QUEUE_EXAMPLE below.

import type { DialectRule } from './rule.ts';

/** The machine module that lies beside the examples of the border rules. */
export const QUEUE_EXAMPLE = `'use machine';
import { type FixedArray, fixedArray, type u16, type u32 } from './machine.ts';
export const LIMIT: u32 = 8;
export class Slot { size: u16 = 0; }
export class Queue { size: u16 = 0; first = new Slot(); ring: FixedArray<u16, 8> = fixedArray(8, 0); }
export let total: u32 = 0;
export const currentTotal = (): u32 => total;
export const grow = (queue: Queue, by: u16): u16 => { queue.size = queue.size + by; total = total + by; return queue.size; };
export const firstSlot = (queue: Queue): Slot => queue.first;
export const firstOf = (ring: FixedArray<u16, 8>): u16 => ring[0];
`;

// The examples lie in kernel/base.
const head = `'use machine';
import { assert } from './assert.ts';
import { type FixedArray, fixedArray, type f64, type i32, type u8, type u16, type u32 } from './machine.ts';
`;

export const NO_MACHINE_TYPE: DialectRule = {
  code: 'HED200',
  title: 'a value without a machine type',
  why: 'the back end must know the width of every value it keeps',
  instead:
    'annotate it with i8, u8, i16, u16, i32, u32, u53, f64, bool, a FixedArray, an enum or a record class of a machine module',
  wrong: `${head}export const twice = (a: u32): u32 => { const sum = a + a; return sum; };\n`,
  right: `${head}export const twice = (a: u32): u32 => { const sum: u32 = a + a; return sum; };\n`,
};

export const STRING_VALUE: DialectRule = {
  code: 'HED201',
  title: 'a string',
  why: 'strings live on the garbage-collected heap, which machine modules do not touch',
  instead: 'return a number with a name and let the control plane put it in words',
  wrong: `${head}export const name = (a: u32): string => 'queue';\n`,
  right: `${head}export const NAME_QUEUE: u8 = 1;\nexport const name = (a: u32): u8 => NAME_QUEUE;\n`,
};

export const NESTED_FUNCTION: DialectRule = {
  code: 'HED202',
  title: 'a function inside a function',
  why: 'a closure keeps its variables on the heap, and machine modules allocate nothing',
  instead: 'move it to the top level of the module and pass what it needs',
  wrong: `${head}export const f = (a: u32): u32 => { const g = (): u32 => a; return g(); };\n`,
  right: `${head}const g = (a: u32): u32 => a;\nexport const f = (a: u32): u32 => g(a);\n`,
};

export const FUNCTION_VALUE: DialectRule = {
  code: 'HED203',
  title: 'a function or class used as a value',
  why: 'every call of a machine module is direct, so that it costs nothing and cannot go astray',
  instead: 'call the function by its name',
  wrong: `${head}const g = (a: u32): u32 => a;\nexport const f = (a: u32): u32 => { const h = g; return h(a); };\n`,
  right: `${head}const g = (a: u32): u32 => a;\nexport const f = (a: u32): u32 => g(a);\n`,
};

export const EXCEPTION: DialectRule = {
  code: 'HED204',
  title: 'an exception',
  why: 'machine modules have no exceptions: failure there is a value',
  instead: 'return a negative code with a name, or assert what must hold',
  wrong: `${head}export const f = (a: u32): u32 => { if (a === 0) throw new Error('none'); return a; };\n`,
  right: `${head}export const NONE: i32 = -1;\nexport const f = (a: i32): i32 => (a === 0 ? NONE : a);\n`,
};

export const ASYNC_FUNCTION: DialectRule = {
  code: 'HED205',
  title: 'an async function or a generator',
  why: 'its state would be kept on the heap between steps',
  instead: 'return to the control plane and call again',
  wrong: `${head}export function* f(): Generator<number> { yield 1; }\n`,
  right: `${head}export const f = (): u32 => 1;\n`,
};

export const LITERAL_OBJECT: DialectRule = {
  code: 'HED206',
  title: 'an object or array made on the spot',
  why: 'machine modules allocate nothing; objects, arrays, spread and destructuring all do',
  instead: 'keep the values in locals, or in a record that the control plane makes once',
  wrong: `${head}export const f = (a: u32): u32 => { const pair = { a }; return pair.a; };\n`,
  right: `${head}export class Pair { a: u32 = 0; }\nexport const f = (pair: Pair): u32 => pair.a;\n`,
};

export const UNSUPPORTED_EXPRESSION: DialectRule = {
  code: 'HED207',
  title: 'an expression that machine modules do not have',
  why: 'it needs dynamic values, or means different things for different operands',
  instead: 'use === and !==, multiplication instead of **, and comparisons instead of ?. and ??',
  wrong: `${head}export const f = (a: u32): u32 => a ** 2;\n`,
  right: `${head}export const f = (a: u16): u32 => a * a;\n`,
};

export const UNSUPPORTED_STATEMENT: DialectRule = {
  code: 'HED208',
  title: 'a statement that machine modules do not have',
  why: 'iteration protocols and var scoping have no counterpart in plain machine code',
  instead: 'write a for loop over an index, with let or const',
  wrong: `${head}export const f = (bytes: Uint8Array): u32 => { let sum: u32 = 0; for (const byte of bytes) sum = sum + byte; return sum; };\n`,
  right: `${head}export const f = (bytes: Uint8Array): u32 => { let sum: u32 = 0; for (let i: u32 = 0; i < bytes.length; i++) sum = sum + bytes[i]!; return sum; };\n`,
};

export const PARAMETER_SHAPE: DialectRule = {
  code: 'HED209',
  title: 'an optional, default, rest or destructured parameter',
  why: 'a machine function takes exactly the arguments that it lists',
  instead: 'name every parameter and pass every argument',
  wrong: `${head}export const f = (a: u32, b: u32 = 1): u32 => a + b;\n`,
  right: `${head}export const f = (a: u32, b: u32): u32 => a + b;\n`,
};

export const RECORD_SHAPE: DialectRule = {
  code: 'HED210',
  title: 'a record with more than fields and methods',
  why: 'a record is a C struct: no inheritance, constructor, accessor, static or #private member, decorator or type parameter',
  instead: 'give every field its initial value, and write functions over the record',
  wrong: `${head}export class Queue { size: u16 = 0; constructor(size: u16) { this.size = size; } }\n`,
  right: `${head}export class Queue { size: u16 = 0; }\nexport const setUp = (queue: Queue, size: u16): void => { queue.size = size; };\n`,
};

export const FIELD_INITIALISER: DialectRule = {
  code: 'HED211',
  title: 'a field or module variable without a constant initial value',
  why: 'a record is laid out and filled when the image is built, before any code runs',
  instead: 'write a constant, fixedArray(length, constant or record class), or new Record() as its initial value',
  wrong: `${head}export class Queue { size!: u16; }\n`,
  right: `${head}export class Queue { size: u16 = 0; }\n`,
};

export const RECORD_MADE: DialectRule = {
  code: 'HED212',
  title: 'a record or array made while code runs',
  why: 'machine functions allocate nothing: records are fields, module constants, or made once by the control plane',
  instead: 'take the record as a parameter',
  wrong: `${head}export class Queue { size: u16 = 0; }\nexport const f = (): u16 => { const queue = new Queue(); return queue.size; };\n`,
  right: `${head}export class Queue { size: u16 = 0; }\nexport const f = (queue: Queue): u16 => queue.size;\n`,
};

export const RECORD_REPLACED: DialectRule = {
  code: 'HED213',
  title: 'a record or array stored in place of another',
  why: 'a record lies inside its owner, so a store would be a copy here and a shared reference on Node',
  instead: 'copy the fields one by one',
  wrong: `${head}class Slot { a: u8 = 0; }\nexport class Queue { first = new Slot(); second = new Slot(); }\nexport const f = (queue: Queue): void => { queue.first = queue.second; };\n`,
  right: `${head}class Slot { a: u8 = 0; }\nexport class Queue { first = new Slot(); second = new Slot(); }\nexport const f = (queue: Queue): void => { queue.first.a = queue.second.a; };\n`,
};

export const OTHER_RECORD: DialectRule = {
  code: 'HED214',
  title: 'a record of another class, or an array of other elements',
  why: 'TypeScript compares shapes, but two classes of one shape are laid out on their own, and so are elements of two widths',
  instead: 'pass a record of exactly the class, or an array of exactly the type, that is asked for',
  wrong: `${head}class A { x: u8 = 0; }\nclass B { x: u8 = 0; }\nconst f = (a: A): u8 => a.x;\nexport const g = (b: B): u8 => f(b);\n`,
  right: `${head}class A { x: u8 = 0; }\nconst f = (a: A): u8 => a.x;\nexport const g = (a: A): u8 => f(a);\n`,
};

export const DOES_NOT_FIT: DialectRule = {
  code: 'HED215',
  title: 'a value that never fits its type',
  why: 'every run that gets here would stop with a trap',
  instead: 'use a wider type, or say how to wrap: x >>> 0, x | 0, x & mask',
  wrong: `${head}export const LIMIT: u8 = 300;\n`,
  right: `${head}export const LIMIT: u16 = 300;\n`,
};

export const SWITCH_CASE: DialectRule = {
  code: 'HED216',
  title: 'a switch over something else than integers with constant, different cases',
  why: 'it becomes a jump table',
  instead: 'write an if chain',
  wrong: `${head}export const f = (a: u32, b: u32): u32 => { switch (a) { case b: return 1; default: return 0; } };\n`,
  right: `${head}export const f = (a: u32, b: u32): u32 => (a === b ? 1 : 0);\n`,
};

export const SWITCH_DECLARATION: DialectRule = {
  code: 'HED217',
  title: 'a declaration directly in a case',
  why: 'another case could jump past it and use a variable that was never set',
  instead: 'put braces around the statements of the case',
  wrong: `${head}export const f = (a: u32): u32 => { switch (a) { case 1: const b: u32 = 2; return b; default: return 0; } };\n`,
  right: `${head}export const f = (a: u32): u32 => { switch (a) { case 1: { const b: u32 = 2; return b; } default: return 0; } };\n`,
};

export const MODULE_WORK: DialectRule = {
  code: 'HED218',
  title: 'work at the top level of a machine module',
  why: 'a module defines and does not do: nothing of it runs before it is called',
  instead: 'move it into a function',
  wrong: `${head}export let count: u32 = 0;\ncount = 1;\n`,
  right: `${head}export let count: u32 = 0;\nexport const setUp = (): void => { count = 1; };\n`,
};

export const CONTROL_IMPORT: DialectRule = {
  code: 'HED219',
  title: 'a control-plane value in a machine module',
  why: 'machine code stands below the control plane and cannot call up into it',
  instead: 'pass the value as an argument, or move it into a machine module',
  wrong: `${head}import { value } from './other.ts';\nexport const f = (): u32 => value;\n`,
  right: `${head}export const f = (value: u32): u32 => value;\n`,
};

export const NUMBER_AS_CHOICE: DialectRule = {
  code: 'HED220',
  title: '&& or || between numbers, used as a value',
  why: 'it yields one of the numbers, where a reader expects true or false',
  instead: 'write condition ? a : b',
  wrong: `${head}export const f = (a: u32, b: u32): u32 => a || b;\n`,
  right: `${head}export const f = (a: u32, b: u32): u32 => (a !== 0 ? a : b);\n`,
};

export const UNKNOWN_NAME: DialectRule = {
  code: 'HED221',
  title: 'a name that machine modules do not know',
  why: 'of the JavaScript library they have only the arithmetic of Math',
  instead: 'use Math.floor, ceil, trunc, sqrt, abs, min, max, imul or clz32, or call a function of a machine module',
  wrong: `${head}export const f = (): f64 => Math.random();\n`,
  right: `${head}export const f = (a: f64): f64 => Math.sqrt(a);\n`,
};

export const TYPE_PARAMETER: DialectRule = {
  code: 'HED222',
  title: 'a type parameter',
  why: 'one function is one piece of machine code, with one width for every value',
  instead: 'write a function for each type',
  wrong: `${head}export const f = <T extends u32>(a: T): u32 => a;\n`,
  right: `${head}export const f = (a: u32): u32 => a;\n`,
};

export const LITERAL_TEXT: DialectRule = {
  code: 'HED223',
  title: 'a text that is not a literal',
  why: 'assert and the machine layer take a text that lies in the image',
  instead: 'write the text in quotes, without substitutions',
  wrong: `${head}export const f = (a: u32): void => { assert(a > 0, \`a is \${a}\`); };\n`,
  right: `${head}export const f = (a: u32): void => { assert(a > 0, 'a is positive'); };\n`,
};

export const EXPORT_FORM: DialectRule = {
  code: 'HED224',
  title: 'a default export or a renamed one',
  why: 'a machine function has one name, the same in every message, backtrace and debugger',
  instead: 'write export before the definition',
  wrong: `${head}const f = (a: u32): u32 => a;\nexport default f;\n`,
  right: `${head}export const f = (a: u32): u32 => a;\n`,
};

export const ENUM_SHAPE: DialectRule = {
  code: 'HED225',
  title: 'an enum member that is not a constant integer',
  why: 'an enum is an integer here, of the smallest width that holds its members',
  instead: 'give every member an integer',
  wrong: `${head}export enum Kind { Disk = 'disk' }\n`,
  right: `${head}export enum Kind { Disk = 1 }\n`,
};

export const DECLARED_ELSEWHERE: DialectRule = {
  code: 'HED226',
  title: 'a declared machine function outside kernel/hal',
  why: 'only boot/ implements such functions, and kernel/hal lists all of them',
  instead: 'import it from its module of kernel/hal, or define it',
  wrong: `${head}export declare const read: (offset: u32) => u32;\n`,
  right: `${head}export const read = (offset: u32): u32 => offset;\n`,
};

export const FOREIGN_CAST: DialectRule = {
  code: 'HED227',
  title: 'a cast to something that is no machine type',
  why: 'it would hide from the checker what the value is',
  instead: 'cast to a machine type, or to number to drop a flavour',
  wrong: `${head}export const f = (a: u32): u32 => a as unknown as u32;\n`,
  right: `${head}export const f = (a: u32): u32 => a as number as u32;\n`,
};

export const SHARED_FIELD_WRITE: DialectRule = {
  code: 'HED240',
  title: 'a field of a record written by the control plane',
  why: 'a record belongs to the machine modules: they alone know what must hold between its fields',
  instead: 'write a machine function that makes the change',
  wrong: `import { Queue } from './queue.ts';\nconst queue = new Queue();\nqueue.size = 3;\n`,
  right: `import { grow, Queue } from './queue.ts';\nconst queue = new Queue();\ngrow(queue, 3);\n`,
};

export const RECORD_ESCAPES: DialectRule = {
  code: 'HED241',
  title: 'a record used where it is not known to be one',
  why: 'on metal it is a handle, so printing, spreading or inspecting it would show another thing than on Node',
  instead: 'keep the class in the type, and read the fields you need',
  wrong: `import { Queue } from './queue.ts';\nconst queue = new Queue();\nconsole.log(queue);\n`,
  right: `import { Queue } from './queue.ts';\nconst queue = new Queue();\nconsole.log(queue.size);\n`,
};

export const RECORD_IMITATED: DialectRule = {
  code: 'HED242',
  title: 'another object in place of a record',
  why: 'a machine function reads the struct behind the handle; an object that merely looks alike has none',
  instead: 'make the record with new',
  wrong: `import { Slot } from './queue.ts';\nconst slot: Slot = { size: 1 };\nconsole.log(slot.size);\n`,
  right: `import { Slot } from './queue.ts';\nconst slot: Slot = new Slot();\nconsole.log(slot.size);\n`,
};

export const RECORD_PART: DialectRule = {
  code: 'HED243',
  title: 'an array or a method of a record taken out by the control plane',
  why: 'a record inside a record has a handle of its own; an array or a method has none',
  instead: 'read down to a number, boolean or record, or write a machine function',
  wrong: `import { Queue } from './queue.ts';\nconst ring = new Queue().ring;\nconsole.log(ring[0]);\n`,
  right: `import { Queue } from './queue.ts';\nconst queue = new Queue();\nconsole.log(queue.ring[0]);\n`,
};

export const NOT_AT_THE_BORDER: DialectRule = {
  code: 'HED244',
  title: 'a machine function that the control plane cannot call',
  why: 'numbers, booleans, records and bytes cross the border as arguments, arrays do not',
  instead: 'write a machine function that takes the record with the array in it',
  wrong: `import { firstOf } from './queue.ts';\nexport const first = firstOf;\n`,
  right: `import { firstSlot, Queue } from './queue.ts';\nconsole.log(firstSlot(new Queue()).size);\n`,
};

export const CLASS_AS_VALUE: DialectRule = {
  code: 'HED245',
  title: 'a record class used as a value',
  why: 'on metal a record class is a layout and no object: it can be made with new, nothing else',
  instead: 'write new Record(); keep a kind of your own to tell values apart',
  wrong: `import { Queue } from './queue.ts';\nconst queue: Queue | number = new Queue();\nconsole.log(queue instanceof Queue);\n`,
  right: `import { Queue } from './queue.ts';\nconst queue = new Queue();\nconsole.log(queue.size);\n`,
};

export const MACHINE_VARIABLE: DialectRule = {
  code: 'HED246',
  title: 'a variable of a machine module used by the control plane',
  why: 'it lives in machine memory, and the control plane has no access to that by name',
  instead: 'export a machine function that returns it',
  wrong: `import { total } from './queue.ts';\nconsole.log(total);\n`,
  right: `import { currentTotal } from './queue.ts';\nconsole.log(currentTotal());\n`,
};

export const MACHINE_RULES: readonly DialectRule[] = [
  NO_MACHINE_TYPE,
  STRING_VALUE,
  NESTED_FUNCTION,
  FUNCTION_VALUE,
  EXCEPTION,
  ASYNC_FUNCTION,
  LITERAL_OBJECT,
  UNSUPPORTED_EXPRESSION,
  UNSUPPORTED_STATEMENT,
  PARAMETER_SHAPE,
  RECORD_SHAPE,
  FIELD_INITIALISER,
  RECORD_MADE,
  RECORD_REPLACED,
  OTHER_RECORD,
  DOES_NOT_FIT,
  SWITCH_CASE,
  SWITCH_DECLARATION,
  MODULE_WORK,
  CONTROL_IMPORT,
  NUMBER_AS_CHOICE,
  UNKNOWN_NAME,
  TYPE_PARAMETER,
  LITERAL_TEXT,
  EXPORT_FORM,
  ENUM_SHAPE,
  DECLARED_ELSEWHERE,
  FOREIGN_CAST,
  SHARED_FIELD_WRITE,
  RECORD_ESCAPES,
  RECORD_IMITATED,
  RECORD_PART,
  NOT_AT_THE_BORDER,
  CLASS_AS_VALUE,
  MACHINE_VARIABLE,
];
