// All commands, in the order in which `help` lists them.

import { poweroff, reboot } from '../../kernel/event/shutdown.ts';
import { type Command, wrongWords } from './command.ts';
import { listPci, listVirtio } from './devices.ts';
import { readDisk } from './disks.ts';
import { listFolder, showFile } from './files.ts';
import { showStatistics } from './statistics.ts';

const NAME_WIDTH = 24;

const help: Command = {
  name: 'help',
  usage: '[COMMAND]',
  summary: 'lists the commands, or says what one does',
  run: async (call) => {
    if (call.words.length > 1) throw wrongWords(help);
    const [name] = call.words;
    const shown = commands.filter((command) => name === undefined || command.name === name);
    if (shown.length === 0) throw new Error(`there is no command ${name}`);
    await call.write(
      shown.map(({ name, usage, summary }) => `${`${name} ${usage}`.padEnd(NAME_WIDTH)} ${summary}\n`).join(''),
    );
  },
};

const history: Command = {
  name: 'history',
  usage: '',
  summary: 'the lines that were entered',
  run: async ({ history, write }) =>
    write(history.map((line, index) => `${`${index + 1}`.padStart(4)}  ${line}\n`).join('')),
};

const clear: Command = {
  name: 'clear',
  usage: '',
  summary: 'empties the screen',
  run: async ({ write }) => write('\x1b[2J\x1b[H'),
};

/** Ends the machine: the other terminals with it. */
const ending = (name: string, summary: string, end: () => Promise<never>): Command => ({
  name,
  usage: '',
  summary,
  run: async () => void (await end()),
});

/** By the name that is typed. */
export const commands: readonly Command[] = [
  help,
  listPci,
  listVirtio,
  readDisk,
  listFolder,
  showFile,
  showStatistics,
  history,
  clear,
  ending('poweroff', 'flushes the disks and switches the machine off', () => poweroff()),
  ending('reboot', 'flushes the disks and starts the machine again', () => reboot()),
];
