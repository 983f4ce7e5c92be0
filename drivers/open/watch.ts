// Devices that come and go while the machine runs: the slots for hot-plug, and who is told.
//
// QEMU: -device pcie-root-port,id=port0,chassis=1 -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off, then device_add and device_del. Without the second option
// q35 plugs by ACPI: that works, too, but the ports' own way interrupts, and lets somebody change his mind.
//
// A program that does not import this file has nothing of it: its devices are those that were there when it looked.

import { log } from '../../kernel/base/log.ts';
import { clearTimer, startInterval } from '../../kernel/event/timers.ts';
import { hasAcpiPlug } from '../../kernel/pci/acpi-plug.ts';
import { formatAddress } from '../../kernel/pci/describe.ts';
import { openRoom } from '../../kernel/pci/plug.ts';
import { HEADER_BRIDGE } from '../../kernel/pci/registers.ts';
import { openSlot, Slot } from '../../kernel/pci/slot.ts';
import { typeName } from '../virtio/names.ts';
import { findAcpiBuses, lookAtAcpiBus } from './acpi.ts';
import type { ChangeKind, PlugWatcher } from './behind.ts';
import { deviceTree } from './places.ts';
import { beginPort, endPort, findPortInterrupt } from './port.ts';
import { lookAtSlot, newHotSlot } from './slot.ts';

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

/** A way by which devices come and go. */
interface Plug {
  readonly canInterrupt: boolean;
  begin(): void;
  end(): void;
  look(): void;
}

let watching: readonly Watching[] = [];
let plugs: readonly Plug[] | undefined;
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
  plugs ??= findPlugs();
  for (const plug of plugs) plug.begin();
  timer = startInterval(lookAtAll, plugs.every(({ canInterrupt }) => canInterrupt) ? LOOK_MS : POLL_MS);
  lookAtAll();
};

const end = (): void => {
  clearTimer(timer);
  for (const plug of plugs!) plug.end();
};

const lookAtAll = (): void => {
  for (const plug of plugs!) plug.look();
};

/** Finds out how devices come and go on this machine, and makes room for them. */
const findPlugs = (): Plug[] => {
  const tree = deviceTree();
  const watcher: PlugWatcher = {
    tree,
    get cancelMs() {
      return watching.reduce((longest, { cancelMs }) => Math.max(longest, cancelMs), 0);
    },
    tell: (kind, { type, name: place }) => {
      for (const { listener } of watching) listener({ kind, type, typeName: typeName(type), place });
    },
  };
  const bridges: number[] = [];
  for (let index = 0; index < tree.count; index++) {
    if (tree.functions[index].headerLayout === HEADER_BRIDGE) bridges.push(index);
  }
  const byAcpi = bridges.length > 0 && hasAcpiPlug() ? acpiPlug(watcher) : undefined;
  const found = byAcpi === undefined ? bridges.flatMap((index) => portPlug(watcher, index) ?? []) : [byAcpi];
  if (found.length === 0) log('warn', 'hot-plug', 'no port has a slot for it');
  return found;
};

/** Returns the slot of a port; undefined when it leads to none. */
const portPlug = (watcher: PlugWatcher, index: number): Plug | undefined => {
  const { tree } = watcher;
  const port = tree.functions[index];
  const slot = new Slot();
  if (!openSlot(port, slot)) return undefined;
  const hot = newHotSlot(tree, slot, port, index);
  const interrupt = findPortInterrupt(tree, port, slot);
  makeRoom(watcher, index);
  log('info', hot.name, `hot-plug, interrupts: ${interrupt.kind}${hot.isUsed ? ', used' : ', empty'}`);
  const look = (): void => lookAtSlot(hot, watcher);
  return {
    canInterrupt: interrupt.kind !== 'none',
    begin: () => beginPort(port, slot, interrupt, look),
    end: () => endPort(port, slot, interrupt, look),
    look,
  };
};

/** Returns the buses whose devices ACPI takes in and out; undefined when it says of none which it is. */
const acpiPlug = (watcher: PlugWatcher): Plug | undefined => {
  const buses = findAcpiBuses(watcher);
  if (buses.length === 0) return undefined;
  for (const { index } of buses) makeRoom(watcher, index);
  log('info', 'hot-plug', `by ACPI, behind ${buses.length} bridges; looked at ${1000 / POLL_MS} times a second`);
  return {
    canInterrupt: false,
    begin: () => {},
    end: () => {},
    look: () => {
      for (const bus of buses) lookAtAcpiBus(bus, watcher);
    },
  };
};

const makeRoom = ({ tree }: PlugWatcher, index: number): void => {
  const name = formatAddress(tree.functions[index].address);
  if (!openRoom(tree, index)) log('error', name, 'there is no room for the registers of what may come');
};
