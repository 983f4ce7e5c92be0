import { describe, expect, it } from 'vitest';
import { floorOf } from '../../../scripts/floors.ts';

describe('floors', () => {
  it('gives every folder of the tree its floor', () => {
    expect(floorOf('apps/probe/main.ts')).toBe('apps');
    expect(floorOf('drivers/table.ts')).toBe('drivers/table');
    expect(floorOf('drivers/open/block.ts')).toBe('drivers/table');
    expect(floorOf('drivers/blk/driver.ts')).toBe('drivers/*');
    expect(floorOf('drivers/virtio/queue/split.ts')).toBe('drivers/virtio');
    expect(floorOf('kernel/pci/bar.ts')).toBe('kernel/pci');
    expect(floorOf('kernel/base/bits.ts')).toBe('kernel/base');
  });

  it('leaves alone what is outside the tree', () => {
    expect(floorOf('test/sim/machine.ts')).toBeUndefined();
    expect(floorOf('node_modules/left-pad/index.ts')).toBeUndefined();
  });
});
