// What the shell talks to: text in, text out. A port of a virtio console, or a keyboard and a screen.

import { openConsole } from '../../drivers/open/console.ts';
import { devicePlaces } from '../../drivers/open/places.ts';
import { TYPE_CONSOLE } from '../../drivers/virtio/ids.ts';
import { log } from '../../kernel/base/log.ts';
import type { Port } from '../../kernel/device/console.ts';
import { DeviceFailure } from '../../kernel/device/failure.ts';
import { newPieceDecoder } from './utf8.ts';

/** A terminal. It understands the sequences of ECMA-48 for colours, for erasing a line and for moving the cursor. */
export interface Terminal {
  /** What it is, for the log. */
  readonly name: string;
  /** How many characters a line has. */
  readonly columns: number;
  /** Returns what was typed, as soon as there is something. Rejects when the terminal is closed, or fails. */
  read(): Promise<string>;
  /** Is fulfilled when the text is on its way. `\n` begins a new line. */
  write(text: string): Promise<void>;
  /** Nobody will read or write any more. */
  close(): void;
}

const COLUMNS = 80;

/** Returns the text consoles among the ports of all consoles. The log says why a device did not come up. */
export const portTerminals = async (): Promise<Terminal[]> => {
  const terminals: Terminal[] = [];
  const count = devicePlaces().filter(({ type }) => type === TYPE_CONSOLE).length;
  for (let index = 0; index < count; index++) {
    try {
      const device = await openConsole({ index });
      for (const port of device.ports) {
        if (port.isConsole) terminals.push(portTerminal(`${device.name} port ${port.number}`, port));
      }
    } catch (error) {
      if (!(error instanceof DeviceFailure)) throw error;
      log('warn', `console ${index}`, `${error.kind}: ${error.message}`);
    }
  }
  return terminals;
};

const portTerminal = (name: string, port: Port): Terminal => {
  const encoder = new TextEncoder();
  const decoder = newPieceDecoder();
  const ended = new AbortController();
  return {
    name,
    get columns() {
      return port.size?.columns ?? COLUMNS;
    },
    // Nothing at all when the host has closed the port: it may open it again.
    read: async () => decoder.decode(await port.read({ signal: ended.signal })),
    write: (text) => port.write(encoder.encode(text.replaceAll('\n', '\r\n'))),
    close: () => ended.abort(),
  };
};
