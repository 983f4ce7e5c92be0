// Devices that come and go while the machine runs: the slots for hot-plug, and who is told.
//
// QEMU: -device pcie-root-port,id=port0,chassis=1 -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off, then device_add and device_del.
//
// A program that does not import this file has nothing of it: its devices are those that were there when it looked.

import { log } from '../../kernel/base/log.ts';
import { clearTimer, startInterval } from '../../kernel/event/timers.ts';
import { openRoom } from '../../kernel/pci/plug.ts';
import { HEADER_BRIDGE } from '../../kernel/pci/registers.ts';
import { openSlot, Slot } from '../../kernel/pci/slot.ts';
import { typeName } from '../virtio/names.ts';
import { deviceTree } from './places.ts';
import { beginPort, endPort, findPortInterrupt, type PortInterrupt } from './port.ts';
import { type ChangeKind, type HotSlot, lookAtSlot, newHotSlot, type SlotWatcher } from './slot.ts';

/** How long a device stays after its button was pressed, unless a listener says otherwise: so long the button takes it back. PCI Express Base 5.0 §6.7.1.5 */
const CANCEL_MS = 5000;

/** How often the slots are looked at: where all ports interrupt, and where one cannot. */
const LOOK_MS = 1000;
const POLL_MS = 100;

/** What becomes of a device. */
export interface DeviceChange {
  /**
   * - `added`: it was put in, and can be opened at `place`
   * - `leaving`: somebody wants it back. It is flushed and taken out after `cancelMs`
   * - `staying`: he changed his mind
   * - `removed`: it is gone, and all that was asked of it has been rejected with the kind `removed`
   */
  readonly kind: ChangeKind;
  /** TYPE_… of virtio/ids.ts, and its name: `virtio-blk`. */
  readonly type: number;
  readonly typeName: string;
  /** `0000:01:00.0`: what an opener takes as `place`. */
  readonly place: string;
}

/** How a listener wants it. */
export interface WatchOptions {
  /** How long a device stays after `leaving`, in milliseconds; the longest of all listeners counts. Default: 5,000. */
  readonly cancelMs?: number;
}

interface Watching {
  readonly listener: (change: DeviceChange) => void;
  readonly cancelMs: number;
}

interface Port {
  readonly hot: HotSlot;
  readonly interrupt: PortInterrupt;
  readonly look: () => void;
}

let watching: readonly Watching[] = [];
let ports: readonly Port[] | undefined;
let timer: ReturnType<typeof startInterval> | undefined;

/**
 * Calls `listener` for every virtio device that is put in or taken out from now on. Returns the function that ends that; until then the program goes on. What was there
 * before can be taken out, too. Throws nothing; a machine without slots for hot-plug says so in the log.
 */
export const watchDevices = (listener: (change: DeviceChange) => void, options: WatchOptions = {}): (() => void) => {
  const entry = { listener, cancelMs: options.cancelMs ?? CANCEL_MS };
  watching = [...watching, entry];
  if (watching.length === 1) begin();
  return () => {
    const isLast = watching.length === 1 && watching[0] === entry;
    watching = watching.filter((each) => each !== entry);
    if (isLast) end();
  };
};

const begin = (): void => {
  ports ??= findPorts();
  for (const { hot, interrupt, look } of ports) beginPort(hot.port, hot.slot, interrupt, look);
  const canAllInterrupt = ports.every(({ interrupt }) => interrupt.kind !== 'none');
  timer = startInterval(lookAtAll, canAllInterrupt ? LOOK_MS : POLL_MS);
  lookAtAll();
};

const end = (): void => {
  clearTimer(timer);
  for (const { hot, interrupt, look } of ports!) endPort(hot.port, hot.slot, interrupt, look);
};

const lookAtAll = (): void => {
  for (const { look } of ports!) look();
};

/** Finds the ports with slots, and makes room behind them. */
const findPorts = (): Port[] => {
  const tree = deviceTree();
  const found: Port[] = [];
  const watcher: SlotWatcher = {
    tree,
    get cancelMs() {
      return watching.reduce((longest, { cancelMs }) => Math.max(longest, cancelMs), 0);
    },
    tell: (kind, { type, name: place }) => {
      for (const { listener } of watching) listener({ kind, type, typeName: typeName(type), place });
    },
  };
  let slot = new Slot();
  for (let index = 0; index < tree.count; index++) {
    const port = tree.functions[index];
    if (port.headerLayout !== HEADER_BRIDGE || !openSlot(port, slot)) continue;
    const hot = newHotSlot(tree, slot, port, index);
    const interrupt = findPortInterrupt(tree, port, slot);
    if (!openRoom(tree, index)) log('error', hot.name, 'there is no room for the registers of what may come');
    log('info', hot.name, `hot-plug, interrupts: ${interrupt.kind}${hot.isUsed ? ', used' : ', empty'}`);
    found.push({ hot, interrupt, look: () => lookAtSlot(hot, watcher) });
    slot = new Slot();
  }
  if (found.length === 0) log('warn', 'hot-plug', 'no port has a slot for it');
  return found;
};
