import { describe, expect, it } from 'vitest';
import {
  FAULT_BAR_TYPE_RESERVED,
  FAULT_CAPABILITY_CUT,
  FAULT_MSIX_OVERLAP,
  FAULT_MSIX_PENDING,
  FAULT_MSIX_TABLE,
} from '../../../../kernel/pci/fault.ts';
import { Msi, Msix, readMsi, readMsix } from '../../../../kernel/pci/msi.ts';
import { SimFunction } from '../../../sim/pci.ts';
import { machineWith } from '../../../sim/setup.ts';

const le32 = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);

describe('MSI', () => {
  const read = (control: number): Msi => {
    const sim = new SimFunction({ capabilities: [[0x05, 0, control & 0xff, control >> 8, ...le32(0), ...le32(0)]] });
    const msi = new Msi();
    expect(readMsi(machineWith(sim).pciFunction, msi)).toBe(true);
    return msi;
  };

  it('is read from its message control', () => {
    expect(read(0x01ab)).toMatchObject({
      offset: 0x40,
      vectorCount: 32,
      enabledCount: 4,
      isEnabled: true,
      is64Bit: true,
      hasMasking: true,
    });
    expect(read(0)).toMatchObject({ vectorCount: 1, enabledCount: 1, isEnabled: false, is64Bit: false });
  });

  it('has 32 vectors at most, whatever a reserved value says', () => expect(read(0x7e).vectorCount).toBe(32));

  it('may be missing', () => {
    const msi = new Msi();
    expect(readMsi(machineWith(new SimFunction()).pciFunction, msi)).toBe(false);
    expect(msi.offset).toBe(0);
  });

  it('may not be cut off by the end of the space', () => {
    const sim = new SimFunction({ capabilities: [[0x09, 0]] });
    sim.config.setUint8(0x41, 0xfc);
    sim.config.setUint8(0xfc, 0x05);
    const { pciFunction } = machineWith(sim);
    expect(readMsi(pciFunction, new Msi())).toBe(false);
    expect(pciFunction.fault.code).toBe(FAULT_CAPABILITY_CUT);
  });
});

describe('MSI-X', () => {
  const BARS = [
    { index: 0, size: 0x20, type: 1, address: 0xc000 },
    { index: 1, size: 0x1000, address: 0xfe000000 },
    { index: 4, size: 0x4000, type: 0xc, address: 0xfe004000 },
  ];

  const read = (
    count: number,
    table: number,
    pending: number,
    bars = BARS,
  ): { msix: Msix; fault: number | undefined } => {
    const control = count - 1;
    const sim = new SimFunction({
      bars,
      capabilities: [[0x11, 0, control & 0xff, control >> 8, ...le32(table), ...le32(pending)]],
    });
    const { pciFunction } = machineWith(sim);
    const msix = new Msix();
    const good = readMsix(pciFunction, msix);
    return { msix, fault: good ? undefined : pciFunction.fault.code };
  };

  it('is read, with both tables', () => {
    const { msix, fault } = read(65, 0x0004, 0x0801);
    expect(fault).toBeUndefined();
    expect(msix).toMatchObject({
      offset: 0x40,
      vectorCount: 65,
      isEnabled: false,
      isMasked: false,
      tableBar: 4,
      tableOffset: 0,
      tableLength: 1040,
      pendingBar: 1,
      pendingOffset: 0x800,
      pendingLength: 16,
    });
  });

  it('its tables may lie side by side in one BAR', () =>
    expect(read(128, 0x1001 - 0x1000, 0x0801).fault).toBeUndefined());

  it.each<[string, number, number, number, number]>([
    ['a table in a reserved BAR', 1, 0x0006, 0x0801, FAULT_MSIX_TABLE],
    ['a table in a BAR that is none', 1, 0x0002, 0x0801, FAULT_MSIX_TABLE],
    ['a table in ports', 1, 0x0000, 0x0801, FAULT_MSIX_TABLE],
    ['a table that begins behind its BAR', 1, 0x4004, 0x0801, FAULT_MSIX_TABLE],
    ['a table that ends behind its BAR', 2048, 0x0001, 0x0004, FAULT_MSIX_TABLE],
    ['a table at the end of all', 1, 0xfffffff9, 0x0801, FAULT_MSIX_TABLE],
    ['pending bits that end behind their BAR', 65, 0x0004, 0x0ff9, FAULT_MSIX_PENDING],
    ['pending bits over the table', 128, 0x0001, 0x07f9, FAULT_MSIX_OVERLAP],
    ['pending bits below the table, and into it', 65, 0x0011, 0x0009, FAULT_MSIX_OVERLAP],
  ])('with %s is an error', (_, count, table, pending, code) => expect(read(count, table, pending).fault).toBe(code));

  it('of a function whose BARs are wrong is not believed', () =>
    expect(read(1, 1, 0x0801, [{ index: 1, size: 0x1000, type: 6, address: 0 }]).fault).toBe(FAULT_BAR_TYPE_RESERVED));

  it('may be missing', () => {
    const msix = new Msix();
    expect(readMsix(machineWith(new SimFunction()).pciFunction, msix)).toBe(false);
    expect(msix.offset).toBe(0);
  });
});
