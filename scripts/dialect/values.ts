// HED100–HED149: expressions, numbers, strings, built-ins, types.

import type { DialectRule } from './rule.ts';

/** The rules, by the name the passes use. */
export const VALUE_RULES = {
  bigint: {
    code: 'HED100',
    title: 'a BigInt',
    why: 'the compiler below keeps only 53 bits of it, in silence',
    instead: 'use a number up to 2^53, two 32-bit halves, or the type u53 in a machine module',
    wrong: 'export const size = 2n ** 64n;\n',
    right: 'export const size = { high: 1, low: 0 };\n',
  },
  looseEquality: {
    code: 'HED101',
    title: "'=='",
    why: 'its conversions are not carried out',
    instead: "write '===', or compare with null to catch undefined too",
    wrong: 'export const isOne = (x: unknown): boolean => x == 1;\n',
    right: 'export const isOne = (x: unknown): boolean => x === 1;\n',
  },
  untypedPlus: {
    code: 'HED103',
    title: "'+' with a value of unknown type",
    why: 'whether it adds or joins depends on the type',
    instead: 'give the value a type, or join it with a template literal',
    wrong: 'export const label = (value: any): string => "value " + value;\n',
    right: 'export const label = (value: unknown): string => `value ${value}`;\n',
  },
  valueOf: {
    code: 'HED104',
    title: "'+' of a string and an object with a valueOf of its own",
    why: 'its valueOf is not called',
    instead: 'join object.valueOf() or String(object)',
    wrong:
      'class Celsius {\n  valueOf(): number {\n    return 21;\n  }\n}\nexport const text = "it is " + new Celsius();\n',
    right:
      'class Celsius {\n  valueOf(): number {\n    return 21;\n  }\n}\nexport const text = `it is ${new Celsius().valueOf()}`;\n',
  },
  mixedComparison: {
    code: 'HED105',
    title: 'a comparison of different or unknown types',
    why: 'its conversions are not carried out',
    instead: 'compare two numbers or two strings; of dates, compare getTime()',
    wrong: 'export const isEarlier = (a: Date, b: Date): boolean => a < b;\n',
    right: 'export const isEarlier = (a: Date, b: Date): boolean => a.getTime() < b.getTime();\n',
  },
  consoleUse: {
    code: 'HED106',
    title: 'console used as a value',
    why: 'console is not an object here: its calls become writes to the serial port',
    instead: 'call or pass console.log, info, debug, warn or error',
    wrong: 'export const sink = console;\n',
    right: 'export const sink = console.log;\n',
  },
  unclearMethod: {
    code: 'HED107',
    title: 'a built-in method of a union type',
    why: 'the members have different methods of that name, some replaced by the build',
    instead: 'narrow the type first',
    wrong: 'export const text = (x: number | Uint8Array): string => x.toString();\n',
    right:
      'export const text = (x: number | Uint8Array): string => (typeof x === "number" ? x.toString() : x.toString());\n',
  },
  methodAsValue: {
    code: 'HED108',
    title: 'a built-in method without its call',
    why: 'the build replaces calls of it, and a method alone has no object',
    instead: 'wrap the call in an arrow function',
    wrong: 'export const format = (1.5).toFixed;\n',
    right: 'export const format = (digits: number): string => (1.5).toFixed(digits);\n',
  },
  methodInChain: {
    code: 'HED109',
    title: 'a built-in method inside an optional chain that goes on',
    why: 'the build replaces its call, and the rest of the chain would no longer be skipped',
    instead: 'put the first part into a constant',
    wrong: 'export const digits = (x?: number): number | undefined => x?.toFixed(2).length;\n',
    right:
      'export const digits = (x?: number): number | undefined => (x === undefined ? undefined : x.toFixed(2).length);\n',
  },
} as const satisfies Record<string, DialectRule>;

/** The rows in the order of their numbers. */
export const valueRules: readonly DialectRule[] = Object.values(VALUE_RULES);
