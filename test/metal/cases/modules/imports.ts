// Imports and exports of all kinds.

import {
  type Named as PassedType,
  twice as passedOn,
  raised,
  constant as sameConstant,
  star,
  sum,
  whole,
} from '../../modules/again.ts';
import defaulted, { beside } from '../../modules/default.ts';
import Defaulted from '../../modules/default-class.ts';
import value from '../../modules/default-value.ts';
import { test } from '../../test.ts';
import '../../modules/effect.ts';
import type { Named, Size } from '../../modules/exports.ts';
import * as all from '../../modules/exports.ts';
import {
  constant,
  counter,
  declared,
  Level,
  Exported as Renamed,
  raise,
  second,
  shown,
} from '../../modules/exports.ts';
import { log } from '../../modules/log.ts';

import low = Level.low;

const started = [...log];

test('named import: of constants, functions, classes and enums', () => {
  console.log(constant, declared(1), new Renamed('x').text, Level.high, Level[1]);
});
test('renamed import: has the name of here', () => {
  console.log(new Renamed('y') instanceof Renamed, Renamed.name, passedOn(4));
});
test('live binding: shows what the other module writes', () => {
  const before = counter;
  raise();
  console.log(counter - before, all.counter === counter, raised() - counter === 0, counter - before);
});
test('default import: a function, an object and a class', () => {
  console.log(defaulted(5), value, new Defaulted().text, defaulted.name, Defaulted.name);
});
test('default export: beside named ones', () => {
  console.log(beside, defaulted(1));
});
test('namespace import: members by name', () => {
  console.log(all.constant, all.declared(2), new all.Exported('z').text, all.Level.low, all.second);
});
test('import for effect: runs the module once, in order', () => {
  console.log(started.join(), log.length === started.length);
});
test('order of modules: what is imported runs first', () => {
  console.log(
    started[0],
    started.indexOf('exports') < started.indexOf('effect'),
    new Set(started).size === started.length,
  );
});
test('export list: with another name', () => {
  console.log(shown, second);
});
test('re-export: the same thing under another name', () => {
  console.log(sameConstant === constant, passedOn === defaulted, raised === raise);
});
test('export *: all names of a module', () => {
  console.log(star, sum(1, 2, 3));
});
test('export * as: as an object', () => {
  console.log(whole.star, whole.sum(4, 5), whole.sum === sum);
});
test('type-only import: leaves nothing behind', () => {
  const named: Named & PassedType = { name: 'n' };
  const size: Size = 5;
  console.log(named.name, size);
});
test('exported declaration: can be used where it is', () => {
  console.log(local, again(), new Kept().n);
});
test('import =: of a member of an enum', () => {
  console.log(low);
});
test('type-only export: beside values', () => {
  const kind: Kind = 'k';
  console.log(kind);
});
test('import type: written where it is used', () => {
  const level: import('../../modules/exports.ts').Level = Level.low;
  const named: import('../../modules/exports.ts').Named = { name: 'n' };
  console.log(level, named.name);
});
test('global augmentation: of types', () => {
  const marked: MarkedByModules = { mark: 3 };
  console.log(marked.mark);
});

export const local = 'local';
export function again(): string {
  return `again ${local}`;
}
export class Kept {
  n = 7;
}
type Kind = 'k';

export type { Kind };

declare global {
  interface MarkedByModules {
    readonly mark: number;
  }
}
