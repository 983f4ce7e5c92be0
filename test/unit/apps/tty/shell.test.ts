import type { Command } from '../../../../apps/tty/command.ts';
import { runShell } from '../../../../apps/tty/shell.ts';
import { beforeEach, describe, expect, it } from '../../../../kernel/test/index.ts';
import { screenOf } from './screen.ts';

const COLUMNS = 60;

let typed: string[];
let written: string[];
let waiting: ((text: string) => void) | undefined;
let ended: Promise<void>;
let finish: () => void;
let calls: string[];

/** Echoes its words; waits for `finish` or an abort; fails. */
const COMMANDS: readonly Command[] = [
  { name: 'echo', usage: '', summary: '', run: async ({ words, write }) => write(`${words.join('|')}\n`) },
  {
    name: 'wait',
    usage: '',
    summary: '',
    run: ({ signal }) =>
      new Promise((resolve, reject) => {
        calls.push('waiting');
        finish = resolve;
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  },
  {
    name: 'fail',
    usage: '',
    summary: '',
    run: async () => {
      throw new Error('it does not work');
    },
  },
];

beforeEach(() => {
  typed = [];
  written = [];
  calls = [];
  waiting = undefined;
  ended = runShell(
    {
      name: 'test',
      columns: COLUMNS,
      read: () => {
        const text = typed.shift();
        return text === undefined ? new Promise((resolve) => (waiting = resolve)) : Promise.resolve(text);
      },
      write: async (text) => void written.push(text),
      close: () => {},
    },
    COMMANDS,
  );
});

/** Types text, and returns when all that follows from it at once is done. */
const type = async (text: string): Promise<void> => {
  await new Promise(setImmediate);
  const reader = waiting;
  waiting = undefined;
  if (reader === undefined) typed.push(text);
  else reader(text);
  await new Promise(setImmediate);
};

/** Returns what stands on the screen behind the greeting. */
const shown = (): string[] => screenOf(written, COLUMNS).lines.slice(2);

describe('the shell', () => {
  it('greets, and shows what a command says', async () => {
    await type('echo one  two\r');
    expect(screenOf(written, COLUMNS).lines).toEqual([
      '',
      'Hedyn on test. Type help.',
      'hedyn> echo one  two',
      'one|two',
      'hedyn>',
    ]);
  });

  it('says that there is no such command, and why one failed', async () => {
    await type('nothing\rfail\r');
    expect(shown()).toEqual([
      'hedyn> nothing',
      'there is no command nothing: help lists them',
      'hedyn> fail',
      'it does not work',
      'hedyn>',
    ]);
  });

  it('passes an empty line over', async () => {
    await type('\r  \r');
    expect(shown()).toEqual(['hedyn>', 'hedyn>', 'hedyn>']);
  });

  it('keeps what is typed while a command runs for the next one', async () => {
    await type('wait\recho la');
    await type('ter\r');
    expect(shown()).toEqual(['hedyn> wait']);
    finish();
    await new Promise(setImmediate);
    expect(shown()).toEqual(['hedyn> wait', 'hedyn> echo later', 'later', 'hedyn>']);
  });

  it('ends a command by Control-C', async () => {
    await type('wait\r');
    await type('\x03echo on\r');
    expect(shown()).toEqual(['hedyn> wait', '^C', 'hedyn> echo on', 'on', 'hedyn>']);
  });

  it('throws a line away by Control-C', async () => {
    await type('echo no\x03echo yes\r');
    expect(shown()).toEqual(['hedyn> echo no^C', 'hedyn> echo yes', 'yes', 'hedyn>']);
  });

  it('completes the name of a command that only one has', async () => {
    await type('ec\ton\rx\t\x15w\t\r');
    expect(shown().slice(0, 2)).toEqual(['hedyn> echo on', 'on']);
    expect(calls).toEqual(['waiting']);
  });

  it('ends by Control-D on an empty line', async () => {
    await type('x\x04\x15\x04');
    await ended;
  });
});
