// All other classes under attack.

import { startBalloon } from '../../../drivers/balloon/driver.ts';
import { startCrypto } from '../../../drivers/crypto/driver.ts';
import { startEntropy } from '../../../drivers/entropy/driver.ts';
import { openGpuDevice } from '../../../drivers/gpu/driver.ts';
import { startIommu } from '../../../drivers/iommu/driver.ts';
import { startMemory } from '../../../drivers/mem/driver.ts';
import { startRtc } from '../../../drivers/rtc/driver.ts';
import type { AesCbc } from '../../../kernel/device/crypto.ts';
import type { Surface } from '../../../kernel/device/gpu.ts';
import type { IommuDomain } from '../../../kernel/device/iommu.ts';
import { SimBalloonDevice } from '../../sim/virtio/balloon.ts';
import { SimCryptoDevice } from '../../sim/virtio/crypto.ts';
import { SimEntropyDevice } from '../../sim/virtio/entropy.ts';
import { SimGpuDevice, simEdid } from '../../sim/virtio/gpu.ts';
import { SimIommuDevice } from '../../sim/virtio/iommu.ts';
import { SimMemDevice } from '../../sim/virtio/mem.ts';
import { SimRtcDevice } from '../../sim/virtio/rtc.ts';
import { type Program, subject } from './subject.ts';

const PAGE = 4096;
const BLOCK = 2 * 1024 * 1024;

const entropy = subject({
  name: 'entropy',
  features: [],
  make: (machine, options) => new SimEntropyDevice(machine, options),
  open: startEntropy,
  use: (device, program) => program.ask(() => device.read(program.random.below(10_000), program.signal())),
  close: (device) => device.close(),
});

const useKey = (aes: AesCbc, program: Program): void => {
  const { random } = program;
  const iv = new Uint8Array(16);
  const data = new Uint8Array(16 * random.below(1500));
  for (let count = random.below(4); count > 0; count--)
    program.ask(() =>
      random.chance(0.5) ? aes.encrypt(iv, data, program.signal()) : aes.decrypt(iv, data, program.signal()),
    );
  if (random.chance(0.5)) program.ask(() => aes.close());
};

const crypto = subject({
  name: 'crypto',
  features: [0, 1, 2, 3, 4],
  make: (machine, options) => new SimCryptoDevice(machine, options),
  open: startCrypto,
  use: (device, program) => {
    const key = new Uint8Array(program.random.pick([16, 24, 32, 5]));
    program.ask(
      () => device.aesCbc(key),
      (aes) => useKey(aes, program),
    );
  },
  close: (device) => device.close(),
});

const rtc = subject({
  name: 'rtc',
  features: [0],
  make: (machine, options) => new SimRtcDevice(machine, options),
  open: startRtc,
  use: (device, program) => {
    const { random } = program;
    if (device.clocks.length === 0 || random.chance(0.1)) {
      program.ask(() => device.setDate(program.signal()));
      return;
    }
    const clock = random.pick(device.clocks);
    const time = random.chance(0.3)
      ? undefined
      : { seconds: random.below(2 ** 32), nanoseconds: random.below(10 ** 9) };
    const calls: readonly (() => Promise<unknown>)[] = [
      () => clock.read(program.signal()),
      () => clock.alarm(program.signal()),
      () => clock.setAlarm(time, program.signal()),
    ];
    program.ask(random.pick(calls));
    if (random.chance(0.05)) program.ask(async () => clock.onAlarm(() => {})());
  },
  host: (sim, random) => sim.ring(random.below(4)),
  close: (device) => device.close(),
});

const useSurface = (surface: Surface, program: Program): void => {
  for (let count = program.random.below(3); count > 0; count--)
    program.ask(() => surface.flush(program.random.chance(0.5) ? undefined : { x: 1, y: 1, width: 8, height: 200 }));
  if (program.random.chance(0.6)) program.ask(() => surface.release());
};

const gpu = subject({
  name: 'gpu',
  features: [0, 1, 2, 3, 4],
  make: (machine, options) =>
    new SimGpuDevice(machine, {
      ...options,
      displays: [
        { width: 64, height: 48, edid: simEdid('x', 64, 48) },
        { width: 32, height: 32 },
      ],
    }),
  open: openGpuDevice,
  use: (device, program) => {
    const { random } = program;
    const scanout = random.below(3);
    program.ask(
      () => device.createSurface(random.pick([1, 64, 100]), random.pick([1, 48, 64])),
      (surface) => {
        program.ask(() => device.show(scanout, random.chance(0.8) ? surface : undefined));
        useSurface(surface, program);
      },
    );
    if (random.chance(0.3)) program.ask(() => device.moveCursor(scanout, random.below(100), random.below(100)));
    if (random.chance(0.2))
      program.ask(
        () => device.createSurface(64, 64, { hasAlpha: true }),
        (surface) => program.ask(() => device.setCursor(scanout, surface, { x: 1, y: 1 })),
      );
    if (random.chance(0.05)) program.ask(async () => device.onDisplayChange(() => {})());
  },
  host: (sim, random) => sim.change([{ width: random.below(3000), height: random.below(3000) }]),
  close: (device) => device.close(),
});

const balloon = subject({
  name: 'balloon',
  features: [0, 1, 2, 3, 4, 5],
  make: (machine, options, random) => new SimBalloonDevice(machine, { ...options, wishPages: random.below(300) }),
  open: (live) => startBalloon(live, { keepFreeBytes: 128 * PAGE }),
  use: (device, program) => {
    const { random } = program;
    if (random.chance(0.2)) program.ask(async () => device.follow(random.chance(0.7)));
    else if (random.chance(0.1)) program.ask(async () => device.onChange(() => {})());
    else program.wait(() => device.settled());
  },
  host: (sim, random) => {
    const acts: readonly (() => void)[] = [
      () => sim.wish(random.below(400)),
      () => sim.wish(random.below(2 ** 32)),
      () => sim.command(random.below(2 ** 32)),
      () => sim.askForFigures(),
    ];
    random.pick(acts)();
  },
  close: (device) => device.close(),
});

const mem = subject({
  name: 'mem',
  features: [0, 1, 2],
  make: (machine, options, random) => {
    const sim = new SimMemDevice(machine, { ...options, requestedSize: random.below(6) * BLOCK });
    sim.answer = () => (random.chance(0.2) ? { type: random.below(5), state: random.below(4) } : {});
    return sim;
  },
  open: (live) => startMemory(live),
  use: (device, program) => {
    const { random } = program;
    if (random.chance(0.5)) program.ask(() => device.stateOf(random.below(40), random.below(5)));
    else if (random.chance(0.2)) program.ask(async () => device.follow(random.chance(0.7)));
    else program.wait(() => device.settled());
  },
  host: (sim, random) => sim.wish(random.chance(0.8) ? random.below(32) * BLOCK : random.below(2 ** 31)),
  close: (device) => device.close(),
});

const useDomain = (domain: IommuDomain, program: Program): void => {
  const { random } = program;
  const address = 0x1_0000_0000 + random.below(4) * PAGE;
  const calls: readonly (() => Promise<unknown>)[] = [
    () => domain.attach(8 + random.below(3)),
    () => domain.detach(8 + random.below(3)),
    () => domain.map({ address, memory: 0x400_0000, length: PAGE * (1 + random.below(3)) }),
    () => domain.unmap(address, PAGE * (1 + random.below(3))),
  ];
  for (let count = 1 + random.below(4); count > 0; count--) program.ask(random.pick(calls));
};

const iommu = subject({
  name: 'iommu',
  features: [0, 1, 2, 3, 4, 5, 6],
  make: (machine, options) => new SimIommuDevice(machine, options),
  open: (live, random) => startIommu(live, random.chance(0.2)),
  use: (device, program) => {
    const { random } = program;
    if (random.chance(0.4)) program.ask(() => device.probe(random.below(12)));
    else
      program.ask(
        async () => device.newDomain({ isBypass: random.chance(0.1) }),
        (domain) => useDomain(domain, program),
      );
    if (random.chance(0.05)) program.ask(async () => device.onFault(() => {})());
  },
  host: (sim, random) =>
    sim.report(random.below(4), random.below(2 ** 16), random.below(12), BigInt(random.below(2 ** 32))),
  close: (device) => device.close(),
});

export const OTHERS = [entropy, crypto, rtc, gpu, balloon, mem, iommu];
