// The machine's side of a test run. It names all that the files have, and then runs what it is asked for, over the first serial port:
//
//   machine → host   RS, a JSON object, line feed        what lies between is what the program prints
//   host → machine   a number, line feed                 the entry whose body is to run, or a function that one has returned
//
//   {"entry": 3, "kind": "test", "parent": 0, "name": …, "options": …}     one for each entry
//   {"ready": true}                                                         all are named
//   {"done": 3, "cleanup": 12}                                              it ran; a function that it returned has the number 12
//   {"thrown": 3}  lines of the trace  {"failed": 3, "error": …}            it threw
//   {"skipped": 3, "note": …}                                               it said so
//
// RS is the record separator of ASCII, as in RFC 7464.

import { portRead8 } from '../hal/ports.ts';
import { type Encoded, encode } from './encode.ts';
import { checkCount, ExpectationError, startCounting } from './expect.ts';
import { type Body, entries, type TestContext } from './registry.ts';
import { printTrace } from './trace.ts';

const RECORD = '\u001e';

const send = (record: object): void => console.log(`${RECORD}${JSON.stringify(record)}`);

/** Names all entries, then runs what the host asks for, for ever: the host ends the machine. */
export const serveTests = async (): Promise<void> => {
  for (const [entry, { kind, parent, name, options }] of entries.entries())
    send({ entry, kind, parent, name, options });
  send({ ready: true });
  for (;;) await run(readNumber());
};

/** Functions that hooks have returned: their numbers go on behind those of the entries. */
const cleanups: Body[] = [];

/** Thrown by `skip` of a test's context. */
class SkippedTest {
  readonly note: string;
  constructor(note: string) {
    this.note = note;
  }
}

const context: TestContext = {
  skip: (condition = true, note = '') => {
    if (typeof condition === 'string') throw new SkippedTest(condition);
    if (condition) throw new SkippedTest(note);
  },
};

const run = async (number: number): Promise<void> => {
  const entry = entries[number];
  const body = entry?.body ?? cleanups[number - entries.length];
  try {
    if (body === undefined) throw new Error(`there is no entry ${number}`);
    if (entry?.kind === 'test') startCounting();
    const result = await body(context);
    if (entry?.kind === 'test') checkCount();
    const cleanup =
      typeof result === 'function' && entry !== undefined
        ? entries.length + cleanups.push(result as Body) - 1
        : undefined;
    send({ done: number, cleanup });
  } catch (error) {
    if (error instanceof SkippedTest) send({ skipped: number, note: error.note });
    else fail(number, error);
  }
};

const fail = (number: number, error: unknown): void => {
  send({ thrown: number });
  printTrace(error);
  send({ failed: number, error: errorOf(error) });
};

/** What is told of an exception. `thrown` stands for one that is no Error. */
interface Failure {
  readonly name?: string;
  readonly message?: string;
  readonly comparison?: readonly Encoded[];
  readonly cause?: Encoded;
  readonly thrown?: Encoded;
}

const errorOf = (error: unknown): Failure => {
  if (error instanceof ExpectationError)
    return { name: 'AssertionError', message: error.message, comparison: error.comparison?.map(encode) };
  if (!(error instanceof Error)) return { thrown: encode(error) };
  const { name, message, cause } = error;
  return { name, message, cause: cause === undefined ? undefined : encode(cause) };
};

const COM1_DATA = 0x3f8; // National Semiconductor PC16550D, §8.
const COM1_LINE_STATUS = 0x3fd;
const DATA_READY = 1;
const LINE_FEED = 10;
const DIGIT_0 = 48;

/** Returns the next number that the host sends. Nothing else happens meanwhile: the machine runs what it is asked for, and no more. */
const readNumber = (): number => {
  let number = 0;
  for (;;) {
    if ((portRead8(COM1_LINE_STATUS) & DATA_READY) === 0) continue;
    const byte = portRead8(COM1_DATA);
    if (byte === LINE_FEED) return number;
    number = number * 10 + byte - DIGIT_0;
  }
};
