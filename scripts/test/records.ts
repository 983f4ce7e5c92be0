// What comes over the serial line of a machine that runs tests: records (kernel/test/serve.ts), and between them what the program prints.

import type { Encoded } from '../../kernel/test/encode.ts';
import type { Entry } from '../../kernel/test/registry.ts';

/** A suite, a test or a hook; `entry` is its number, `parent` that of what it stands in, -1 for a file. */
export type TestEntry = Pick<Entry, 'kind' | 'parent' | 'name' | 'options'> & { readonly entry: number };

/** What the machine tells of an exception. */
export interface Failure {
  readonly name?: string;
  readonly message?: string;
  readonly comparison?: readonly [Encoded, Encoded];
  readonly cause?: Encoded;
  /** One that is no Error. */
  readonly thrown?: Encoded;
}

/** A record. */
export type TestRecord =
  | TestEntry
  | { readonly ready: true }
  | { readonly done: number; readonly cleanup?: number }
  | { readonly thrown: number }
  | { readonly failed: number; readonly error: Failure }
  | { readonly skipped: number; readonly note: string };

/** Who hears of both. */
export interface RecordSink {
  record(record: TestRecord): void;
  text(text: string): void;
}

const RECORD = '\u001e';

/** Returns a sink for pieces of serial output. Text is handed on when a record follows it; `rest` hands on the last, with a record that was cut off. */
export const createRecordReader = (sink: RecordSink): { push(piece: string): void; rest(): void } => {
  let unread = '';
  return {
    push(piece) {
      unread += piece;
      for (;;) {
        const start = unread.indexOf(RECORD);
        const end = unread.indexOf('\n', start);
        if (start < 0 || end < 0) return;
        if (start > 0) sink.text(unread.slice(0, start));
        const line = unread.slice(start + RECORD.length, end);
        unread = unread.slice(end + 1);
        sink.record(JSON.parse(line) as TestRecord);
      }
    },
    rest() {
      if (unread !== '') sink.text(unread);
      unread = '';
    },
  };
};
