import { newKeyReader } from '../../../../apps/tty/keys.ts';
import { LineEditor, type Outcome } from '../../../../apps/tty/line-editor.ts';
import { beforeEach, describe, expect, it } from '../../../../kernel/test/index.ts';
import { screenOf } from './screen.ts';

let editor: LineEditor;

beforeEach(() => {
  editor = new LineEditor();
});

/** Presses what a terminal sends for keys, and takes the lines that are entered. Returns the last outcome. */
const press = (text: string): Outcome => {
  let outcome: Outcome = 'nothing';
  for (const key of newKeyReader().keysOf(text)) {
    outcome = editor.press(key);
    if (outcome === 'entered') editor.take();
  }
  return outcome;
};

const LEFT = '\x1b[D';
const UP = '\x1b[A';
const DOWN = '\x1b[B';

describe('editing', () => {
  it.each([
    ['ab', 'ab'],
    [`ac${LEFT}b`, 'abc'],
    ['abc\x7f', 'ab'],
    [`abc${LEFT}\x7f`, 'ac'],
    [`abc${LEFT}${LEFT}\x1b[3~`, 'ac'],
    [`abc${LEFT}\x04`, 'ab'],
    ['bc\x01a', 'abc'],
    ['ab\x01\x05c', 'abc'],
    ['one two  \x17', 'one '],
    ['one two\x17\x17', ''],
    [`one two${LEFT}${LEFT}\x15`, 'wo'],
    [`one two${LEFT}${LEFT}\x0b`, 'one t'],
    ['a😀b\x7f\x7f', 'a'],
  ])('%j is %j', (keys, line) => {
    press(keys);
    expect(editor.text).toBe(line);
  });

  it.each(['\x7f', LEFT, '\x1b[C', '\x1b[3~', UP, DOWN, '\x1b[99~'])('%j does nothing on an empty line', (keys) => {
    expect(press(keys)).toBe('nothing');
  });

  it.each([
    ['\x04', 'ended'],
    ['x\x03', 'abandoned'],
    ['x\t', 'complete'],
    ['x\x0c', 'clear'],
  ])('%j asks for more than editing: %s', (keys, outcome) => {
    expect(press(keys)).toBe(outcome);
  });
});

describe('history', () => {
  it('has the lines that were entered, without empty ones and those that repeat the one before', () => {
    press('one\rtwo\rtwo\r \r\rone\r');
    expect(editor.lines).toEqual(['one', 'two', 'one']);
  });

  it('goes back and forth, and keeps the line that was begun', () => {
    press('one\rtwo\rbegun');
    const seen = [UP, UP, UP, DOWN, DOWN, DOWN].map((key) => {
      press(key);
      return editor.text;
    });
    expect(seen).toEqual(['two', 'one', 'one', 'two', 'begun', 'begun']);
  });

  it('gives a line that can be changed, and stays as it was', () => {
    press(`one\r${UP}!\r`);
    expect(editor.lines).toEqual(['one', 'one!']);
  });

  it('keeps the last hundred', () => {
    for (let i = 0; i < 120; i++) press(`${i}\r`);
    expect([editor.lines.length, editor.lines[0], editor.lines.at(-1)]).toEqual([100, '20', '119']);
  });
});

describe('on a terminal', () => {
  it('the line stands behind the prompt, and the cursor where it is', () => {
    press(`abcd${LEFT}${LEFT}`);
    expect(screenOf([editor.render('> ', 20)], 20)).toEqual({ lines: ['> abcd'], row: 0, column: 4 });
  });

  it('a shorter line leaves nothing of a longer one', () => {
    press('abcdef');
    const before = editor.render('> ', 20);
    press('\x15x');
    expect(screenOf([before, editor.render('> ', 20)], 20)).toEqual({ lines: ['> x'], row: 0, column: 3 });
  });

  it('a line that is too long shows the part around the cursor', () => {
    press('0123456789abcdef');
    expect(screenOf([editor.render('> ', 10)], 10)).toEqual({ lines: ['> 9abcdef'], row: 0, column: 9 });
    press('\x01');
    expect(screenOf([editor.render('> ', 10)], 10)).toEqual({ lines: ['> 0123456'], row: 0, column: 2 });
  });
});
