// The line that is being typed, and those before it: editing and history. It knows no terminal: it takes keys, and says what a terminal shows.

import type { Key } from './keys.ts';

/** What a key has led to. `complete` asks for the rest of a word, `clear` for an empty screen. */
export type Outcome = 'changed' | 'entered' | 'abandoned' | 'ended' | 'complete' | 'clear' | 'nothing';

/** Lines that are kept. */
const HISTORY_LENGTH_MAX = 100;

const BEGINNING = '\r';
const GREEN = '\x1b[92m';
const PLAIN = '\x1b[0m';
const ERASE_REST = '\x1b[K';

/** One line and its history. A character is a code point, and takes one column. */
export class LineEditor {
  private readonly history: string[] = [];
  private characters: string[] = [];
  private cursor = 0;
  /** Which line of the history is shown; beyond the last one, it is the line that is typed. */
  private shown = 0;
  private typed = '';

  /** The line as it is. */
  get text(): string {
    return this.characters.join('');
  }

  /** The lines that were entered, the oldest first. */
  get lines(): readonly string[] {
    return this.history;
  }

  /** The line up to the cursor. */
  get textBefore(): string {
    return this.characters.slice(0, this.cursor).join('');
  }

  /** Puts text in at the cursor. */
  insert(text: string): void {
    const added = [...text];
    this.characters.splice(this.cursor, 0, ...added);
    this.cursor += added.length;
  }

  /** Takes a key. `entered`: the line is done, and `take` has it. */
  press(key: Key): Outcome {
    switch (key.name) {
      case 'character':
        this.insert(key.text);
        return 'changed';
      case 'enter':
        return 'entered';
      case 'interrupt':
        return 'abandoned';
      case 'end-of-input':
        return this.characters.length === 0 ? 'ended' : this.erase(this.cursor, this.cursor + 1);
      case 'tab':
        return 'complete';
      case 'clear':
        return 'clear';
      case 'left':
        return this.moveTo(this.cursor - 1);
      case 'right':
        return this.moveTo(this.cursor + 1);
      case 'home':
        return this.moveTo(0);
      case 'end':
        return this.moveTo(this.characters.length);
      case 'backspace':
        return this.erase(this.cursor - 1, this.cursor);
      case 'delete':
        return this.erase(this.cursor, this.cursor + 1);
      case 'erase-line':
        return this.erase(0, this.cursor);
      case 'erase-rest':
        return this.erase(this.cursor, this.characters.length);
      case 'erase-word':
        return this.erase(this.wordStart(), this.cursor);
      case 'up':
        return this.show(this.shown - 1);
      case 'down':
        return this.show(this.shown + 1);
      case 'unknown':
        return 'nothing';
    }
  }

  /** Returns the line, and begins the next one. It becomes history, unless it is empty or what was entered last. */
  take(): string {
    const text = this.text;
    if (text.trim() !== '' && text !== this.history.at(-1)) this.history.push(text);
    if (this.history.length > HISTORY_LENGTH_MAX) this.history.shift();
    this.restart();
    return text;
  }

  /** Begins the line anew. */
  restart(): void {
    this.characters = [];
    this.cursor = 0;
    this.typed = '';
    this.shown = this.history.length;
  }

  /** Returns what makes a terminal of so many columns show the line behind `prompt`, and the cursor in its place. A long line shows the part around the cursor. */
  render(prompt: string, columns: number): string {
    const room = Math.max(columns - prompt.length - 1, 1);
    const first = Math.max(this.cursor - room, 0);
    const visible = this.characters.slice(first, first + room);
    const behind = first + visible.length - this.cursor;
    const back = behind === 0 ? '' : `\x1b[${behind}D`;
    return `${BEGINNING}${GREEN}${prompt}${PLAIN}${visible.join('')}${ERASE_REST}${back}`;
  }

  private moveTo(cursor: number): Outcome {
    if (cursor < 0 || cursor > this.characters.length) return 'nothing';
    this.cursor = cursor;
    return 'changed';
  }

  private erase(from: number, to: number): Outcome {
    if (from < 0 || to > this.characters.length) return 'nothing';
    this.characters.splice(from, to - from);
    this.cursor = from;
    return 'changed';
  }

  /** Returns where the word before the cursor begins. */
  private wordStart(): number {
    let at = this.cursor;
    while (at > 0 && this.characters[at - 1] === ' ') at--;
    while (at > 0 && this.characters[at - 1] !== ' ') at--;
    return at;
  }

  private show(index: number): Outcome {
    if (index < 0 || index > this.history.length) return 'nothing';
    if (this.shown === this.history.length) this.typed = this.text;
    this.shown = index;
    this.characters = [...(index === this.history.length ? this.typed : this.history[index]!)];
    this.cursor = this.characters.length;
    return 'changed';
  }
}
