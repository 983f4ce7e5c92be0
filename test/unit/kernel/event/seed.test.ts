import { randomBytes } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import { seedFrom } from '../../../../kernel/event/seed.ts';
import { fillRandom, forgetRandom, isRandomReady, wantsSeed } from '../../../../kernel/hal/random.ts';
import { askForSeed } from '../../../../kernel/runtime/reseed.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';

const MIB = 1024 * 1024;

beforeEach(() => {
  installMachine(new SimMachine());
  forgetRandom();
});

const jobs = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

it('a source seeds the generator, and again when much was taken, once at a time', async () => {
  let asked = 0;
  await seedFrom(async (length) => {
    asked++;
    return randomBytes(length);
  });
  expect([isRandomReady(), asked]).toEqual([true, 1]);
  fillRandom(new Uint8Array(MIB));
  expect(wantsSeed()).toBe(true);
  askForSeed();
  askForSeed();
  await jobs();
  expect([wantsSeed(), asked]).toEqual([false, 2]);
});

it('a source that fails at first is the failure of its caller', async () => {
  await expect(seedFrom(() => Promise.reject(new Error('no device')))).rejects.toThrow('no device');
  expect(isRandomReady()).toBe(false);
});

it('a source that fails later is asked no more, and the generator goes on', async () => {
  let asked = 0;
  await seedFrom((length) =>
    ++asked === 1 ? Promise.resolve(randomBytes(length)) : Promise.reject(new Error('gone')),
  );
  for (let i = 0; i < 3; i++) {
    askForSeed();
    await jobs();
  }
  expect([asked, fillRandom(new Uint8Array(16))]).toEqual([2, true]);
});
