// What keys stand for on a US keyboard: the text that a terminal sends for them. For programs that read text from a keyboard (input.ts).
//
// Control with a letter is its control character, Alt puts an escape before, keys without a letter are the sequences of ECMA-48 and xterm: so a program that reads a
// serial line and a keyboard can treat both alike.

import {
  EV_KEY,
  EV_SYN,
  KEY_CAPSLOCK,
  KEY_LEFTALT,
  KEY_LEFTCTRL,
  KEY_LEFTSHIFT,
  KEY_NUMLOCK,
  KEY_PRESSED,
  KEY_RELEASED,
  KEY_RIGHTALT,
  KEY_RIGHTCTRL,
  KEY_RIGHTSHIFT,
  SYN_DROPPED,
} from './event-codes.ts';
import type { InputEvent } from './input.ts';

/** A keyboard, as far as what its keys mean depends on what was pressed before. */
export interface KeyboardLayout {
  /** Whether the lock is on, for who shows it (LED_CAPSL, LED_NUML). */
  readonly hasCapsLock: boolean;
  readonly hasNumLock: boolean;
  /** Takes an event note of, and returns the text that it stands for: empty for releases, for keys without text and for what is no key. */
  textOf(event: InputEvent): string;
}

// Rows of keys whose codes follow each other: the first code, what the keys are, and with Shift.
const ROWS: readonly (readonly [first: number, plain: string, shifted: string])[] = [
  [2, '1234567890-=', '!@#$%^&*()_+'],
  [16, 'qwertyuiop[]', 'QWERTYUIOP{}'],
  [30, "asdfghjkl;'`", 'ASDFGHJKL:"~'],
  [43, '\\zxcvbnm,./', '|ZXCVBNM<>?'],
  [57, ' ', ' '],
  [86, '\\', '|'],
];

/** Keys that mean the same with and without Shift. */
const FIXED = new Map<number, string>([
  [1, '\x1b'],
  [14, '\x7f'],
  [15, '\t'],
  [28, '\r'],
  [55, '*'],
  [74, '-'],
  [78, '+'],
  [96, '\r'],
  [98, '/'],
  [102, '\x1b[H'],
  [103, '\x1b[A'],
  [104, '\x1b[5~'],
  [105, '\x1b[D'],
  [106, '\x1b[C'],
  [107, '\x1b[F'],
  [108, '\x1b[B'],
  [109, '\x1b[6~'],
  [110, '\x1b[2~'],
  [111, '\x1b[3~'],
]);

/** Keys of the number pad, and the keys that they are without the lock. KEY_KP5 is none. */
const PAD = new Map<number, readonly [digit: string, key: number]>([
  [71, ['7', 102]],
  [72, ['8', 103]],
  [73, ['9', 104]],
  [75, ['4', 105]],
  [76, ['5', 0]],
  [77, ['6', 106]],
  [79, ['1', 107]],
  [80, ['2', 108]],
  [81, ['3', 109]],
  [82, ['0', 110]],
  [83, ['.', 111]],
]);

/** Bits of `held`. */
const MODIFIERS = new Map<number, number>([
  [KEY_LEFTSHIFT, 1],
  [KEY_RIGHTSHIFT, 2],
  [KEY_LEFTCTRL, 4],
  [KEY_RIGHTCTRL, 8],
  [KEY_LEFTALT, 16],
  [KEY_RIGHTALT, 32],
]);
const SHIFT = 3;
const CONTROL = 12;
const ALT = 48;

const ESCAPE = '\x1b';

interface State {
  held: number;
  hasCapsLock: boolean;
  hasNumLock: boolean;
  textOf(event: InputEvent): string;
}

/** Returns the layout of a US keyboard on which nothing is pressed, and the number pad has numbers. */
export const usKeyboard = (): KeyboardLayout => {
  const state: State = {
    held: 0,
    hasCapsLock: false,
    hasNumLock: true,
    textOf: (event) => textOf(state, event),
  };
  return state;
};

const textOf = (state: State, { type, code, value }: InputEvent): string => {
  if (type === EV_SYN && code === SYN_DROPPED) state.held = 0; // A release may be among what was lost.
  if (type !== EV_KEY) return '';
  const modifier = MODIFIERS.get(code);
  if (modifier !== undefined) {
    state.held = value === KEY_RELEASED ? state.held & ~modifier : state.held | modifier;
    return '';
  }
  if (value === KEY_RELEASED) return '';
  if (value === KEY_PRESSED && code === KEY_CAPSLOCK) state.hasCapsLock = !state.hasCapsLock;
  if (value === KEY_PRESSED && code === KEY_NUMLOCK) state.hasNumLock = !state.hasNumLock;
  const text = (state.held & CONTROL) === 0 ? plainText(state, code) : controlText(state, code);
  return text !== '' && (state.held & ALT) !== 0 ? ESCAPE + text : text;
};

const plainText = (state: State, code: number): string => {
  const pad = PAD.get(code);
  if (pad !== undefined) return state.hasNumLock ? pad[0] : (FIXED.get(pad[1]) ?? '');
  const fixed = FIXED.get(code);
  if (fixed !== undefined) return fixed;
  const plain = letterOf(code, false);
  const isLetter = plain >= 'a' && plain <= 'z';
  const hasShift = (state.held & SHIFT) !== 0;
  return letterOf(code, isLetter ? hasShift !== state.hasCapsLock : hasShift);
};

/** Returns the letter of a key in the rows, or nothing. */
const letterOf = (code: number, isShifted: boolean): string => {
  for (const [first, plain, shifted] of ROWS) {
    if (code >= first && code < first + plain.length) return (isShifted ? shifted : plain).charAt(code - first);
  }
  return '';
};

/** Control takes the upper bits from what lies between @ and the tilde; other keys do not mind. */
const controlText = (state: State, code: number): string => {
  const text = plainText(state, code);
  if (text === ' ') return '\0';
  if (text.length !== 1 || text < '@' || text > '~') return text;
  return String.fromCharCode(text.charCodeAt(0) & 0x1f);
};
