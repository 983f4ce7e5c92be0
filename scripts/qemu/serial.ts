// What the guest says on its first serial port: kept whole, offered line by line, waited for with a limit.

/** The guest's serial output so far, and what is still to come. */
export interface SerialLog {
  /** All of it so far. */
  text(): string;
  /** Each line from the first, without its end, as it becomes whole; ends when QEMU does. A last line without an end is one too. */
  lines(): AsyncIterable<string>;
  /** Returns the first match in the text, or rejects after `limitMs` or when QEMU ends without one; the error shows the text's end. */
  waitFor(pattern: RegExp, limitMs: number): Promise<RegExpMatchArray>;
  /** The same of the first whole line that matches, behind what was taken before; takes all up to its end. */
  takeLine(pattern: RegExp, limitMs: number): Promise<RegExpMatchArray>;
  /** The same of the text behind what was taken before, such as a prompt; takes all up to the end of the match. */
  takeText(pattern: RegExp, limitMs: number): Promise<RegExpMatchArray>;
}

/** The writing side, for who owns the port. */
export interface SerialSink extends SerialLog {
  push(piece: string): void;
  end(): void;
}

const TAIL_LINE_COUNT = 20;

/** Returns an empty log. */
export const createSerialLog = (): SerialSink => {
  let text = '';
  let ended = false;
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of [...listeners]) listener();
  };

  const change = (): Promise<void> =>
    new Promise((resolve) => {
      const listener = (): void => {
        listeners.delete(listener);
        resolve();
      };
      listeners.add(listener);
    });

  async function* lines(): AsyncGenerator<string> {
    let from = 0;
    for (;;) {
      for (let to = text.indexOf('\n', from); to >= 0; to = text.indexOf('\n', from)) {
        yield text.slice(from, to).replace(/\r$/, '');
        from = to + 1;
      }
      if (ended) break;
      await change();
    }
    if (from < text.length) yield text.slice(from);
  }

  /** Returns the first thing that `find` finds as the text grows; `what` names it in the error. */
  const until = <T>(find: () => T | undefined, what: RegExp, limitMs: number): Promise<T> =>
    new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        listeners.delete(look);
        settle();
      };
      const look = (): void => {
        const found = find();
        if (found !== undefined) finish(() => resolve(found));
        else if (ended) finish(() => reject(new Error(`the guest ended without ${what}; it said:\n${tail(text)}`)));
      };
      const timer = setTimeout(
        () => finish(() => reject(new Error(`no ${what} within ${limitMs / 1000} s; the guest said:\n${tail(text)}`))),
        limitMs,
      );
      listeners.add(look);
      look();
    });

  const waitFor = (pattern: RegExp, limitMs: number): Promise<RegExpMatchArray> =>
    until(() => text.match(pattern) ?? undefined, pattern, limitMs);

  let taken = 0;
  const takeLine = (pattern: RegExp, limitMs: number): Promise<RegExpMatchArray> => {
    let from = taken;
    const find = (): RegExpMatchArray | undefined => {
      from = Math.max(from, taken);
      for (;;) {
        const end = text.indexOf('\n', from);
        if (end < 0 && !(ended && from < text.length)) return undefined;
        const line = text.slice(from, end < 0 ? undefined : end).replace(/\r$/, '');
        from = end < 0 ? text.length : end + 1;
        const match = line.match(pattern);
        if (match === null) continue;
        taken = from;
        return match;
      }
    };
    return until(find, pattern, limitMs);
  };

  const takeText = (pattern: RegExp, limitMs: number): Promise<RegExpMatchArray> => {
    const find = (): RegExpMatchArray | undefined => {
      const match = text.slice(taken).match(pattern);
      if (match === null) return undefined;
      taken += (match.index ?? 0) + match[0].length;
      return match;
    };
    return until(find, pattern, limitMs);
  };

  return {
    text: () => text,
    lines,
    waitFor,
    takeLine,
    takeText,
    push(piece) {
      text += piece;
      tell();
    },
    end() {
      ended = true;
      tell();
    },
  };
};

const tail = (text: string): string => text.trimEnd().split('\n').slice(-TAIL_LINE_COUNT).join('\n');
