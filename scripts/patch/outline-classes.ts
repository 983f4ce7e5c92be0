// What a class is made of: its methods, and the fields that each of its objects starts with.

import { isDeadAfter } from './dead.ts';
import type { Outlined } from './outline-properties.ts';

const METHOD =
  /^(\t+)(\w+) = hedyn_function\((\d+u), 0u\);\n\1\(void\)(p\d+___Porffor_object_class_(?:method|get|set))\((\w+), porf_box\((\d+u), 195\), porf_box\(\2, 6\)\);$/gm;
const FIELD =
  /^(\t+)\(void\)(p\d+___Porffor_object_class_value)\((\w+), porf_box\((\d+u), 195\), porf_box\(\(f64\)0u, 0\)\);$/gm;

/** Returns `c` with methods and fields added by helpers. Function objects have been made helpers' before. */
export const outlineClasses = (c: string): Outlined => {
  const helpers = new Map<string, string>();
  const text = c
    .replace(METHOD, (whole: string, indent, name, index, add, owner, key, at: number) => {
      if (!isDeadAfter(c, at + whole.length, name)) return whole;
      const helper = add.replace(/^p\d+___Porffor_object_class/, 'hedyn_add');
      helpers.set(helper, methodHelper(helper, add));
      return `${indent}${helper}(${owner}, ${key}, ${index});`;
    })
    .replace(FIELD, (_, indent, add, owner, key) => {
      helpers.set('hedyn_field', fieldHelper(add));
      return `${indent}hedyn_field(${owner}, ${key});`;
    });
  return { text, helpers: [...helpers.values()].join('') };
};

const methodHelper = (
  name: string,
  add: string,
): string => `static PORF_NOINLINE void ${name}(jsval owner, u32 key, u32 index) {
  (void)${add}(owner, porf_box(key, 195), porf_box(hedyn_function(index, 0u), 6));
}
`;

const fieldHelper = (add: string): string => `static PORF_NOINLINE void hedyn_field(jsval object, u32 key) {
  (void)${add}(object, porf_box(key, 195), JV_UNDEFINED);
}
`;
