// What sends and receives, under attack.

import { openConsoleDevice } from '../../../drivers/console/driver.ts';
import { startInput } from '../../../drivers/input/driver.ts';
import { openNet } from '../../../drivers/net/driver.ts';
import { openSoundDevice } from '../../../drivers/sound/driver.ts';
import { startVsock } from '../../../drivers/vsock/driver.ts';
import type { Port } from '../../../kernel/device/console.ts';
import type { CaptureStream, PlaybackStream } from '../../../kernel/device/sound.ts';
import type { VsockSocket } from '../../../kernel/device/vsock.ts';
import { SimConsoleDevice } from '../../sim/virtio/console.ts';
import { SIM_KEYBOARD, SIM_MOUSE, SIM_TABLET, SIM_TOUCH, SimInputDevice } from '../../sim/virtio/input.ts';
import { SimNetDevice } from '../../sim/virtio/net.ts';
import { SIM_INPUT, SIM_OUTPUT, SimSoundDevice } from '../../sim/virtio/sound.ts';
import { SimVsockDevice } from '../../sim/virtio/vsock.ts';
import { type Program, subject } from './subject.ts';

const usePort = (port: Port, program: Program): void => {
  const options = program.signal();
  const calls: readonly (() => Promise<unknown>)[] = [
    () => port.read(options),
    () => port.readInto(new Uint8Array(100), options),
    () => port.write(program.bytes(9000), options),
  ];
  if (program.random.chance(0.05)) program.ask(() => port.close());
  else program.wait(program.random.pick(calls));
};

const console = subject({
  name: 'console',
  features: [0, 1, 2],
  make: (machine, options) => {
    const ports = [
      { number: 0, isConsole: true },
      { number: 1, name: 'one' },
    ];
    return new SimConsoleDevice(machine, { ...options, ports, size: [80, 25] });
  },
  open: openConsoleDevice,
  use: (device, program) => {
    const { random } = program;
    if (random.chance(0.1))
      program.wait(() => device.waitForPort(random.pick(['one', 'two', 'none']), program.signal()));
    else if (device.ports.length > 0) usePort(random.pick(device.ports), program);
    if (random.chance(0.1)) program.ask(async () => device.emergencyWrite(random.below(256)));
  },
  host: (sim, random) => {
    const number = random.below(3);
    const acts: readonly (() => void)[] = [
      () => sim.send(number, new Uint8Array(random.below(9000))),
      () => sim.open(number),
      () => sim.close(number),
      () => sim.add({ number, name: random.pick(['two', 'one', '']) }),
      () => sim.remove(number),
      () => sim.resize(number, random.below(2 ** 16), random.below(2 ** 16)),
      () => sim.setReading(number, random.chance(0.5)),
      () => sim.say(random.below(5), random.pick(['DEVICE_ADD', 'PORT_NAME', 'CONSOLE_PORT']), 1, [random.below(256)]),
    ];
    random.pick(acts)();
  },
  close: (device) => device.close(),
});

const net = subject({
  name: 'net',
  features: [0, 1, 2, 3, 5, 7, 8, 10, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23],
  make: (machine, options, random) =>
    new SimNetDevice(machine, { ...options, pairs: random.pick([1, 1, 2]), mtu: 1500 }),
  open: (live, random) => openNet(live, { offloads: random.chance(0.5), queuePairs: random.pick([1, 2]) }),
  use: (network, program) => {
    const { random } = program;
    const options = program.signal();
    const address = Uint8Array.of(2, 0, 0, 0, 0, random.below(256));
    const commands: readonly (() => Promise<unknown>)[] = [
      () => network.send(program.bytes(1600), options),
      () => network.send(new Uint8Array(60 + random.below(1400)), options),
      () => network.setPromiscuous(random.chance(0.5)),
      () => network.setAllMulticast(random.chance(0.5)),
      () => network.setReceiveFilter([address], []),
      () => network.setMacAddress(address),
      () => network.addVlan(random.below(4096)),
      () => network.removeVlan(random.below(4096)),
    ];
    const choice = random.next();
    if (choice < 0.2) program.wait(() => network.receive(options));
    else if (choice < 0.3) program.ask(async () => network.onFrame(() => {}));
    else if (choice < 0.35) program.ask(async () => network.onLinkChange(() => {})());
    else if (choice < 0.5) program.askWithMemory((memory) => network.sendDma(memory + 128, 100 + random.below(1000)));
    else program.ask(random.pick(commands));
  },
  host: (sim, random) => {
    const delivery = random.chance(0.5)
      ? {}
      : {
          flags: random.below(8),
          gsoType: random.pick([0, 1, 3, 4, 0x81, 9]),
          buffersSaid: random.pick([1, 2, 0, 9, 65535]),
          segmentLength: random.below(2000),
          checksumStart: random.below(2000),
          checksumOffset: random.below(100),
        };
    sim.deliver(new Uint8Array(random.pick([0, 13, 60, 1514, random.below(9000)])), delivery);
  },
  close: (network) => network.close(),
});

const useSocket = (socket: VsockSocket, program: Program): void => {
  const { random } = program;
  const calls: readonly (() => Promise<unknown>)[] = [
    () => socket.read(program.signal()),
    () => socket.write(program.bytes(3000), program.signal()),
    () => socket.readInto(new Uint8Array(50)),
  ];
  for (let count = random.below(3); count > 0; count--) program.wait(random.pick(calls));
  const choice = random.next();
  if (choice < 0.2) program.ask(() => socket.close());
  else if (choice < 0.4) program.wait(() => socket.shutdown());
};

const vsock = subject({
  name: 'vsock',
  features: [0, 1, 2],
  make: (machine, options) => {
    const sim = new SimVsockDevice(machine, options);
    sim.ports.set(7, 1);
    sim.ports.set(8, 2);
    return sim;
  },
  open: startVsock,
  use: (device, program) => {
    const { random } = program;
    const isMessages = random.chance(0.4);
    const type = isMessages ? 'seqpacket' : 'stream';
    const use = (socket: VsockSocket): void => useSocket(socket, program);
    if (random.chance(0.8)) program.wait(() => device.connect(2, random.pick([7, 8, 9]), { type, timeoutMs: 50 }), use);
    else
      program.wait(() => {
        const listener = device.listen(random.below(20), { type });
        if (random.chance(0.3)) listener.close();
        return listener.accept(program.signal());
      }, use);
  },
  host: (sim, random) => {
    const connection = sim.connections.length === 0 ? undefined : random.pick(sim.connections);
    const choice = random.next();
    if (choice < 0.1) sim.sayEvent(random.below(3));
    else if (choice < 0.2) sim.connect(random.below(20), random.pick([1, 2]));
    else if (connection === undefined)
      sim.say({ operation: random.below(9), sourcePort: random.below(20), targetPort: random.below(20) });
    else if (random.chance(0.6)) connection.send(new Uint8Array(random.below(3000)));
    else
      connection.say(random.pick(['RW', 'RST', 'SHUTDOWN', 'CREDIT_UPDATE', 'CREDIT_REQUEST', 'RESPONSE']), {
        forwardedCount: random.pick([0, random.below(5000), random.below(2 ** 32)]),
        bufferLength: random.pick([0, 1000, random.below(2 ** 32)]),
        flags: random.below(4),
      });
  },
  close: (device) => device.close(),
});

const input = subject({
  name: 'input',
  features: [0],
  make: (machine, options, random) =>
    new SimInputDevice(machine, { ...options, facts: random.pick([SIM_KEYBOARD, SIM_MOUSE, SIM_TABLET, SIM_TOUCH]) }),
  open: startInput,
  use: (device, program) => {
    const { random } = program;
    if (random.chance(0.6)) program.ask(() => device.setLed(random.below(12), random.chance(0.5), program.signal()));
    else if (random.chance(0.5))
      program.ask(async () =>
        device.onReport(
          () => {},
          () => {},
        ),
      );
    else program.wait(() => device.reports().next());
  },
  host: (sim, random) =>
    sim.report([random.pick([0, 1, 2, 3, 17, 99]), random.below(600), random.below(2 ** 31)], [1, 30, random.below(3)]),
  close: (device) => device.close(),
});

const useStream = (stream: PlaybackStream | CaptureStream, program: Program): void => {
  const { random } = program;
  const calls: (() => Promise<unknown>)[] = [
    () => stream.start(),
    () => stream.stop(),
    () => stream.release(),
    () => stream.prepare(),
    () => stream.close(),
  ];
  if ('write' in stream) {
    calls.push(
      () => stream.write(new Uint8Array(4 * random.below(3000)), program.signal()),
      () => stream.drain(),
    );
  } else calls.push(() => stream.read(program.signal()));
  for (let count = random.below(5); count > 0; count--) program.wait(random.pick(calls));
};

const sound = subject({
  name: 'sound',
  features: [0],
  make: (machine, options) =>
    new SimSoundDevice(machine, {
      ...options,
      streams: [SIM_OUTPUT, SIM_INPUT],
      jacks: [{}, {}],
      channelMaps: [[0, 3, 4]],
    }),
  open: openSoundDevice,
  use: (device, program) => {
    const { random } = program;
    const options = { rate: 48000, channels: 2, format: 's16', periodFrames: 480, periodCount: 4 } as const;
    const use = (stream: PlaybackStream | CaptureStream): void => useStream(stream, program);
    if (random.chance(0.4)) program.ask(() => device.playback(options), use);
    else if (random.chance(0.6)) program.ask(() => device.capture(options), use);
    else if (device.jacks.length > 0)
      program.ask(() => random.pick(device.jacks).remap(random.below(16), random.below(16)));
    if (random.chance(0.05)) program.ask(async () => device.onJackChange(() => {})());
  },
  host: (sim, random) =>
    sim.say(random.pick([0x1000, 0x1001, 0x1100, 0x1101, 0x1200, random.below(2 ** 16)]), random.below(4)),
  close: (device) => device.close(),
});

export const STREAMS = [console, net, vsock, input, sound];
