// How a device interrupts, in words, for the log.

import { counted } from '../../kernel/base/hex.ts';
import { log } from '../../kernel/base/log.ts';
import { describeFault, transportName } from './describe.ts';
import { INTERRUPT_LINE, INTERRUPT_MSIX, type Interrupts } from './interrupts.ts';
import { FAULT_NONE } from './transport/fault.ts';
import type { Transport } from './transport/record.ts';

/** Returns `MSI-X, 2 vectors`, `line 11`, `polled`. */
export const formatInterrupts = (interrupts: Interrupts): string => {
  if (interrupts.kind === INTERRUPT_MSIX) {
    return `MSI-X, ${counted(interrupts.entryCount, 'vector')}`;
  }
  return interrupts.kind === INTERRUPT_LINE ? `line ${interrupts.line.gsi}` : 'polled';
};

/** Logs what beginInterrupts has chosen, and why it is nothing better. Called right behind it: the next step clears the fault. */
export const logInterrupts = (transport: Transport, interrupts: Interrupts): void => {
  const isFault = transport.fault.code !== FAULT_NONE;
  const why = isFault ? `: ${describeFault(transport, interrupts.pciFault).message}` : '';
  log(isFault ? 'warn' : 'info', transportName(transport), `interrupts: ${formatInterrupts(interrupts)}${why}`);
};
