// What a command is.

/** What a command is given. */
export interface Call {
  /** The words behind its name. */
  readonly words: readonly string[];
  /** Aborted by Control-C. What waits long is given it along. */
  readonly signal: AbortSignal;
  /** The lines that were entered, the oldest first. */
  readonly history: readonly string[];
  /** Writes to the terminal; `\n` begins a new line. */
  readonly write: (text: string) => Promise<void>;
}

/** A command, by the name that is typed. */
export interface Command {
  readonly name: string;
  /** The words that it takes: `DISK SECTOR [COUNT]`. */
  readonly usage: string;
  readonly summary: string;
  /** Rejects with an Error whose message is shown, or with the reason of `signal`. */
  readonly run: (call: Call) => Promise<void>;
}

/** Returns the error of a call with wrong words. */
export const wrongWords = ({ name, usage }: Pick<Command, 'name' | 'usage'>): Error =>
  new Error(`usage: ${name} ${usage}`);
