import { describe, expect, it } from 'vitest';
import { openGpuDevice } from '../../../../drivers/gpu/driver.ts';
import { closeLive, removeLive } from '../../../../drivers/virtio/live.ts';
import { shiftAddresses } from '../../../../drivers/virtio/transport/record.ts';
import { Canvas } from '../../../../kernel/device/canvas.ts';
import { fillRectangle } from '../../../../kernel/draw/rectangles.ts';
import { dmaAllocate, dmaFree, dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { simEdid } from '../../../sim/virtio/gpu.ts';
import { kindOf, run, runTurns } from '../virtio/live-harness.ts';
import { MODERN } from '../virtio/transport/harness.ts';
import { BLUE, coloursOf, MS, NEVER, open, RED, ready, showColour } from './harness.ts';

const CREATE = 0x101;
const UNREF = 0x102;
const FLUSH = 0x104;
const TRANSFER = 0x105;
const ATTACH = 0x106;
const DISPLAY_INFO = 0x100;
const EDID = 0x10a;
const CURSOR = 0x300;

describe('a GPU', () => {
  it.each(MODERN)('shows what is drawn, over %s', async (transport) => {
    const { gpu, host, machine } = await open({ transport });
    const surface = await showColour(gpu, 64, 32, RED);
    fillRectangle(surface.canvas, 10, 5, 20, 4, BLUE);
    expect(coloursOf(host.picture(0))).toEqual({ ff0000: 2048 });
    await run(surface.flush());
    expect(coloursOf(host.picture(0))).toEqual({ ff0000: 2048 - 80, ff: 80 });
    expect(machine.violations).toEqual([]);
  });

  it('shows what is drawn through an IOMMU', async () => {
    const shift = 2 ** 32;
    const all = ready({ features: [32, 33], translate: (address) => address - shift });
    shiftAddresses(all.transport, shift);
    await showColour(await run(openGpuDevice(all.live)), 64, 32, RED);
    expect(coloursOf(all.host.picture(0))).toEqual({ ff0000: 2048 });
    expect(all.machine.violations).toEqual([]);
  });

  it('says what it is', async () => {
    const { gpu } = await open({ features: [1, 28, 29, 32] });
    expect(gpu).toMatchObject({
      name: '0000:00:02.0 virtio-gpu',
      featureNames: ['EDID', 'INDIRECT_DESC', 'EVENT_IDX', 'VERSION_1'],
      scanouts: [{ isEnabled: true, width: 640, height: 480, monitor: undefined }],
    });
  });

  it('is asked for nothing that only 3D has, and for no blobs', async () => {
    const { device, gpu } = await open({ features: [0, 1, 2, 3, 4, 5, 32] });
    expect(gpu.featureNames).toEqual(['EDID', 'VERSION_1']);
    expect(device.driverFeatures[0]).toBe(2);
  });

  it('is told what a part of a surface shows, and only that', async () => {
    const { gpu, host, machine } = await open();
    const surface = await showColour(gpu, 40, 40, RED);
    fillRectangle(surface.canvas, 0, 0, 40, 40, BLUE);
    host.transferred = 0;
    await run(surface.flush({ x: 3, y: 7, width: 5, height: 2 }));
    expect([host.transferred, host.flushed.at(-1)]).toEqual([10, { x: 3, y: 7, width: 5, height: 2 }]);
    const picture = host.picture(0)!;
    expect(picture[7]!.slice(2, 9)).toEqual([RED, BLUE, BLUE, BLUE, BLUE, BLUE, RED]);
    expect(coloursOf(picture)).toEqual({ ff0000: 1590, ff: 10 });
    expect(machine.violations).toEqual([]);
  });

  it('is told of both halves of a flush with one notification', async () => {
    const { device, gpu } = await open();
    const surface = await showColour(gpu, 16, 16, RED);
    const before = device.notifications;
    await run(surface.flush());
    expect(device.notifications - before).toBe(1);
  });

  it('waits for the fence of a flush', async () => {
    const { gpu, host } = await open();
    const surface = await showColour(gpu, 16, 16, RED);
    host.lie = (type) => (type === FLUSH ? { delay: 5 * MS } : undefined);
    let isDone = false;
    const flushed = surface.flush().then(() => {
      isDone = true;
    });
    await runTurns(1);
    expect([isDone, host.flushed.length]).toEqual([false, 1]);
    await run(flushed);
    expect(host.flushed.length).toBe(2);
  });

  it('has surfaces in pieces where the memory is in pieces', async () => {
    const { gpu, host, machine, pool } = await open();
    const blocks: number[] = [];
    for (let block = dmaAllocate(pool, 16_384, 64); block !== 0xffffffff; block = dmaAllocate(pool, 16_384, 64)) {
      blocks.push(block);
    }
    for (const [i, block] of blocks.entries()) if (i % 3 !== 0) dmaFree(pool, block, 16_384);
    const surface = await run(gpu.createSurface(200, 150));
    for (let y = 0; y < 150; y++) fillRectangle(surface.canvas, 0, y, 200, 1, y + 1);
    await run(gpu.show(0, surface));
    await run(surface.flush());
    const [resource] = host.resources.values();
    expect(resource!.backing.length).toBe(4);
    expect(host.picture(0)).toEqual(Array.from({ length: 150 }, (_, y) => Array.from({ length: 200 }, () => y + 1)));
    await run(surface.flush({ x: 11, y: 30, width: 100, height: 100 }));
    const before = dmaFreeBytes(pool);
    await run(surface.release());
    expect(dmaFreeBytes(pool) - before).toBe(200 * 150 * 4);
    expect(machine.violations).toEqual([]);
  });

  it('shows parts of one surface on several scanouts', async () => {
    const { gpu, host } = await open({
      displays: [
        { width: 640, height: 480 },
        { width: 800, height: 600, x: 640 },
      ],
    });
    expect(gpu.scanouts.map(({ x, width }) => [x, width])).toEqual([
      [0, 640],
      [640, 800],
    ]);
    const surface = await showColour(gpu, 64, 64, RED);
    fillRectangle(surface.canvas, 32, 32, 32, 32, BLUE);
    await run(gpu.show(1, surface, { x: 32, y: 16, width: 32, height: 32 }));
    await run(surface.flush());
    expect(coloursOf(host.picture(0))).toEqual({ ff0000: 3072, ff: 1024 });
    expect(coloursOf(host.picture(1))).toEqual({ ff0000: 512, ff: 512 });
    await run(gpu.show(0, undefined));
    expect([host.picture(0), host.picture(1)!.length]).toEqual([undefined, 32]);
  });

  it('lets go of a surface that is shown, and of its memory', async () => {
    const { gpu, host, machine, pool } = await open();
    const free = dmaFreeBytes(pool);
    const surface = await showColour(gpu, 64, 64, RED);
    await run(gpu.setCursor(0, surface, { x: 1, y: 1 }));
    const both = run(Promise.all([surface.release(), surface.release()]));
    expect(await kindOf(surface.flush())).toBe('invalid-argument');
    await both;
    expect([host.resources.size, host.shown[0], host.cursors[0], dmaFreeBytes(pool)]).toEqual([
      0,
      undefined,
      undefined,
      free,
    ]);
    expect([surface.canvas.width, machine.violations]).toEqual([0, []]);
    fillRectangle(surface.canvas, 0, 0, 64, 64, BLUE);
    expect(await kindOf(gpu.show(0, surface))).toBe('invalid-argument');
  });

  it('makes many surfaces one after the other', async () => {
    const { gpu, host, free, live, pool } = await open();
    for (let i = 0; i < 300; i++) await run((await run(gpu.createSurface(100, 100))).release());
    expect(host.resources.size).toBe(0);
    closeLive(live);
    expect(dmaFreeBytes(pool)).toBe(free);
  });
});

describe('a cursor', () => {
  it('is shown where it points, moved, and taken away', async () => {
    const { gpu, host, machine } = await open();
    const surface = await run(gpu.createSurface(64, 64, { hasAlpha: true }));
    fillRectangle(surface.canvas, 0, 0, 64, 64, 0xff00ff00);
    await run(gpu.setCursor(0, surface, { x: 100, y: 50, hotX: 3, hotY: 4 }));
    const [id, resource] = [...host.resources][0]!;
    expect(host.cursors[0]).toEqual({ x: 100, y: 50, resource: id, hotX: 3, hotY: 4 });
    expect([resource.format, resource.pixels[0]]).toEqual([1, 0xff00ff00]);
    await run(gpu.moveCursor(0, 7, 8));
    expect(host.cursors[0]).toMatchObject({ x: 7, y: 8, hotX: 3 });
    await run(gpu.setCursor(0, undefined, { x: 0, y: 0 }));
    expect(host.cursors[0]).toBeUndefined();
    expect(await kindOf(gpu.moveCursor(0, 1, 1))).toBe('invalid-argument');
    expect(machine.violations).toEqual([]);
  });

  it('may be another one later, and the same one again (W21)', async () => {
    const { gpu, host, machine } = await open();
    const [first, second] = await run(Promise.all([gpu.createSurface(64, 64), gpu.createSurface(64, 64)]));
    for (const surface of [first!, second!, first!]) await run(gpu.setCursor(0, surface, { x: 1, y: 1 }));
    expect([host.resources.size, machine.violations]).toEqual([2, []]);
  });

  it('is refused before anything reaches the device', async () => {
    const { gpu, host } = await open();
    const [small, right] = await run(Promise.all([gpu.createSurface(32, 64), gpu.createSurface(64, 64)]));
    const asked = host.requests.length;
    expect(await kindOf(gpu.setCursor(0, small, { x: 0, y: 0 }))).toBe('invalid-argument');
    expect(await kindOf(gpu.setCursor(1, right, { x: 0, y: 0 }))).toBe('out-of-range');
    expect(await kindOf(gpu.setCursor(0, right, { x: -1, y: 0 }))).toBe('out-of-range');
    expect(await kindOf(gpu.setCursor(0, right, { x: 0, y: 0, hotX: 64 }))).toBe('out-of-range');
    expect(await kindOf(gpu.moveCursor(0, 2 ** 32, 0))).toBe('out-of-range');
    expect(host.requests.length).toBe(asked);
  });
});

describe('bad use of a GPU', () => {
  it.each([
    [0, 1],
    [1, -1],
    [1.5, 1],
    [Number.NaN, 1],
    [16_385, 1],
    [65_536, 65_536],
  ])('as a surface of %d × %d is refused (W21)', async (width, height) => {
    const { gpu, host } = await open();
    const asked = host.requests.length;
    expect(await kindOf(gpu.createSurface(width, height))).toBe('invalid-argument');
    expect(host.requests.length).toBe(asked);
  });

  it('as a surface for which there is no memory is refused', async () => {
    const { gpu, host, pool } = await open();
    for (let i = 0; i < 3; i++) dmaAllocate(pool, 4096, 524_288); // No piece is longer than half a MiB.
    const free = dmaFreeBytes(pool);
    expect(await kindOf(gpu.createSurface(16_384, 16_384))).toBe('no-memory');
    expect(await kindOf(gpu.createSurface(730, 730))).toBe('no-memory');
    expect([dmaFreeBytes(pool), host.requests.includes(CREATE)]).toEqual([free, false]);
  });

  it.each([
    { x: 0, y: 0, width: 17, height: 1 },
    { x: 16, y: 0, width: 1, height: 1 },
    { x: 1, y: 15, width: 1, height: 2 },
    { x: -1, y: 0, width: 2, height: 2 },
    { x: 0, y: 0, width: 0, height: 1 },
    { x: 0.5, y: 0, width: 1, height: 1 },
    { x: 2 ** 32 - 1, y: 0, width: 2, height: 1 },
  ])('as an area of %o is refused', async (area) => {
    const { gpu, host } = await open();
    const surface = await showColour(gpu, 16, 16, RED);
    const asked = host.requests.length;
    expect(await kindOf(surface.flush(area))).toBe('out-of-range');
    expect(await kindOf(gpu.show(0, surface, area))).toBe('out-of-range');
    expect(host.requests.length).toBe(asked);
  });

  it('with a scanout that is not there, or with the surface of another device, is refused', async () => {
    const { gpu } = await open();
    const surface = await showColour(gpu, 16, 16, RED);
    expect(await kindOf(gpu.show(1, surface))).toBe('out-of-range');
    const other = { ...surface, canvas: new Canvas() };
    expect(await kindOf(gpu.show(0, other))).toBe('invalid-argument');
  });

  it('after close is refused, and what is drawn reaches nobody', async () => {
    const { device, gpu, host, free, pool } = await open();
    const surface = await showColour(gpu, 16, 16, RED);
    await run(gpu.close());
    expect([dmaFreeBytes(pool), device.status & ~0x80, surface.canvas.width]).toEqual([free, 0, 0]);
    const asked = host.requests.length;
    for (const use of [
      () => surface.flush(),
      () => gpu.createSurface(16, 16),
      () => gpu.show(0, undefined),
      () => gpu.setCursor(0, undefined, { x: 0, y: 0 }),
    ])
      expect(await kindOf(use())).toBe('closed');
    await run(surface.release());
    expect(host.requests.length).toBe(asked);
  });
});

describe('the screens of the host', () => {
  it('have monitors with names and the resolution that they like', async () => {
    const edid = simEdid('Hedyn One', 1920, 1080);
    const { gpu } = await open({ displays: [{ width: 1024, height: 768, edid }] });
    expect(gpu.scanouts[0]!.monitor).toEqual({
      manufacturer: 'RHT',
      productCode: 0x1234,
      name: 'Hedyn One',
      serialNumber: `${0x12345678}`,
      widthMm: 300,
      heightMm: 200,
      preferred: { width: 1920, height: 1080 },
    });
  });

  it('are not asked for monitors without EDID', async () => {
    const { host } = await open({ features: [32], displays: [{ width: 64, height: 64, edid: simEdid('x', 64, 64) }] });
    expect(host.requests).toEqual([DISPLAY_INFO]);
  });

  it.each([
    ['is cut', (edid: Uint8Array) => ({ edid: edid.subarray(0, 100) })],
    ['is longer than there is room', (edid: Uint8Array) => ({ edid, edidSize: 1025 })],
    ['has a size that no bytes have', (edid: Uint8Array) => ({ edid, edidSize: 2 ** 32 - 1 })],
    ['is empty', () => ({ edid: new Uint8Array(0) })],
  ])('have no monitor when its EDID %s', async (_, lie) => {
    const { gpu } = await open({ displays: [{ width: 64, height: 64, ...lie(simEdid('x', 64, 64)) }] });
    expect(gpu.scanouts[0]).toMatchObject({ isEnabled: true, width: 64, monitor: undefined });
  });

  it('change, and whoever listens hears of it', async () => {
    const { gpu, host, machine } = await open();
    const heard: string[] = [];
    const end = gpu.onDisplayChange((scanouts) => heard.push(scanouts.map(({ width }) => width).join()));
    host.change([{ width: 1024, height: 768 }]);
    await runTurns(6);
    expect([heard, host.hasEvent, gpu.scanouts[0]!.width]).toEqual([['1024'], false, 1024]);
    end();
    host.change([{ width: 800, height: 600 }]);
    await runTurns(6);
    expect([heard, gpu.scanouts[0]!.width, machine.violations]).toEqual([['1024'], 800, []]);
  });

  it('that change while they are read are read again', async () => {
    const { gpu, host } = await open();
    host.lie = () => ({ delay: 2 * MS });
    host.change([{ width: 100, height: 100 }]);
    await runTurns(1);
    host.change([{ width: 200, height: 100 }]);
    await runTurns(1);
    host.change([{ width: 300, height: 100 }]);
    await runTurns(20);
    expect(gpu.scanouts[0]!.width).toBe(300);
    expect(host.requests.filter((type) => type === DISPLAY_INFO).length).toBe(3);
  });

  it('that cannot be are as if nobody looked at them', async () => {
    const { gpu } = await open({
      displays: [
        { width: 0, height: 480 },
        { width: 2 ** 32 - 1, height: 480 },
        { width: 640, height: 480, enabled: false },
      ],
    });
    expect(gpu.scanouts.map(({ isEnabled, width }) => [isEnabled, width])).toEqual([
      [false, 0],
      [false, 0],
      [false, 0],
    ]);
  });
});

describe('a GPU that fails', () => {
  it.each([0, 17, 255])('and has %d scanouts does not come up', async (numScanouts) => {
    const { live, pool, free } = ready({ numScanouts });
    await expect(run(openGpuDevice(live))).rejects.toThrow(`num_scanouts reads ${numScanouts}, expected 1 to 16`);
    expect(dmaFreeBytes(pool)).toBe(free);
  });

  it('and has no configuration does not come up', async () => {
    const { live } = ready({ config: new Uint8Array(8) });
    expect(await kindOf(openGpuDevice(live))).toBe('device-failed');
  });

  it.each([
    ['no type', { type: 0 }, 'wrong-answer'],
    ['another type', { type: 0x1101 }, 'wrong-answer'],
    ['the type of a request', { type: FLUSH }, 'wrong-answer'],
    ['an error that there is not', { type: 0x1206 }, 'wrong-answer'],
    ['half a header', { length: 12 }, 'wrong-answer'],
    ['nothing', { length: 0 }, 'wrong-answer'],
    ['no fence', { flags: 0 }, 'wrong-answer'],
    ['another fence', { fence: 77 }, 'wrong-answer'],
    ['more than there was room for (W24)', { usedLength: 2000 }, 'wrong-answer'],
    ['a head that it does not have (W16)', { usedHead: 63 }, 'wrong-answer'],
    ['a head that there is not (W16)', { usedHead: 60_000 }, 'wrong-answer'],
  ])('and answers a flush with %s is given up', async (_, lie, kind) => {
    const { gpu, host, pool, free, machine } = await open();
    const surface = await showColour(gpu, 16, 16, RED);
    host.lie = (type) => (type === FLUSH ? lie : undefined);
    expect(await kindOf(surface.flush())).toBe(kind);
    expect(await kindOf(gpu.createSurface(16, 16))).toBe('device-failed');
    expect([dmaFreeBytes(pool), surface.canvas.width, machine.violations]).toEqual([free, 0, []]);
  });

  it('and answers twice is given up', async () => {
    const { gpu, host, pool, free } = await open();
    const surface = await showColour(gpu, 16, 16, RED);
    host.lie = (type) => (type === TRANSFER ? { times: 2 } : undefined);
    expect(await kindOf(surface.flush())).toBe('wrong-answer');
    expect(dmaFreeBytes(pool)).toBe(free);
  });

  it.each([
    ['a part of its screens', { length: 400 }],
    ['no screens', { type: 0x1100 }],
  ])('and answers with %s does not come up', async (_, lie) => {
    const { host, live, pool, free } = ready();
    host.lie = () => lie;
    expect(await kindOf(openGpuDevice(live))).toBe('wrong-answer');
    expect(dmaFreeBytes(pool)).toBe(free);
  });

  it('and refuses to say what its screens are does not come up', async () => {
    const { host, live, pool, free } = ready();
    host.lie = () => ({ type: 0x1200 });
    expect(await kindOf(openGpuDevice(live))).toBe('io-error');
    expect(dmaFreeBytes(pool)).toBe(free);
  });

  it.each([
    ['it', CREATE],
    ['its memory', ATTACH],
  ])('to make a surface, and refuses %s, leaves nothing behind', async (_, refused) => {
    const { gpu, host, machine, pool } = await open();
    const free = dmaFreeBytes(pool);
    host.lie = (type) => (type === refused ? { type: 0x1201 } : undefined);
    await expect(run(gpu.createSurface(16, 16))).rejects.toThrow('ERR_OUT_OF_MEMORY');
    expect(dmaFreeBytes(pool)).toBe(free);
    host.lie = () => undefined;
    await showColour(gpu, 16, 16, RED);
    expect([coloursOf(host.picture(0)), machine.violations]).toEqual([{ ff0000: 256 }, []]);
  });

  it('and does not let go of a surface keeps its memory', async () => {
    const { gpu, host, pool } = await open();
    const surface = await run(gpu.createSurface(16, 16));
    const free = dmaFreeBytes(pool);
    host.lie = (type) => (type === UNREF ? { type: 0x1200 } : undefined);
    expect(await kindOf(surface.release())).toBe('io-error');
    expect(dmaFreeBytes(pool)).toBe(free);
  });

  it('and is silent is reset, and shows what it showed before', async () => {
    const { gpu, host, machine } = await open({
      displays: [
        { width: 64, height: 64 },
        { width: 64, height: 64 },
      ],
    });
    const surface = await showColour(gpu, 64, 64, RED);
    const part = { x: 16, y: 0, width: 32, height: 32 };
    await run(gpu.show(1, surface, part));
    await run(gpu.setCursor(0, surface, { x: 5, y: 6, hotX: 1 }));
    fillRectangle(surface.canvas, 0, 0, 64, 64, BLUE);
    host.lie = (type) => (type === FLUSH ? { delay: NEVER } : undefined);
    const lost = kindOf(surface.flush());
    await runTurns(1);
    host.lie = () => undefined;
    expect(await lost).toBe('timeout');
    await runTurns(10);
    expect(coloursOf(host.picture(0))).toEqual({ ff: 4096 });
    expect(host.shown[1]).toMatchObject(part);
    expect(host.cursors[0]).toMatchObject({ x: 5, y: 6, hotX: 1 });
    await run(surface.flush());
    expect(machine.violations).toEqual([]);
  });

  it('and is silent while a surface is made or released leaves nothing of it behind', async () => {
    const { gpu, host, machine, pool } = await open();
    const free = dmaFreeBytes(pool);
    for (const silent of [CREATE, ATTACH, UNREF]) {
      host.lie = (type) => (type === silent ? { delay: NEVER } : undefined);
      const made = gpu.createSurface(16, 16).then((surface) => surface.release());
      expect(await kindOf(made)).toBe(silent === UNREF ? 'fulfilled' : 'timeout');
      expect(dmaFreeBytes(pool)).toBe(free);
    }
    expect([host.resources.size, machine.violations]).toEqual([0, []]);
  });

  it('and needs a reset gets it', async () => {
    const { device, gpu, host } = await open();
    const surface = await showColour(gpu, 16, 16, RED);
    host.lie = () => ({ delay: NEVER });
    const lost = kindOf(surface.flush());
    await runTurns(1);
    host.lie = () => undefined;
    device.status |= 64;
    device.interrupts.config();
    expect(await lost).toBe('device-reset');
    await runTurns(5);
    expect(coloursOf(host.picture(0))).toEqual({ ff0000: 256 });
  });

  it('and keeps a cursor is reset, too', async () => {
    const { gpu, host } = await open();
    const surface = await run(gpu.createSurface(64, 64));
    host.lie = (type) => (type === CURSOR ? { delay: NEVER } : undefined);
    expect(await kindOf(gpu.setCursor(0, surface, { x: 1, y: 2 }))).toBe('timeout');
  });

  it('or is removed rejects what it has, and gives its memory back', async () => {
    const { gpu, host, free, live, pool } = await open();
    const surface = await showColour(gpu, 16, 16, RED);
    host.lie = () => ({ delay: NEVER });
    const lost = surface.flush();
    const made = gpu.createSurface(16, 16);
    await runTurns(1);
    removeLive(live);
    const kinds = await Promise.all([kindOf(lost), kindOf(made), kindOf(gpu.show(0, surface))]);
    expect(kinds).toEqual(['removed', 'removed', 'removed']);
    expect([dmaFreeBytes(pool), surface.canvas.height]).toEqual([free, 0]);
  });

  it('and refuses EDID has screens without monitors', async () => {
    const { gpu, host } = await open({ displays: [{ width: 64, height: 64 }] });
    expect([gpu.scanouts[0]!.monitor, host.requests]).toEqual([undefined, [DISPLAY_INFO, EDID]]);
  });
});
