// The shell of one terminal: a prompt, a line, a command, and again.
//
//   terminal ──▶ readKeys ──▶ keys ──▶ takeKeys ──▶ runLine ──▶ terminal
//
// Keys are read at all times: Control-C ends a command that runs, and what else is typed meanwhile is for the next one. Control-D on an empty line ends the shell.

import type { Command } from './command.ts';
import { type Key, newKeyReader } from './keys.ts';
import { LineEditor } from './line-editor.ts';
import type { Terminal } from './terminal.ts';

const PROMPT = 'hedyn> ';
const CLEAR = '\x1b[2J\x1b[H';
const RED = '\x1b[31m';
const PLAIN = '\x1b[0m';

interface Shell {
  readonly terminal: Terminal;
  readonly commands: readonly Command[];
  readonly editor: LineEditor;
  /** Typed, and not taken yet. */
  readonly keys: Key[];
  /** Called when there are keys again. */
  wake: () => void;
  /** Set while a command runs. */
  running: AbortController | undefined;
}

/** Talks to who types at a terminal, until that one types Control-D. Rejects when the terminal fails. */
export const runShell = async (terminal: Terminal, commands: readonly Command[]): Promise<void> => {
  const shell: Shell = {
    terminal,
    commands,
    editor: new LineEditor(),
    keys: [],
    wake: () => {},
    running: undefined,
  };
  await terminal.write(`\nHedyn on ${terminal.name}. Type help.\n`);
  await Promise.race([readKeys(shell), takeKeys(shell)]);
};

const readKeys = async (shell: Shell): Promise<never> => {
  const reader = newKeyReader();
  for (;;) {
    for (const key of reader.keysOf(await shell.terminal.read())) {
      if (shell.running === undefined || key.name !== 'interrupt') shell.keys.push(key);
      else shell.running.abort();
    }
    shell.wake();
  }
};

const takeKeys = async (shell: Shell): Promise<void> => {
  const { terminal, editor } = shell;
  for (;;) {
    const key = await nextKey(shell);
    switch (editor.press(key)) {
      case 'entered':
        await show(shell);
        await runLine(shell, editor.take());
        break;
      case 'abandoned':
        await show(shell);
        await terminal.write('^C\n');
        editor.restart();
        break;
      case 'ended':
        return terminal.write('\n');
      case 'complete':
        complete(shell);
        break;
      case 'clear':
        await terminal.write(CLEAR);
        break;
    }
  }
};

/** Returns the next key. The line is shown before it is waited for. */
const nextKey = async (shell: Shell): Promise<Key> => {
  if (shell.keys.length === 0) await show(shell);
  while (shell.keys.length === 0) {
    await new Promise<void>((resolve) => {
      shell.wake = resolve;
    });
  }
  return shell.keys.shift()!;
};

const show = ({ terminal, editor }: Shell): Promise<void> => terminal.write(editor.render(PROMPT, terminal.columns));

/** Puts in the rest of the first word, when one command begins so. */
const complete = ({ editor, commands }: Shell): void => {
  const begun = editor.textBefore;
  const found = commands.filter(({ name }) => begun !== '' && name.startsWith(begun));
  if (found.length === 1) editor.insert(`${found[0]!.name.slice(begun.length)} `);
};

const runLine = async (shell: Shell, line: string): Promise<void> => {
  const { terminal } = shell;
  shell.running = new AbortController();
  await terminal.write('\n');
  const failure = await failureOf(runCommand(shell, line, shell.running.signal));
  shell.running = undefined;
  if (failure !== '') await terminal.write(`${RED}${failure}${PLAIN}\n`);
};

const runCommand = async (shell: Shell, line: string, signal: AbortSignal): Promise<void> => {
  const [name, ...words] = line.split(' ').filter((word) => word !== '');
  if (name === undefined) return;
  const command = shell.commands.find((each) => each.name === name);
  if (command === undefined) throw new Error(`there is no command ${name}: help lists them`);
  await command.run({ words, signal, history: shell.editor.lines, write: (text) => shell.terminal.write(text) });
};

/** Returns why a command failed, in a line; nothing when it did not. */
const failureOf = async (running: Promise<void>): Promise<string> => {
  try {
    await running;
    return '';
  } catch (error) {
    if (error instanceof DOMException) return '^C';
    return error instanceof Error ? error.message : `${error}`;
  }
};
