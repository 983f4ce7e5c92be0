import { newKeyReader } from '../../../../apps/tty/keys.ts';
import { describe, expect, it } from '../../../../kernel/test/index.ts';

const namesOf = (text: string): string[] =>
  newKeyReader()
    .keysOf(text)
    .map(({ name, text }) => text || name);

describe('what a terminal sends is cut into keys', () => {
  it.each([
    ['ab', ['a', 'b']],
    ['ä€😀', ['ä', '€', '😀']],
    ['\r\n\t', ['enter', 'enter', 'tab']],
    ['\x7f\b', ['backspace', 'backspace']],
    ['\x01\x02\x03\x04\x05\x06', ['home', 'left', 'interrupt', 'end-of-input', 'end', 'right']],
    ['\x0b\x0c\x0e\x10\x15\x17', ['erase-rest', 'clear', 'down', 'up', 'erase-line', 'erase-word']],
    ['\x1b[A\x1b[B\x1b[C\x1b[D', ['up', 'down', 'right', 'left']],
    ['\x1bOA\x1bOH', ['up', 'home']],
    ['\x1b[3~\x1b[1~\x1b[4~x', ['delete', 'home', 'end', 'x']],
    ['\x1b[1;5Cx', ['unknown', 'x']],
    ['\x1bbx', ['unknown', 'x']],
    ['\x00', ['unknown']],
  ])('%j', (text, keys) => {
    expect(namesOf(text)).toEqual(keys);
  });

  it('in whatever pieces it comes', () => {
    const text = 'a\x1b[3~\x1bOA😀\r';
    const reader = newKeyReader();
    // The halves of a character never come apart: what is decoded is whole.
    const pieces = [...text];
    expect(pieces.flatMap((piece) => reader.keysOf(piece))).toEqual(newKeyReader().keysOf(text));
  });

  it('a sequence without an end is given up, and keeps no key from being read', () => {
    expect(namesOf(`\x1b[${'1'.repeat(40)}\r`).at(-1)).toBe('enter');
  });
});
