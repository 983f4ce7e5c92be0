import { createCipheriv } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { startCrypto } from '../../../../drivers/crypto/driver.ts';
import { closeLive, type Live, newLive, removeLive } from '../../../../drivers/virtio/live.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { AES_IV, AES_PLAINTEXT, AES_VECTORS } from '../../../aes-vectors.ts';
import { sameBytes } from '../../../sim/setup.ts';
import { SimCryptoDevice, type SimCryptoOptions } from '../../../sim/virtio/crypto.ts';
import { interruptsOf, kindOf, run, runTurns } from '../virtio/live-harness.ts';
import { openedDevice } from '../virtio/transport/harness.ts';

const MS = 1_000_000;
const NEVER = Number.POSITIVE_INFINITY;

/** Offset of max_dataqueues. */
const MAX_DATA_QUEUES = 4;

const opened: Live[] = [];

afterEach(() => {
  for (const live of opened.splice(0)) closeLive(live);
});

const open = (options: SimCryptoOptions & { isPolled?: boolean } = {}) => {
  const { made: sim, ...all } = openedDevice((machine) => new SimCryptoDevice(machine, options));
  if (options.isPolled) all.machine.interrupts.available = 0;
  const free = dmaFreeBytes(all.pool);
  const live = newLive(all.transport, interruptsOf(all), all.pool, 100);
  const crypto = startCrypto(live);
  opened.push(live);
  return { ...all, sim, crypto, live, free };
};

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const hexOf = (data: Uint8Array): string => Buffer.from(data).toString('hex');

const IV = bytes(AES_IV);
const KEY = bytes(AES_VECTORS[0]!.key);
const DATA = bytes(AES_PLAINTEXT);

/** Opens a device that has a key. */
const openKey = async (options: SimCryptoOptions & { isPolled?: boolean } = {}) => {
  const all = open(options);
  return { ...all, aes: await run(all.crypto.aesCbc(KEY)) };
};

describe('a crypto device', () => {
  it('says what it is, and what it offers', () => {
    const { crypto } = open({ services: 0x4f, ciphers: 0x8000_000c, keyLengthMax: 32 });
    expect(crypto).toMatchObject({
      name: '0000:00:02.0 virtio-crypto',
      featureNames: ['VERSION_1'],
      services: ['CIPHER', 'HASH', 'MAC', 'AEAD'],
      ciphers: ['AES_ECB', 'AES_CBC'],
      keyLengthMax: 32,
    });
  });

  it.each([
    ['pci', {}],
    ['mmio', {}],
    ['mmio-legacy', {}],
    ['pci', { vectors: 3 }],
    ['pci', { isPolled: true }],
    ['pci', { features: [28, 29, 32, 34, 35] }],
    ['pci', { dataQueueCount: 5 }],
  ] as const)('ciphers as NIST says, over %s, %j', async (transport, options) => {
    const { crypto, sim, machine } = open({ transport, ...options });
    for (const { key, ciphertext } of AES_VECTORS) {
      const aes = await run(crypto.aesCbc(bytes(key)));
      expect(hexOf(await run(aes.encrypt(IV, DATA)))).toBe(ciphertext);
      expect(hexOf(await run(aes.decrypt(IV, bytes(ciphertext))))).toBe(AES_PLAINTEXT);
      await run(aes.close());
    }
    expect([sim.sessions.size, machine.violations]).toEqual([0, []]);
  });

  it('ciphers what is longer in pieces, as if it were one', async () => {
    const { aes, sim, machine } = await openKey();
    const data = Uint8Array.from({ length: 50_000 }, (_, i) => i % 251);
    const cipher = createCipheriv('aes-128-cbc', KEY, IV).setAutoPadding(false);
    const expected = Buffer.concat([cipher.update(data), cipher.final()]);
    const encrypted = await run(aes.encrypt(IV, data));
    expect(sameBytes(encrypted, expected)).toBe(true);
    expect(sameBytes(await run(aes.decrypt(IV, encrypted)), data)).toBe(true);
    expect(sim.asked.slice(2)).toEqual(
      ['encrypt', 'decrypt'].flatMap((each) => [16384, 16384, 16384, 848].map((n) => `${each} ${n}`)),
    );
    expect(machine.violations).toEqual([]);
  });

  it('is asked for no more at a time than max_size has room for', async () => {
    const { aes, sim, machine } = await openKey({ sizeMax: 100n });
    expect(hexOf(await run(aes.encrypt(IV, DATA)))).toBe(AES_VECTORS[0]!.ciphertext);
    expect([sim.asked.slice(2), machine.violations]).toEqual([['encrypt 32', 'encrypt 32'], []]);
  });

  it('has many keys at once, each its own, and calls of all under way together', async () => {
    const { crypto, sim, machine } = open();
    const all = await run(Promise.all(AES_VECTORS.map(({ key }) => crypto.aesCbc(bytes(key)))));
    sim.answer = (_, what) => (what.startsWith('encrypt') ? { delay: MS } : {});
    const results = await run(Promise.all(Array.from({ length: 60 }, (_, i) => all[i % 3]!.encrypt(IV, DATA))));
    expect(results.map(hexOf)).toEqual(Array.from({ length: 60 }, (_, i) => AES_VECTORS[i % 3]!.ciphertext));
    expect(machine.violations).toEqual([]);
  });

  it('is not asked for nothing', async () => {
    const { aes, sim } = await openKey();
    expect(await run(aes.encrypt(IV, new Uint8Array(0)))).toEqual(new Uint8Array(0));
    expect(sim.asked).toEqual(['create', 'create']);
  });

  it('is not asked for more when the caller has gone', async () => {
    const { aes, sim } = await openKey();
    sim.answer = () => ({ delay: MS });
    const controller = new AbortController();
    const aborted = aes.encrypt(IV, new Uint8Array(50_000 - (50_000 % 16)), { signal: controller.signal });
    await runTurns(2);
    controller.abort(new Error('never mind'));
    expect(await kindOf(aborted)).toBe('Error: never mind');
    sim.answer = () => ({});
    await run(aes.encrypt(IV, DATA));
    expect(sim.asked.slice(2)).toEqual(['encrypt 16384', 'encrypt 64']);
  });
});

describe('bad use of a crypto device', () => {
  it.each([0, 1, 15, 17, 31, 33, 64])('a key of %d bytes is not sent', async (length) => {
    const { crypto, sim } = open();
    expect(await kindOf(crypto.aesCbc(new Uint8Array(length)))).toBe('invalid-argument');
    expect(sim.asked).toEqual([]);
  });

  it.each([
    ['without ciphers', { services: 2 }],
    ['without AES-CBC', { ciphers: 0x14 }],
    ['that takes shorter keys', { keyLengthMax: 15 }],
    ['that takes no block', { sizeMax: 40n }],
  ])('a device %s is not asked', async (_, options) => {
    const { crypto, sim } = open(options);
    expect(await kindOf(crypto.aesCbc(KEY))).toBe('unsupported');
    expect(sim.asked).toEqual([]);
  });

  it('a device that is not ready is not asked, until it says that it is', async () => {
    const { crypto, device, sim } = open({ status: 0 });
    expect([await kindOf(crypto.aesCbc(KEY)), sim.asked]).toEqual(['io-error', []]);
    device.changeConfig(0, [1, 0, 0, 0]);
    await runTurns(2);
    const aes = await run(crypto.aesCbc(KEY));
    device.changeConfig(0, [0, 0, 0, 0]);
    await runTurns(2);
    expect(await kindOf(aes.encrypt(IV, DATA))).toBe('io-error');
  });

  it.each([
    ['an iv of 15 bytes', 15, 16, 'invalid-argument'],
    ['an iv of 17 bytes', 17, 16, 'invalid-argument'],
    ['15 bytes of data', 16, 15, 'misaligned'],
    ['17 bytes of data', 16, 17, 'misaligned'],
  ])('%s are not sent', async (_, ivLength, dataLength, kind) => {
    const { aes, sim } = await openKey();
    for (const use of [aes.encrypt, aes.decrypt])
      expect(await kindOf(use(new Uint8Array(ivLength), new Uint8Array(dataLength)))).toBe(kind);
    expect(sim.asked).toEqual(['create', 'create']);
  });

  it('a key that was closed is not used', async () => {
    const { aes, sim } = await openKey();
    await run(aes.close());
    await run(aes.close());
    expect([await kindOf(aes.encrypt(IV, DATA)), sim.asked.slice(2)]).toEqual(['closed', ['destroy', 'destroy']]);
  });
});

describe('the answers of a crypto device', () => {
  it.each([
    [1, 'io-error'],
    [2, 'io-error'],
    [3, 'unsupported'],
    [4, 'io-error'],
    [5, 'no-memory'],
    [6, 'io-error'],
    [7, 'io-error'],
  ])('%d is a typed error: %s', async (status, kind) => {
    const { aes, crypto, sim, machine } = await openKey();
    sim.answer = () => ({ status });
    expect([await kindOf(aes.encrypt(IV, DATA)), await kindOf(crypto.aesCbc(KEY)), await kindOf(aes.close())]).toEqual([
      kind,
      kind,
      kind,
    ]);
    sim.answer = () => ({});
    expect(await kindOf(crypto.aesCbc(KEY))).toBe('fulfilled');
    expect(machine.violations).toEqual([]);
  });

  it('a key of which the device takes one half is given back', async () => {
    const { crypto, sim } = open({ sessionCountMax: 3 });
    await run(crypto.aesCbc(KEY));
    expect(await kindOf(crypto.aesCbc(KEY))).toBe('no-memory');
    expect([sim.sessions.size, sim.asked.at(-1)]).toEqual([2, 'destroy']);
  });

  it.each([
    ['a status that there is not', { status: 8 }],
    ['a status that there is not', { status: 255 }],
    ['an answer without a status', { usedLength: 64 }],
    ['an answer without a byte', { usedLength: 0 }],
    ['an answer longer than its buffer (W24)', { usedLength: 20_000 }],
    ['a head that it does not have (W16)', { usedHead: 63 }],
    ['a head that there is not (W16)', { usedHead: 60_000 }],
    ['the same twice', { times: 2 }],
  ])('%s: it is given up', async (_, lie) => {
    const { aes, crypto, sim, live, pool, free } = await openKey();
    sim.answer = () => lie;
    expect(await kindOf(aes.encrypt(IV, DATA))).toBe('wrong-answer');
    expect([await kindOf(aes.encrypt(IV, DATA)), await kindOf(crypto.aesCbc(KEY)), live.state]).toEqual([
      'device-failed',
      'device-failed',
      'failed',
    ]);
    expect([await kindOf(aes.close()), dmaFreeBytes(pool)]).toEqual(['fulfilled', free]);
  });

  it('a session whose answer is short is none', async () => {
    const { crypto, sim, live } = open();
    sim.answer = () => ({ usedLength: 11 });
    expect([await kindOf(crypto.aesCbc(KEY)), live.state]).toEqual(['wrong-answer', 'failed']);
  });

  it('that do not come: it is reset, and has its keys no more', async () => {
    const { aes, crypto, sim, machine } = await openKey();
    sim.answer = () => ({ delay: NEVER });
    expect(await kindOf(aes.encrypt(IV, DATA))).toBe('timeout');
    sim.answer = () => ({});
    expect([await kindOf(aes.encrypt(IV, DATA)), await kindOf(aes.close())]).toEqual(['device-reset', 'fulfilled']);
    const again = await run(crypto.aesCbc(KEY));
    expect(hexOf(await run(again.encrypt(IV, DATA)))).toBe(AES_VECTORS[0]!.ciphertext);
    expect(machine.violations).toEqual([]);
  });

  it('are lost when it needs a reset', async () => {
    const { aes, device, sim } = await openKey();
    sim.answer = () => ({ delay: NEVER });
    const lost = aes.encrypt(IV, DATA);
    await runTurns(1);
    device.status |= 64;
    device.interrupts.config();
    expect(await kindOf(lost)).toBe('device-reset');
  });

  it('are lost when it needs a reset, whatever number of queues it has announced meanwhile', async () => {
    for (const count of [0, 2, 257]) {
      const { aes, device, sim, live } = await openKey();
      sim.answer = () => ({ delay: NEVER });
      const lost = aes.encrypt(IV, DATA);
      await runTurns(1);
      device.changeConfig(MAX_DATA_QUEUES, [count & 0xff, count >> 8]);
      await runTurns(1);
      device.status |= 64;
      device.interrupts.config();
      expect([await kindOf(lost), live.state]).toEqual(['device-reset', 'live']);
      closeLive(live);
    }
  });

  it('are not waited for when it is closed or removed, and all memory is back', async () => {
    for (const [end, kind] of [
      [closeLive, 'closed'],
      [removeLive, 'removed'],
    ] as const) {
      const { aes, crypto, sim, live, pool, free } = await openKey();
      sim.answer = () => ({ delay: NEVER });
      const lost = kindOf(aes.encrypt(IV, DATA));
      await runTurns(1);
      end(live);
      expect([await lost, await kindOf(crypto.aesCbc(KEY)), dmaFreeBytes(pool)]).toEqual([kind, kind, free]);
    }
  });
});

describe('a crypto device that does not come up', () => {
  it.each([
    ['without data queues', { dataQueueCount: 0 }, /max_dataqueues reads 0, expected from 1 to 127/],
    ['with more than can interrupt', { dataQueueCount: 128 }, /max_dataqueues reads 128/],
    ['whose configuration never stands still', { faults: { generations: 1000 } }, /changed/],
    [
      'whose configuration is not there',
      { config: new Uint8Array(8), transport: 'pci' as const },
      /max_dataqueues reads|config/,
    ],
    ['with fewer queues than it says', { dataQueueCount: 3, queueSizes: [64, 64] }, /queue 3/],
  ])('%s says why', (_, options, why) => {
    expect(() => open(options)).toThrow(why);
  });
});
