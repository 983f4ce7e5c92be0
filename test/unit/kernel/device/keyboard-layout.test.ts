import { eventCode } from '../../../../kernel/device/event-names.ts';
import { type KeyboardLayout, usKeyboard } from '../../../../kernel/device/keyboard-layout.ts';
import { describe, expect, it } from '../../../../kernel/test/index.ts';

const press = (keyboard: KeyboardLayout, name: string, value = 1): string => {
  const found = eventCode(`KEY_${name}`);
  if (found === undefined) throw new Error(`no key ${name}`);
  return keyboard.textOf({ ...found, value });
};

/** Returns the text of keys: `+NAME` holds one, `-NAME` lets it go, `NAME` does both. */
const type = (keys: string, keyboard = usKeyboard()): string => {
  let text = '';
  for (const key of keys.split(' ')) {
    if (key.startsWith('+')) text += press(keyboard, key.slice(1));
    else if (key.startsWith('-')) text += press(keyboard, key.slice(1), 0);
    else text += press(keyboard, key) + press(keyboard, key, 0);
  }
  return text;
};

describe('a US keyboard', () => {
  it('writes letters, digits and signs', () => {
    expect(type('H E L L O COMMA SPACE 4 2 DOT ENTER')).toBe('hello, 42.\r');
    expect(type('GRAVE MINUS EQUAL LEFTBRACE RIGHTBRACE BACKSLASH SEMICOLON APOSTROPHE SLASH')).toBe("`-=[]\\;'/");
  });

  it('writes others with Shift, of either hand, until both are let go', () => {
    expect(type('+LEFTSHIFT A 1 2 9 0 +RIGHTSHIFT -LEFTSHIFT B -RIGHTSHIFT C')).toBe('A!@()Bc');
    expect(type('+LEFTSHIFT GRAVE LEFTBRACE BACKSLASH SEMICOLON APOSTROPHE COMMA DOT SLASH')).toBe('~{|:"<>?');
  });

  it('has a lock for letters alone, which Shift turns round', () => {
    const keyboard = usKeyboard();
    expect(type('CAPSLOCK A 1 +LEFTSHIFT B 2 -LEFTSHIFT', keyboard)).toBe('A1b@');
    expect(keyboard.hasCapsLock).toBe(true);
    expect([press(keyboard, 'CAPSLOCK', 2), keyboard.hasCapsLock]).toEqual(['', true]);
    expect([type('CAPSLOCK A', keyboard), keyboard.hasCapsLock]).toEqual(['a', false]);
  });

  it('writes control characters with Control', () => {
    expect(type('+LEFTCTRL C D LEFTBRACE SPACE BACKSLASH 1 -LEFTCTRL C')).toBe('\x03\x04\x1b\0\x1c1c');
    expect(type('+RIGHTCTRL +LEFTSHIFT A 2')).toBe('\x01\0');
    expect(type('CAPSLOCK +LEFTCTRL Z')).toBe('\x1a');
  });

  it('puts an escape before what is pressed with Alt', () => {
    expect(type('+LEFTALT B ENTER LEFTSHIFT -LEFTALT B')).toBe('\x1bb\x1b\rb');
  });

  it('writes what a terminal sends for keys without a letter', () => {
    expect(type('TAB BACKSPACE ESC UP DOWN RIGHT LEFT')).toBe('\t\x7f\x1b\x1b[A\x1b[B\x1b[C\x1b[D');
    expect(type('HOME END PAGEUP PAGEDOWN INSERT DELETE')).toBe('\x1b[H\x1b[F\x1b[5~\x1b[6~\x1b[2~\x1b[3~');
  });

  it('has a number pad that is numbers or keys', () => {
    const keyboard = usKeyboard();
    expect(type('KP7 KP5 KP0 KPDOT KPPLUS KPMINUS KPASTERISK KPSLASH KPENTER', keyboard)).toBe('750.+-*/\r');
    expect(type('NUMLOCK KP7 KP5 KP8 KPDOT', keyboard)).toBe('\x1b[H\x1b[A\x1b[3~');
    expect(keyboard.hasNumLock).toBe(false);
  });

  it('repeats a key that is held, and writes nothing for others', () => {
    const keyboard = usKeyboard();
    expect([press(keyboard, 'X'), press(keyboard, 'X', 2), press(keyboard, 'X', 0)]).toEqual(['x', 'x', '']);
    expect(type('F1 F12 PRINT LEFTMETA SCROLLLOCK', keyboard)).toBe('');
    expect(keyboard.textOf({ type: 2, code: 30, value: 1 })).toBe('');
  });

  it('holds nothing any more when reports were lost', () => {
    const keyboard = usKeyboard();
    type('+LEFTSHIFT +LEFTCTRL', keyboard);
    keyboard.textOf({ type: 0, code: 3, value: 0 });
    expect(type('A', keyboard)).toBe('a');
  });
});
