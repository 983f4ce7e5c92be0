// What is on the PCI buses, in one form: as the image test/boot/images/pci.ts says it, and as QEMU's query-pci does.

/** A range of addresses, or undefined for a window that is closed. */
type Range = readonly [first: number, last: number] | undefined;

/** A BAR; index 6 is the expansion ROM. */
export interface Region {
  readonly bar: number;
  readonly type: 'io' | 'memory';
  readonly size: number;
  /** Undefined where nothing is decoded. */
  readonly address: number | undefined;
  readonly isPrefetchable: boolean;
  readonly isWide: boolean;
}

/** One function. Everything that both sides tell is in it. */
export interface Told {
  /** bus << 8 | device << 3 | function. */
  readonly address: number;
  readonly vendor: number;
  readonly device: number;
  /** Class and subclass in one number. */
  readonly class: number;
  /** Of a function that is no bridge. */
  readonly subsystem: readonly number[];
  readonly interruptPin: number;
  /** Of a function that has a pin. */
  readonly interruptLine: number | undefined;
  /** Of a bridge: secondary and subordinate bus. */
  readonly buses: readonly number[];
  /** Of a bridge: ports, memory, prefetchable memory. */
  readonly windows: readonly Range[];
  readonly regions: readonly Region[];
}

const ROM = 6;
const KIND_IO = 1;
const KIND_WIDE = 3;
const BRIDGE_CLASS = 0x0604;

/** Returns the functions that the image told, by address. */
export const toldByGuest = (text: string): Told[] => {
  const rows = text.split('\n').map((line) => line.trim().split(' '));
  const numbersOf = (word: string, address?: number): number[][] =>
    rows
      .filter(([first, second]) => first === word && (address === undefined || second === `${address}`))
      .map((row) => row.slice(1).map(Number));
  return numbersOf('function')
    .map(([address = 0, _, vendor = 0, device = 0, kind = 0, subsystemVendor, subsystem, pin = 0, line, ...buses]) => ({
      address,
      vendor,
      device,
      class: kind,
      subsystem: kind === BRIDGE_CLASS ? [] : [subsystemVendor ?? 0, subsystem ?? 0],
      interruptPin: pin,
      interruptLine: pin === 0 ? undefined : line,
      buses: kind === BRIDGE_CLASS ? buses : [],
      windows: numbersOf('window', address).map(([, , place = 0, size = 0]) => rangeOf(place, place + size - 1)),
      regions: numbersOf('bar', address).map(([, bar = 0, barKind, isPrefetchable, place = 0, size = 0]) => ({
        bar,
        type: barKind === KIND_IO ? ('io' as const) : ('memory' as const),
        size,
        address: bar === ROM || place === 0 ? undefined : place,
        isPrefetchable: isPrefetchable === 1,
        isWide: barKind === KIND_WIDE,
      })),
    }))
    .sort((a, b) => a.address - b.address);
};

/** One range, one BAR, one device as QMP tells them (QEMU documentation, PciMemoryRange, PciMemoryRegion, PciDeviceInfo). */
interface QmpRange {
  readonly base: number;
  readonly limit: number;
}
interface QmpRegion {
  readonly bar: number;
  readonly type: 'io' | 'memory';
  readonly size: number;
  readonly address: number;
  readonly prefetch?: boolean;
  readonly mem_type_64?: boolean;
}
interface QmpDevice {
  readonly bus: number;
  readonly slot: number;
  readonly function: number;
  readonly class_info: { readonly class: number };
  readonly id: { vendor: number; device: number; subsystem?: number; 'subsystem-vendor'?: number };
  readonly irq?: number;
  readonly irq_pin: number;
  readonly pci_bridge?: {
    readonly bus: {
      readonly secondary: number;
      readonly subordinate: number;
      readonly io_range: QmpRange;
      readonly memory_range: QmpRange;
      readonly prefetchable_range: QmpRange;
    };
    readonly devices?: readonly QmpDevice[];
  };
  readonly regions: readonly QmpRegion[];
}

/** Returns the functions that QEMU tells, by address. `answer` is that of query-pci. */
export const toldByQemu = (answer: unknown): Told[] =>
  (answer as readonly { readonly devices: readonly QmpDevice[] }[])
    .flatMap(({ devices }) => devices.flatMap(withChildren))
    .map(told)
    .sort((a, b) => a.address - b.address);

const withChildren = (device: QmpDevice): QmpDevice[] => [
  device,
  ...(device.pci_bridge?.devices ?? []).flatMap(withChildren),
];

const told = (device: QmpDevice): Told => {
  const bridge = device.pci_bridge?.bus;
  const ranges = bridge === undefined ? [] : [bridge.io_range, bridge.memory_range, bridge.prefetchable_range];
  return {
    address: device.bus * 256 + device.slot * 8 + device.function,
    vendor: device.id.vendor,
    device: device.id.device,
    class: device.class_info.class,
    subsystem: bridge === undefined ? [device.id['subsystem-vendor'] ?? 0, device.id.subsystem ?? 0] : [],
    interruptPin: device.irq_pin,
    interruptLine: device.irq_pin === 0 ? undefined : device.irq,
    buses: bridge === undefined ? [] : [bridge.secondary, bridge.subordinate],
    windows: ranges.map(({ base, limit }) => rangeOf(base, limit)),
    regions: device.regions.map((region) => ({
      bar: region.bar,
      type: region.type,
      size: region.size,
      // QEMU says 2^64 - 1 of what is not decoded.
      address: region.address > Number.MAX_SAFE_INTEGER || region.address < 0 ? undefined : region.address,
      isPrefetchable: region.prefetch === true,
      isWide: region.mem_type_64 === true,
    })),
  };
};

/** A base of 0 is what nobody has written to, and a base above the limit passes nothing on. */
const rangeOf = (first: number, last: number): Range => (first === 0 || first > last ? undefined : [first, last]);
