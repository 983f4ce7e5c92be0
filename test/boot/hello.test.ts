import { boot } from 'hedyn/boot';
import { expect, it } from 'vitest';

it('says hello, with another device', { timeout: 60_000 }, async () => {
  const machine = boot({ app: 'apps/hello/main.ts', memory: '32M', devices: ['virtio-rng-pci'] });
  await machine.expectLine(/^hello from bare metal$/);
  const [, count] = await machine.expectLine(/ (\d+) PCI functions/);
  expect(Number(count)).toBeGreaterThan(4);
  expect(await machine.exited()).toEqual({ status: 0, reason: 'success' });
});
