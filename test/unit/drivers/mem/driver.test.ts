import { afterEach, describe, expect, it } from 'vitest';
import { type MemoryOptions, startMemory } from '../../../../drivers/mem/driver.ts';
import { closeLive, type Live, newLive, removeLive } from '../../../../drivers/virtio/live.ts';
import { runTurn } from '../../../../kernel/event/loop.ts';
import { sleep } from '../../../../kernel/event/time.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { SimMemDevice, type SimMemOptions } from '../../../sim/virtio/mem.ts';
import { interruptsOf, kindOf, run, runTurns } from '../virtio/live-harness.ts';
import { openedDevice, openedPci, TRANSPORTS } from '../virtio/transport/harness.ts';

const MS = 1_000_000;
const NEVER = Number.POSITIVE_INFINITY;
const MIB = 1024 * 1024;
const BLOCK = 2 * MIB;

const opened: Live[] = [];

afterEach(() => {
  for (const live of opened.splice(0)) closeLive(live);
});

const made = (options: SimMemOptions) => {
  const all = openedDevice((machine) => new SimMemDevice(machine, options));
  const free = dmaFreeBytes(all.pool);
  const live = newLive(all.transport, interruptsOf(all), all.pool, 100);
  opened.push(live);
  return { ...all, host: all.made, live, free, plugged: all.machine.plugged };
};

const open = (options: SimMemOptions = {}, how: MemoryOptions = {}) => {
  const all = made(options);
  return { ...all, memory: startMemory(all.live, how) };
};

/** Returns the address of a block. */
const at = (block: number): number => 2 ** 32 + block * BLOCK;

describe('a memory device', () => {
  it.each(TRANSPORTS.filter((each) => !each.includes('legacy')))(
    'has plugged what the host wants, and less again, over %s',
    async (transport) => {
      const { host, machine, memory, plugged } = open({ transport, requestedSize: 5 * BLOCK });
      await run(memory.settled());
      expect([[...host.plugged], plugged.blocks.size]).toEqual([[0, 1, 2, 3, 4], 5]);
      expect(memory.statistics()).toEqual({
        sizeBytes: 5 * BLOCK,
        wishBytes: 5 * BLOCK,
        blockBytes: BLOCK,
        regionBytes: 64 * MIB,
        usableBytes: 64 * MIB,
      });
      host.wish(2 * BLOCK);
      await runTurns(3);
      await run(memory.settled());
      expect([[...host.plugged], [...plugged.blocks.keys()]]).toEqual([
        [0, 1],
        [at(0), at(1)],
      ]);
      expect([host.requests, machine.violations]).toEqual([['plug 0+5', 'unplug 2+3'], []]);
    },
  );

  it('says what it is', () => {
    expect(open({ features: [0, 1, 28, 32], node: 3 }).memory).toMatchObject({
      name: '0000:00:02.0 virtio-mem',
      featureNames: ['ACPI_PXM', 'UNPLUGGED_INACCESSIBLE', 'INDIRECT_DESC', 'VERSION_1'],
      address: 2 ** 32,
      node: 3,
    });
    expect(open().memory.node).toBeUndefined();
  });

  it('gives all of it back at once when nothing is wanted', async () => {
    const { host, machine, memory } = open({ requestedSize: 3 * BLOCK });
    await run(memory.settled());
    host.wish(0);
    await runTurns(3);
    await run(memory.settled());
    expect([host.requests, host.plugged.size, machine.violations]).toEqual([['plug 0+3', 'unplug-all'], 0, []]);
  });

  it('is asked for 64 blocks at a time, around those that are there', async () => {
    const { host, machine, memory, plugged } = open({ regionSize: 200 * BLOCK, requestedSize: 100 * BLOCK });
    await run(memory.settled());
    plugged.use(at(99), true);
    plugged.use(at(1), true);
    host.wish(0);
    await runTurns(3);
    await run(memory.settled());
    host.wish(5 * BLOCK);
    await runTurns(3);
    await run(memory.settled());
    expect(host.requests).toEqual([
      'plug 0+64',
      'plug 64+36',
      'unplug 35+64',
      'unplug 2+33',
      'unplug 0+1',
      'plug 0+1',
      'plug 2+2',
    ]);
    expect(machine.violations).toEqual([]);
  });

  it('keeps blocks that are in use, and unplugs them when they are not', async () => {
    const { host, machine, memory, plugged } = open({ requestedSize: 4 * BLOCK });
    await run(memory.settled());
    plugged.use(at(3), true);
    plugged.use(at(1), true);
    host.wish(0);
    await runTurns(3);
    await run(memory.settled());
    expect([...host.plugged]).toEqual([1, 3]);
    plugged.use(at(1), false);
    plugged.use(at(3), false);
    await run(sleep(1500));
    expect([host.plugged.size, machine.violations]).toEqual([0, []]);
  });

  it('tells the state of its blocks', async () => {
    const { memory } = open({ requestedSize: 2 * BLOCK });
    await run(memory.settled());
    const states = await run(Promise.all([memory.stateOf(0, 2), memory.stateOf(2, 30), memory.stateOf(1, 2)]));
    expect(states).toEqual(['plugged', 'unplugged', 'mixed']);
  });

  it.each([
    [-1, 1],
    [0, 0],
    [0.5, 1],
    [0, 33],
    [32, 1],
  ])('is not asked for the state of blocks %d + %d', async (first, count) => {
    const { host, memory } = open();
    expect(await kindOf(memory.stateOf(first, count))).toBe('out-of-range');
    expect(host.requests).toEqual([]);
  });

  it('is left alone where nobody follows the host', async () => {
    const { host, memory } = open({ requestedSize: BLOCK }, { follows: false });
    await run(memory.settled());
    expect([memory.isFollowing, host.requests]).toEqual([false, []]);
    memory.follow(true);
    await run(memory.settled());
    expect(host.plugged.size).toBe(1);
  });

  it('tells who listens of each change, until he ends that', async () => {
    const { host, memory } = open();
    const told: string[] = [];
    const end = memory.onChange(({ sizeBytes, wishBytes }) =>
      told.push(`${sizeBytes / BLOCK} of ${wishBytes / BLOCK}`),
    );
    host.wish(2 * BLOCK);
    await run(memory.settled());
    end();
    host.wish(0);
    await run(memory.settled());
    expect(told.at(-1)).toBe('2 of 2');
  });

  it('unplugs what nobody knows, before it plugs anything', async () => {
    const { host, machine, memory } = open({ pluggedBlocks: [3, 4], requestedSize: BLOCK });
    host.answer = (request) => (request === 'unplug-all' && host.requests.length === 1 ? { type: 2 } : {});
    await run(memory.settled());
    expect(host.requests).toEqual(['unplug-all']);
    await run(sleep(1500));
    expect([host.requests.slice(1), machine.violations]).toEqual([['unplug-all', 'plug 0+1'], []]);
  });

  it('knows what is in use when it is opened again', async () => {
    const { host, live, machine, memory, plugged, pool, free } = open({ requestedSize: 3 * BLOCK });
    await run(memory.settled());
    plugged.use(at(1), true);
    await run(memory.close());
    expect([[...host.plugged], dmaFreeBytes(pool)]).toEqual([[1], free]);
    const again = newLive(live.transport, live.interrupts, pool, 100);
    opened.push(again);
    const memoryAgain = startMemory(again);
    await run(memoryAgain.settled());
    expect([...host.plugged].sort()).toEqual([0, 1, 2]);
    expect(host.requests.slice(1)).toEqual(['unplug 2+1', 'unplug 0+1', 'plug 0+1', 'plug 2+1']);
    expect(machine.violations).toEqual([]);
  });
});

describe('a memory device that will not', () => {
  it.each([
    ['is busy', 2],
    ['says no', 1],
  ])('and %s is asked again a second later', async (_, type) => {
    const { host, machine, memory } = open({ requestedSize: BLOCK });
    host.answer = () => ({ type });
    await run(memory.settled());
    expect(host.plugged.size).toBe(0);
    host.answer = () => ({});
    await run(sleep(1500));
    expect([host.plugged.size, host.requests]).toEqual([1, ['plug 0+1', 'plug 0+1']]);
    host.answer = () => ({ type });
    host.wish(0);
    await runTurns(3);
    await run(memory.settled());
    expect(memory.statistics().sizeBytes).toBe(BLOCK);
    host.answer = () => ({});
    await run(sleep(1500));
    expect([memory.statistics().sizeBytes, machine.violations]).toEqual([0, []]);
  });

  it('loses nothing when an answer is lost with a reset', async () => {
    const { host, machine, memory, plugged } = open({ requestedSize: 2 * BLOCK });
    host.answer = () => ({ delay: NEVER, isDone: true });
    await run(sleep(50));
    host.answer = () => ({});
    await run(sleep(200));
    expect([host.plugged.size, plugged.blocks.size]).toEqual([2, 2]);
    expect(host.requests).toEqual(['plug 0+2', 'state 0+1', 'state 1+1']);
    host.answer = () => ({ delay: NEVER });
    host.wish(0);
    await run(sleep(50));
    host.answer = () => ({});
    await run(sleep(200));
    expect([memory.statistics().sizeBytes, host.plugged.size, plugged.blocks.size]).toEqual([0, 0, 0]);
    expect(machine.violations).toEqual([]);
  });

  it('has no memory where it says so: that is unplugged, and not used', async () => {
    const { host, machine, memory, plugged } = open({ requestedSize: 3 * BLOCK });
    plugged.roomLeft = 1;
    await run(memory.settled());
    expect([[...host.plugged], plugged.blocks.size, machine.violations]).toEqual([[0], 1, []]);
  });
});

describe('a memory device that fails', () => {
  it.each([
    ['says that a request was wrong', { type: 3 }],
    ['answers what there is not', { type: 4 }],
    ['answers without a byte', { usedLength: 0 }],
    ['answers with more than was asked for (W24)', { usedLength: 11 }],
    ['returns a head that it does not have (W16)', { usedHead: 5 }],
    ['returns a head that there is not (W16)', { usedHead: 60_000 }],
  ])('and %s is given up', async (_, answer) => {
    const { free, host, machine, memory, pool } = open({ requestedSize: BLOCK }, { follows: false });
    host.answer = () => answer;
    memory.follow(true);
    expect(await kindOf(memory.settled())).toBe('wrong-answer');
    expect(await kindOf(memory.settled())).toBe('device-failed');
    expect(() => memory.follow(false)).toThrow('given up');
    expect([dmaFreeBytes(pool), machine.violations]).toEqual([free, []]);
    await run(memory.close());
  });

  it('and says that it has plugged, and shows that it has not, is given up', async () => {
    const { host, memory, plugged } = open({ requestedSize: BLOCK });
    host.answer = () => ({ isLie: true });
    plugged.isMemory = () => true;
    expect(await kindOf(memory.settled())).toBe('wrong-answer');
  });

  it.each([
    ['a state that there is not', { state: 3 }],
    ['no state', { type: 1 }],
  ])('and tells %s is given up', async (_, answer) => {
    const { host, memory } = open();
    host.answer = () => answer;
    expect(await kindOf(memory.stateOf(0, 1))).toBe('wrong-answer');
  });

  it.each([
    ['more plugged than there is', 'pluggedSize', 2 * BLOCK],
    ['a block that has grown', 'blockSize', 2 * BLOCK],
    ['a region that has moved', 'address', 2 ** 33],
    ['a wish that is no number of blocks', 'requestedSize', MIB],
    ['a wish that is larger than the region', 'requestedSize', 100 * BLOCK],
    ['a size beyond 2^53', 'requestedSize', 2 ** 60],
  ] as const)('and shows %s is given up', async (_, field, value) => {
    const { host, machine, memory } = open();
    await run(memory.settled());
    host.set(field, value);
    host.device.interrupts.config();
    await runTurns(3);
    expect([await kindOf(memory.settled()), machine.violations]).toEqual(['device-failed', []]);
  });

  it.each([
    ['a block of 3 MiB', { blockSize: 3 * MIB, regionSize: 96 * MIB, address: 3 * 2 ** 31 }, 'no power of two'],
    ['a block of 64 KiB', { blockSize: 65_536 }, 'less than 262144'],
    ['a block of nothing', { blockSize: 0 }, 'cannot be'],
    ['a region of too many blocks', { regionSize: 2 ** 21 * BLOCK }, 'cannot be'],
    ['a region in other memory', { address: 64 * MIB }, 'in other memory'],
    ['no queue', { queueSizes: [] }, 'queue'],
  ])('and has %s does not come up', (_, options, message) => {
    expect(() => open(options)).toThrow(message);
  });

  it('and has too short a configuration does not come up', () => {
    const { device, pciFunction, pool } = made({});
    device.pciFunction.config.setUint32(0x60 + 12, 48, true); // The length in the third capability, DEVICE_CFG.
    const transport = openedPci(pciFunction);
    const live = newLive(transport, interruptsOf({ device, pciFunction, transport }), pool, 100);
    expect(() => startMemory(live)).toThrow('configuration');
  });

  it('or is taken out of the machine takes with it what nobody uses', async () => {
    const { live, memory, plugged } = open({ requestedSize: 3 * BLOCK });
    await run(memory.settled());
    plugged.use(at(1), true);
    const waiting = kindOf(memory.settled());
    removeLive(live);
    expect(await waiting).toBe('removed');
    expect([...plugged.blocks.keys()]).toEqual([at(1)]);
    expect(await kindOf(memory.stateOf(0, 1))).toBe('removed');
  });

  it('and is taken out behind an answer leaves no block that was plugged by it', async () => {
    for (let turns = 0; turns < 6; turns++) {
      const { live, plugged } = open({ requestedSize: BLOCK });
      await runTurns(turns);
      runTurn();
      removeLive(live); // What waits for the answer runs behind this.
      await run(Promise.resolve());
      expect([turns, plugged.blocks.size]).toEqual([turns, 0]);
    }
  });

  it('and needs a reset gets it', async () => {
    const { device, host, machine, memory } = open({ requestedSize: BLOCK });
    await run(memory.settled());
    device.status |= 64;
    device.interrupts.config();
    await runTurns(5);
    host.wish(2 * BLOCK);
    await run(sleep(10));
    await run(memory.settled());
    expect([host.plugged.size, machine.violations]).toEqual([2, []]);
  });

  it('or is silent while it is closed leaves everything as it is known', async () => {
    const { host, memory, plugged, pool, free } = open({ requestedSize: BLOCK });
    await run(memory.settled());
    host.answer = () => ({ delay: 50 * MS, type: 2 });
    await run(memory.close());
    expect([host.plugged.size, plugged.blocks.size, dmaFreeBytes(pool)]).toEqual([1, 1, free]);
  });

  it('or never answers again is given up, after a limited number of resets', async () => {
    const { host, memory, live, pool, free } = open({ requestedSize: BLOCK });
    await run(memory.settled());
    host.answer = () => ({ delay: NEVER, type: 0 });
    await run(Promise.allSettled([memory.close()]));
    await runTurns(3);
    expect([live.state, dmaFreeBytes(pool)]).toEqual(['failed', free]);
  });
});
