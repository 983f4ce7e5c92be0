import { expect, it } from 'vitest';
import { showSourceNames } from '../../../scripts/debug-names.ts';

/** Returns an ELF64 image with nothing but these strings in .debug_str. */
const imageOf = (names: readonly string[]): Buffer => {
  const strings = Buffer.from(names.map((name) => `${name}\0`).join(''), 'latin1');
  const sectionNames = Buffer.from('\0.debug_str\0', 'latin1');
  const header = Buffer.alloc(64);
  header.writeUInt32BE(0x7f454c46);
  header.set([2, 1], 4);
  const sections = [
    { name: 0, content: sectionNames },
    { name: 1, content: strings },
  ];
  header.writeBigUInt64LE(64n, 40);
  header.writeUInt16LE(sections.length, 60);
  const table = Buffer.alloc(64 * sections.length);
  let offset = 64 + table.length;
  sections.forEach(({ name, content }, index) => {
    table.writeUInt32LE(name, index * 64);
    table.writeUInt32LE(1, index * 64 + 4);
    table.writeBigUInt64LE(BigInt(offset), index * 64 + 24);
    table.writeBigUInt64LE(BigInt(content.length), index * 64 + 32);
    offset += content.length;
  });
  return Buffer.concat([header, table, sectionNames, strings]);
};

/** Returns what becomes of each name, at the place where it was. */
const shownFor = (names: readonly string[]): string[] => {
  const image = imageOf(names);
  showSourceNames(image);
  let at = image.length - names.reduce((length, name) => length + name.length + 1, 0);
  return names.map((name) => {
    const shown = image.toString('latin1', at, image.indexOf(0, at));
    at += name.length + 1;
    return shown;
  });
};

it('functions and variables have the names of their source', () => {
  expect(
    shownFor(['p12_readDisk', 'm_drivers_blk_flow__send', 'p57__24main_2422', 'disk_242', '_23this', 'plain', 'a_24b']),
  ).toEqual(['readDisk', 'send', 'main', 'disk', 'this', 'plain', 'a$b']);
});

it('what nobody wrote has no name', () => {
  expect(shownFor(['_2361', '_23env', 'kept_24at12', 'kept_24at1_232', 'timer_24set_24main_241'])).toEqual([
    '',
    '',
    '',
    '',
    '',
  ]);
});

it('variables that two modules have keep their numbers', () => {
  expect(shownFor(['total_242', 'total_243', 'twice_231'])).toEqual(['total$2', 'total$3', 'twice$1']);
});

it('record classes and the functions of the run time stay what they were', () => {
  const names = ['m_drivers_blk_flow__Flow', 'porf_box', 'p3_glue_hal_panic', 'm_a__Ring_push'];
  expect(shownFor(names)).toEqual(['m_drivers_blk_flow__Flow', 'porf_box', 'p3_glue_hal_panic', 'Ring_push']);
});
