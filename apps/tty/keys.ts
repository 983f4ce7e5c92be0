// What a terminal sends, cut into keys: characters, control characters, and the sequences that stand for keys without a letter. ECMA-48 §5.4, as xterm has them.

/** A key that does something, or `character`, which stands for itself. */
export type KeyName =
  | 'character'
  | 'enter'
  | 'backspace'
  | 'delete'
  | 'left'
  | 'right'
  | 'up'
  | 'down'
  | 'home'
  | 'end'
  | 'tab'
  | 'interrupt'
  | 'end-of-input'
  | 'erase-line'
  | 'erase-rest'
  | 'erase-word'
  | 'clear'
  | 'unknown';

/** One key; `text` is the character of a `character`, and empty for the others. */
export interface Key {
  readonly name: KeyName;
  readonly text: string;
}

/** By control character. What bash and its like do with them. */
const CONTROLS = new Map<string, KeyName>([
  ['\r', 'enter'],
  ['\n', 'enter'],
  ['\x7f', 'backspace'],
  ['\b', 'backspace'],
  ['\t', 'tab'],
  ['\x01', 'home'],
  ['\x02', 'left'],
  ['\x03', 'interrupt'],
  ['\x04', 'end-of-input'],
  ['\x05', 'end'],
  ['\x06', 'right'],
  ['\x0b', 'erase-rest'],
  ['\x0c', 'clear'],
  ['\x0e', 'down'],
  ['\x10', 'up'],
  ['\x15', 'erase-line'],
  ['\x17', 'erase-word'],
]);

/** By what follows `ESC [` or `ESC O`. */
const SEQUENCES = new Map<string, KeyName>([
  ['A', 'up'],
  ['B', 'down'],
  ['C', 'right'],
  ['D', 'left'],
  ['F', 'end'],
  ['H', 'home'],
  ['1~', 'home'],
  ['3~', 'delete'],
  ['4~', 'end'],
  ['7~', 'home'],
  ['8~', 'end'],
]);

const ESCAPE = '\x1b';

/** Longer than every sequence that a key sends: what goes on is none. */
const SEQUENCE_LENGTH_MAX = 16;

/** Cuts text into keys. Text may come in any pieces: a sequence that has not come whole is kept until the rest is there. */
export interface KeyReader {
  /** Returns the keys that are whole, in order. */
  keysOf(text: string): Key[];
}

/** Returns one that has read nothing yet. */
export const newKeyReader = (): KeyReader => {
  let rest = '';
  const keysOf = (text: string): Key[] => {
    rest += text;
    const keys: Key[] = [];
    while (rest !== '') {
      const length = lengthOfFirst(rest);
      if (length > rest.length) break;
      keys.push(keyOf(rest.slice(0, length)));
      rest = rest.slice(length);
    }
    return keys;
  };
  return { keysOf };
};

/** Returns how many units the first key of `text` has, and more than there are when it is not whole. */
const lengthOfFirst = (text: string): number => {
  if (text[0] !== ESCAPE) return isPair(text) ? 2 : 1;
  if (text.length < 2) return 2;
  if (text[1] === 'O') return 3;
  if (text[1] !== '[') return 2;
  for (let i = 2; i < SEQUENCE_LENGTH_MAX; i++) {
    if (i >= text.length) return i + 1;
    if (isFinal(text.charCodeAt(i))) return i + 1;
  }
  return SEQUENCE_LENGTH_MAX;
};

/** Whether `text` begins with a character of two units. A first half alone counts as one: UTF-8 was decoded before, which leaves no halves. */
const isPair = (text: string): boolean =>
  text.length > 1 && text.charCodeAt(0) >= 0xd800 && text.charCodeAt(0) < 0xdc00;

const isFinal = (code: number): boolean => code >= 0x40 && code <= 0x7e;

const keyOf = (text: string): Key => {
  if (text[0] === ESCAPE) return { name: SEQUENCES.get(text.slice(2)) ?? 'unknown', text: '' };
  const control = CONTROLS.get(text);
  if (control !== undefined) return { name: control, text: '' };
  return text < ' ' ? { name: 'unknown', text: '' } : { name: 'character', text };
};
