// A trace as JSON that ui.perfetto.dev and chrome://tracing open: the Trace Event Format of Chrome.
//
//   process 1         the program: lanes for the boot, tasks, interrupts, collections, and when the processor halts
//   process 2, 3, …   a device each: its status, and a lane for each virtqueue, with each chain from when it was published to when it came back
//
// What has a duration is one event (X), but for chains: they overlap, so that each is a pair (b, e) with an id of its own. Times are microseconds since kernel entry.

import { typeName } from '../../drivers/virtio/names.ts';
import {
  TASK_ASYNC,
  TASK_IMMEDIATE,
  TASK_INTERRUPT,
  TASK_JOB,
  TASK_TIMER,
  TRACE_COLLECT,
  TRACE_COLLECT_END,
  TRACE_COMPLETED,
  TRACE_DETACHED,
  TRACE_HALT,
  TRACE_INTERRUPT,
  TRACE_OWN,
  TRACE_PCI,
  TRACE_PCI_END,
  TRACE_PUBLISHED,
  TRACE_QUEUE,
  TRACE_STAGE,
  TRACE_STATUS,
  TRACE_TASK,
  TRACE_TASK_END,
  TRACE_WAKE,
} from '../../kernel/hal/trace.ts';
import { eventsOf, type TraceEvent } from './event.ts';
import type { ImageNames, Place } from './names.ts';
import type { Recording } from './record.ts';

/** One entry of `traceEvents`. */
export interface ChromeEvent {
  readonly name: string;
  readonly ph: 'X' | 'b' | 'e' | 'i' | 'M';
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly id?: string;
  readonly s?: 't';
  readonly args?: Readonly<Record<string, unknown>>;
}

/** All of a trace file. */
export interface ChromeTrace {
  readonly traceEvents: readonly ChromeEvent[];
  readonly displayTimeUnit: 'ns';
  readonly otherData: Readonly<Record<string, unknown>>;
}

const PROGRAM = 1;
const LANES = { boot: 1, tasks: 2, interrupts: 3, collector: 4, halted: 5, own: 6 } as const;
const TASK_NAMES: Readonly<Record<number, string>> = {
  [TASK_TIMER]: 'timer',
  [TASK_IMMEDIATE]: 'immediate',
  [TASK_ASYNC]: 'async',
  [TASK_JOB]: 'job',
  [TASK_INTERRUPT]: 'interrupt',
};
/** boot/interrupts.zig */
const VECTOR_TIMER = 0xf8;
const ASSUMED_HERTZ = 1e9;

/** Returns the trace of a run; `program` is its name. */
export const chromeTrace = (
  program: string,
  { pieces, lostCount, entryStamp, hertz, names }: Recording,
): ChromeTrace => {
  const events = pieces.flatMap(eventsOf);
  const writer = new Writer(entryStamp, hertz ?? ASSUMED_HERTZ, names);
  writer.name(PROGRAM, program, LANES);
  for (const event of [...events].sort((one, other) => one.stamp - other.stamp)) writer.add(event);
  writer.end();
  return {
    traceEvents: inOrder(writer.written),
    displayTimeUnit: 'ns',
    otherData: { program, events: events.length, lost: lostCount, hertz: hertz ?? 'not known' },
  };
};

/** Names first, then all by time; what holds another before it. */
const inOrder = (events: readonly ChromeEvent[]): ChromeEvent[] =>
  [...events].sort((one, other) => (one.ts ?? -1) - (other.ts ?? -1) || (other.dur ?? 0) - (one.dur ?? 0));

interface Chain {
  readonly id: string;
  readonly lane: Lane;
}

interface Lane {
  readonly pid: number;
  readonly queue: number;
  /** By the chain's number. */
  readonly chains: Map<number, Chain>;
}

interface Open {
  readonly since: number;
  readonly name: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

class Writer {
  readonly written: ChromeEvent[] = [];
  private readonly devices = new Map<string, { pid: number; name: string }>();
  private readonly queues = new Map<number, Lane>();
  private readonly open = new Map<number, Open[]>();
  private chainCount = 0;
  private now = 0;
  private stageEnd = 0;
  private readonly entryStamp: number;
  private readonly hertz: number;
  private readonly names: ImageNames;

  constructor(entryStamp: number, hertz: number, names: ImageNames) {
    this.entryStamp = entryStamp;
    this.hertz = hertz;
    this.names = names;
  }

  /** Names a process and its lanes. */
  name(pid: number, process: string, lanes: Readonly<Record<string, number>>): void {
    const entry = (name: string, tid: number, text: string): ChromeEvent => ({
      name,
      ph: 'M',
      pid,
      tid,
      args: { name: text },
    });
    this.written.push(entry('process_name', 0, process));
    for (const [lane, tid] of Object.entries(lanes)) this.written.push(entry('thread_name', tid, lane));
  }

  add(event: TraceEvent): void {
    const { kind, a, b, c } = event;
    this.now = this.timeOf(event.stamp);
    switch (kind) {
      case TRACE_STAGE:
        this.span(LANES.boot, this.names.textAt(b, a), this.stageEnd);
        this.stageEnd = this.now;
        break;
      case TRACE_INTERRUPT:
        this.span(LANES.interrupts, a === VECTOR_TIMER ? 'timer' : `vector ${a}`, this.timeOf(b), { vector: a });
        break;
      case TRACE_HALT:
        this.begin(LANES.halted, 'halted');
        break;
      case TRACE_WAKE:
        this.close(LANES.halted);
        break;
      case TRACE_TASK:
        this.begin(LANES.tasks, ...this.taskOf(a, b, c));
        break;
      case TRACE_TASK_END:
        this.close(LANES.tasks);
        break;
      case TRACE_COLLECT:
        this.begin(LANES.collector, a === 0 ? 'collection of all' : 'collection of the young');
        break;
      case TRACE_COLLECT_END:
        this.close(LANES.collector);
        break;
      case TRACE_PCI:
        this.begin(LANES.boot, 'PCI');
        break;
      case TRACE_PCI_END:
        this.close(LANES.boot, { functions: a });
        break;
      case TRACE_STATUS:
        this.addStatus(Math.floor(a / 256), a % 256, b, c);
        break;
      case TRACE_QUEUE:
        this.addQueue(a, Math.floor(b / 65536), b % 65536, c);
        break;
      case TRACE_PUBLISHED:
        for (let number = b; number < b + c; number++) this.beginChain(a, number, c);
        break;
      case TRACE_COMPLETED:
        this.endChain(a, b, { written: c });
        break;
      case TRACE_DETACHED:
        this.endChain(a, b, { returned: 'taken back from a reset device' });
        break;
      default:
        if (kind >= TRACE_OWN) this.instant(PROGRAM, LANES.own, `event ${kind}`, { a, b, c });
    }
  }

  /** Ends what is still open. */
  end(): void {
    if (this.now > this.stageEnd) this.span(LANES.boot, 'up to the end of the trace', this.stageEnd);
    for (const [tid, open] of this.open) while (open.length > 0) this.close(tid, { ended: false });
    for (const [memory, { chains }] of this.queues)
      for (const number of [...chains.keys()])
        this.endChain(memory, number, { returned: 'not before the end of the trace' });
  }

  private timeOf(stamp: number): number {
    return Math.round(((stamp - this.entryStamp) / this.hertz) * 1e9) / 1000;
  }

  private span(tid: number, name: string, since: number, args?: Readonly<Record<string, unknown>>): void {
    const dur = Math.max(0, Math.round((this.now - since) * 1000) / 1000);
    this.written.push({ name, ph: 'X', pid: PROGRAM, tid, ts: since, dur, args });
  }

  private instant(pid: number, tid: number, name: string, args: Readonly<Record<string, unknown>>): void {
    this.written.push({ name, ph: 'i', s: 't', pid, tid, ts: this.now, args });
  }

  private begin(tid: number, name: string, args?: Readonly<Record<string, unknown>>): void {
    const open = this.open.get(tid) ?? [];
    this.open.set(tid, open);
    open.push({ since: this.now, name, args });
  }

  /** Ends what began last in a lane. The beginning may be lost. */
  private close(tid: number, args?: Readonly<Record<string, unknown>>): void {
    const begun = this.open.get(tid)?.pop();
    if (begun !== undefined) this.span(tid, begun.name, begun.since, { ...begun.args, ...args });
  }

  /** A task has the name of its function; one that goes on, of the line where it does. */
  private taskOf(task: number, number: number, addresses: number): [string, Record<string, unknown>] {
    const returns = [addresses % 2 ** 32, Math.floor(addresses / 2 ** 32)].filter((address) => address !== 0);
    const resumed = returns.map((address) => this.names.placeOf(address - 1)).find((place) => place?.function);
    const place = resumed ?? this.names.functionOf(number);
    return [
      place?.function || (number === 0 ? 'promise' : `function ${number}`),
      { task: TASK_NAMES[task] ?? task, at: placeText(place) },
    ];
  }

  private deviceOf(type: number | undefined, pciAddress: number, registers: number): { pid: number; name: string } {
    const key = `${pciAddress} ${registers}`;
    const known = this.devices.get(key);
    if (known !== undefined) return known;
    const place = registers === 0 ? pciText(pciAddress) : `0x${registers.toString(16)}`;
    const device = {
      pid: PROGRAM + 1 + this.devices.size,
      name: `${place} ${type === undefined ? 'virtio' : typeName(type)}`,
    };
    this.devices.set(key, device);
    this.name(device.pid, device.name, { status: 1 });
    return device;
  }

  private addStatus(type: number, status: number, pciAddress: number, registers: number): void {
    const { pid } = this.deviceOf(type, pciAddress, registers);
    this.instant(pid, 1, statusText(status), { status });
  }

  /** A queue whose memory another had before takes its place. */
  private addQueue(memory: number, pciAddress: number, queue: number, registers: number): void {
    const before = this.queues.get(memory);
    for (const number of before?.chains.keys() ?? [])
      this.endChain(memory, number, { returned: 'the queue was made anew' });
    const { pid } = this.deviceOf(undefined, pciAddress, registers);
    this.queues.set(memory, { pid, queue, chains: new Map() });
  }

  private beginChain(memory: number, number: number, batch: number): void {
    const lane = this.queues.get(memory);
    if (lane === undefined) return;
    this.chainCount += 1;
    const chain = { id: `0x${this.chainCount.toString(16)}`, lane };
    lane.chains.set(number, chain);
    this.written.push({ ...chainEvent(chain), ph: 'b', ts: this.now, args: { chain: number, batch } });
  }

  private endChain(memory: number, number: number, args: Readonly<Record<string, unknown>>): void {
    const chain = this.queues.get(memory)?.chains.get(number);
    if (chain === undefined) return; // Its beginning is lost.
    chain.lane.chains.delete(number);
    this.written.push({ ...chainEvent(chain), ph: 'e', ts: this.now, args });
  }
}

const chainEvent = ({ id, lane }: Chain): Pick<ChromeEvent, 'name' | 'cat' | 'id' | 'pid' | 'tid'> => ({
  name: `queue ${lane.queue}`,
  cat: 'virtqueue',
  id,
  pid: lane.pid,
  tid: lane.queue + 2,
});

const placeText = (place: Place | undefined): string => (place?.file ? `${place.file}:${place.line}` : '');

const pciText = (address: number): string => {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  return `0000:${hex(address >> 8, 2)}:${hex((address >> 3) & 31, 2)}.${address & 7}`;
};

/** The bits of a device's status. VIRTIO 1.2 §2.1 */
const STATUS_BITS: readonly (readonly [number, string])[] = [
  [1, 'ACKNOWLEDGE'],
  [2, 'DRIVER'],
  [8, 'FEATURES_OK'],
  [4, 'DRIVER_OK'],
  [64, 'DEVICE_NEEDS_RESET'],
  [128, 'FAILED'],
];

/** A status is known by the last bit that was set. */
const statusText = (status: number): string => STATUS_BITS.findLast(([bit]) => (status & bit) !== 0)?.[1] ?? 'reset';
