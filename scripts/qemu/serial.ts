// What the guest says on its first serial port: kept whole, offered line by line, waited for with a limit.

/** The guest's serial output so far, and what is still to come. */
export interface SerialLog {
  /** All of it so far. */
  text(): string;
  /** Each line from the first, without its end, as it becomes whole; ends when QEMU does. A last line without an end is one too. */
  lines(): AsyncIterable<string>;
  /** Returns the first match in the text, or rejects after `limitMs` or when QEMU ends without one; the error shows the text's end. */
  waitFor(pattern: RegExp, limitMs: number): Promise<RegExpMatchArray>;
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

  const waitFor = (pattern: RegExp, limitMs: number): Promise<RegExpMatchArray> =>
    new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        listeners.delete(look);
        settle();
      };
      const look = (): void => {
        const match = text.match(pattern);
        if (match !== null) finish(() => resolve(match));
        else if (ended) finish(() => reject(new Error(`the guest ended without ${pattern}; it said:\n${tail(text)}`)));
      };
      const timer = setTimeout(
        () =>
          finish(() => reject(new Error(`no ${pattern} within ${limitMs / 1000} s; the guest said:\n${tail(text)}`))),
        limitMs,
      );
      listeners.add(look);
      look();
    });

  return {
    text: () => text,
    lines,
    waitFor,
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
