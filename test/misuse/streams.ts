// Wrong calls of what carries bytes and samples: ports of a console, sockets, sound.

import type { ConsoleDevice, Port } from '../../kernel/device/console.ts';
import type { CaptureStream, PlaybackStream, SoundControl, SoundDevice, SoundJack } from '../../kernel/device/sound.ts';
import type { VsockDevice, VsockListener, VsockSocket } from '../../kernel/device/vsock.ts';
import {
  ends,
  listens,
  noNumber,
  outOfRange,
  type RightCall,
  returned,
  right,
  type Table,
  type WrongCall,
  wrong,
} from './table.ts';

const bytes = new Uint8Array(8);

export interface ConsoleBag {
  readonly console: ConsoleDevice;
  /** One that the host has open, and from which nothing comes. */
  readonly port: Port;
}

/** A console device with one port. */
export const CONSOLE: Table<ConsoleBag> = {
  name: 'a console',
  close: ({ console }) => console.close(),
  calls: [
    right('port.write', ({ port }) => port.write(bytes)),
    right('port.read', ({ port }) => port.read(), 'closed', 'closed'),
    right('port.readInto', ({ port }) => port.readInto(new Uint8Array(8)), 'closed', 'closed'),
    listens('port.onOpenChange', ({ port }) => port.onOpenChange(() => {})()),
    listens('port.onResize', ({ port }) => port.onResize(() => {})()),
    returned('console.port', ({ console }) => console.port('none')),
    right('console.waitForPort', ({ console }) => console.waitForPort('none'), 'closed', 'closed'),
    listens('console.onPort', ({ console }) => console.onPort(() => {})()),
    right('console.emergencyWrite', ({ console }) => console.emergencyWrite(65), 'closed', 'returned'),
    ends('port.close', ({ port }) => port.close()),
    ends('console.close', ({ console }) => console.close()),
  ],
  wrong: [
    ...noNumber('console.emergencyWrite of', 'invalid-argument', ({ console }: ConsoleBag, byte) =>
      console.emergencyWrite(byte),
    ),
    wrong('console.emergencyWrite of 0', 'invalid-argument', ({ console }) => console.emergencyWrite(0)),
    wrong('console.emergencyWrite of 256', 'invalid-argument', ({ console }) => console.emergencyWrite(256)),
    wrong('port.write of nothing', 'fulfilled', ({ port }) => port.write(new Uint8Array(0))),
    wrong('port.readInto of nothing', 'invalid-argument', ({ port }) => port.readInto(new Uint8Array(0))),
  ],
};

export interface VsockBag {
  readonly vsock: VsockDevice;
  /** Connections to who reads and says nothing. */
  readonly socket: VsockSocket;
  readonly messages: VsockSocket;
  readonly listener: VsockListener;
  /** Where the host listens for streams. */
  readonly hostPort: number;
}

const HOST = 2;

const socketCalls = (name: 'socket' | 'messages'): RightCall<VsockBag>[] => [
  right(`${name}.write`, (bag) => bag[name].write(bytes)),
  right(`${name}.read`, (bag) => bag[name].read(), 'closed', 'closed'),
  right(`${name}.readInto`, (bag) => bag[name].readInto(new Uint8Array(8)), 'closed', 'closed'),
  right(`${name}.shutdown`, (bag) => bag[name].shutdown()),
  ends(`${name}.close`, (bag) => bag[name].close()),
];

const wrongConnect = (
  what: string,
  call: (vsock: VsockDevice, port: number, value: number) => unknown,
): WrongCall<VsockBag>[] =>
  noNumber(what, 'invalid-argument', ({ vsock, hostPort }: VsockBag, value) => call(vsock, hostPort, value));

/** A socket device, a stream, messages and a port that listens. */
export const VSOCK: Table<VsockBag> = {
  name: 'a socket device',
  close: ({ vsock }) => vsock.close(),
  calls: [
    right('vsock.connect', ({ vsock, hostPort }) => vsock.connect(HOST, hostPort)),
    right('vsock.listen', ({ vsock }) => vsock.listen(5000).close(), 'closed', 'returned'),
    right('listener.accept', ({ listener }) => listener.accept(), 'closed', 'closed'),
    ...socketCalls('socket'),
    ...socketCalls('messages'),
    returned('listener.close', ({ listener }) => listener.close()),
    ends('vsock.close', ({ vsock }) => vsock.close()),
  ],
  wrong: [
    ...wrongConnect('vsock.connect to', (vsock, port, cid) => vsock.connect(cid, port)),
    ...wrongConnect('vsock.connect to port', (vsock, _, port) => vsock.connect(HOST, port)),
    ...wrongConnect('vsock.connect in', (vsock, port, timeoutMs) => vsock.connect(HOST, port, { timeoutMs })),
    ...wrongConnect('vsock.connect with', (vsock, port, receiveBytes) => vsock.connect(HOST, port, { receiveBytes })),
    wrong('vsock.connect in no time', 'invalid-argument', ({ vsock, hostPort }) =>
      vsock.connect(HOST, hostPort, { timeoutMs: 0 }),
    ),
    wrong('vsock.connect with 4095', 'invalid-argument', ({ vsock, hostPort }) =>
      vsock.connect(HOST, hostPort, { receiveBytes: 4095 }),
    ),
    ...noNumber('vsock.listen at', 'invalid-argument', ({ vsock }: VsockBag, port) => vsock.listen(port)),
    ...noNumber('vsock.listen for', 'invalid-argument', ({ vsock }: VsockBag, backlog) =>
      vsock.listen(5001, { backlog }),
    ),
    wrong('vsock.listen for none', 'invalid-argument', ({ vsock }) => vsock.listen(5001, { backlog: 0 })),
    wrong('vsock.listen where somebody does', 'invalid-argument', ({ vsock, listener }) => vsock.listen(listener.port)),
    wrong('socket.write of nothing', 'fulfilled', ({ socket }) => socket.write(new Uint8Array(0))),
    wrong('messages.write of nothing', 'invalid-argument', ({ messages }) => messages.write(new Uint8Array(0))),
    wrong('messages.write of too much', 'out-of-range', ({ messages }) => messages.write(new Uint8Array(2_000_000))),
    wrong('socket.readInto of nothing', 'invalid-argument', ({ socket }) => socket.readInto(new Uint8Array(0))),
  ],
};

export interface SoundBag {
  readonly sound: SoundDevice;
  /** Two channels of `s16`, 48,000 Hz. */
  readonly playback: PlaybackStream;
  readonly capture: CaptureStream;
  /** None on a device that has none. */
  readonly jack: SoundJack | undefined;
  /** Two integers from 0 to 10, with metadata. */
  readonly control: SoundControl | undefined;
}

const STEREO = { rate: 48_000, channels: 2, format: 's16' } as const;

const streamCalls = (name: 'playback' | 'capture'): RightCall<SoundBag>[] => [
  right(`${name}.start`, (bag) => bag[name].start()),
  right(`${name}.stop`, (bag) => bag[name].stop()),
  right(`${name}.release`, (bag) => bag[name].release()),
  right(`${name}.prepare`, (bag) => bag[name].prepare()),
  listens(`${name}.onXrun`, (bag) => bag[name].onXrun(() => {})()),
  listens(`${name}.onPeriod`, (bag) => bag[name].onPeriod(() => {})()),
];

/** What no stream can do, be it a number or none. */
const unsupported = (what: string, call: (bag: SoundBag, value: number) => unknown): WrongCall<SoundBag>[] =>
  noNumber(what, 'unsupported', call, 'unsupported');

const wrongOpening = (how: 'playback' | 'capture'): WrongCall<SoundBag>[] => [
  ...unsupported(`sound.${how} of rate`, ({ sound }: SoundBag, rate) => sound[how]({ ...STEREO, rate })),
  ...unsupported(`sound.${how} of channels`, ({ sound }: SoundBag, channels) => sound[how]({ ...STEREO, channels })),
  ...unsupported(`sound.${how} of stream`, ({ sound }: SoundBag, stream) => sound[how]({ ...STEREO, stream })),
  ...noNumber(`sound.${how} with periods of`, 'invalid-argument', ({ sound }: SoundBag, periodFrames) =>
    sound[how]({ ...STEREO, periodFrames }),
  ),
  ...noNumber(`sound.${how} with periods:`, 'invalid-argument', ({ sound }: SoundBag, periodCount) =>
    sound[how]({ ...STEREO, periodCount }),
  ),
  wrong(`sound.${how} of a rate that it has not`, 'unsupported', ({ sound }) =>
    sound[how]({ ...STEREO, rate: 12_345 }),
  ),
];

/** A sound card. */
export const SOUND: Table<SoundBag> = {
  name: 'a sound card',
  close: ({ sound }) => sound.close(),
  calls: [
    right('sound.playback', ({ sound }) => sound.playback(STEREO), 'closed', 'invalid-argument'),
    right('sound.capture', ({ sound }) => sound.capture(STEREO), 'closed', 'invalid-argument'),
    listens('sound.onJackChange', ({ sound }) => sound.onJackChange(() => {})()),
    listens('sound.onControlChange', ({ sound }) => sound.onControlChange(() => {})()),
    right('jack.remap', ({ jack }) => jack!.remap(0, 1)),
    right('control.read', ({ control }) => control!.read()),
    right('control.write', ({ control }) => control!.write([1, 2])),
    right('control.readMetadata', ({ control }) => control!.readMetadata()),
    right('control.writeMetadata', ({ control }) => control!.writeMetadata({ type: 0, value: bytes })),
    right('control.commandMetadata', ({ control }) => control!.commandMetadata({ type: 0, value: bytes })),
    right('playback.write', ({ playback }) => playback.write(bytes)),
    right('playback.drain', ({ playback }) => playback.drain()),
    ...streamCalls('playback'),
    ...streamCalls('capture'),
    right('capture.read', ({ capture }) => capture.read()),
    ends('playback.close', ({ playback }) => playback.close()),
    ends('capture.close', ({ capture }) => capture.close()),
    ends('sound.close', ({ sound }) => sound.close()),
  ],
  wrong: [
    ...wrongOpening('playback'),
    ...wrongOpening('capture'),
    wrong('playback.write of 3 bytes', 'invalid-argument', ({ playback }) => playback.write(new Uint8Array(3))),
    wrong('playback.write of one sample', 'invalid-argument', ({ playback }) => playback.write(new Int16Array(1))),
    wrong('playback.write of floats', 'invalid-argument', ({ playback }) => playback.write(new Float32Array(2))),
    wrong('playback.stop before it runs', 'invalid-argument', ({ playback }) => playback.stop()),
    wrong('playback.prepare before it was released', 'invalid-argument', ({ playback }) => playback.prepare()),
    ...noNumber('jack.remap to', 'invalid-argument', ({ jack }: SoundBag, value) => jack!.remap(value, 0)),
    ...noNumber('jack.remap to 0 and', 'invalid-argument', ({ jack }: SoundBag, value) => jack!.remap(0, value)),
    wrong('jack.remap to 16', 'invalid-argument', ({ jack }) => jack!.remap(16, 0)),
    wrong('control.write of nothing', 'invalid-argument', ({ control }) => control!.write([])),
    wrong('control.write of too much', 'invalid-argument', ({ control }) => control!.write([1, 2, 3])),
    wrong('control.write of 11', 'out-of-range', ({ control }) => control!.write([1, 11])),
    ...outOfRange('control.write of', ({ control }: SoundBag, value) => control!.write([0, value])),
    wrong('control.writeMetadata of 3 bytes', 'misaligned', ({ control }) =>
      control!.writeMetadata({ type: 0, value: new Uint8Array(3) }),
    ),
    wrong('control.writeMetadata of too much', 'out-of-range', ({ control }) =>
      control!.writeMetadata({ type: 0, value: new Uint8Array(4100) }),
    ),
    ...noNumber('control.writeMetadata of type', 'invalid-argument', ({ control }: SoundBag, type) =>
      control!.writeMetadata({ type, value: bytes }),
    ),
    ...noNumber('control.commandMetadata of type', 'invalid-argument', ({ control }: SoundBag, type) =>
      control!.commandMetadata({ type, value: bytes }),
    ),
  ],
};
