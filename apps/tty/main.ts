// A shell on every terminal of the machine: what devices there are, what stands on disks and in shared folders, how the machine does.
//
// docs/tty.md has the commands, and the options of QEMU that make a terminal. The log stays on the serial port. The program ends when nobody is left to type, and the machine with `poweroff`.

import { log, startLog } from '../../kernel/base/log.ts';
import { DeviceFailure } from '../../kernel/device/failure.ts';
import { consoleWrite } from '../../kernel/hal/console.ts';
import { EXIT_FAILED, exit } from '../../kernel/hal/power.ts';
import { commands } from './commands.ts';
import { screenTerminals } from './screen.ts';
import { runShell } from './shell.ts';
import { portTerminals, type Terminal } from './terminal.ts';

const talk = async (terminal: Terminal): Promise<void> => {
  try {
    await runShell(terminal, commands);
    log('info', terminal.name, 'nobody types here any more');
  } catch (error) {
    if (!(error instanceof DeviceFailure)) throw error;
    log('warn', terminal.name, `${error.kind}: ${error.message}`);
  } finally {
    terminal.close();
  }
};

startLog(consoleWrite, 'info');

const terminals = [...(await screenTerminals()), ...(await portTerminals())];
if (terminals.length === 0) {
  log('error', 'tty', 'there is no terminal: add a virtconsole, or a GPU and a keyboard (docs/tty.md)');
  exit(EXIT_FAILED);
}
await Promise.all(terminals.map(talk));
