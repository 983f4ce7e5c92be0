// Registers of a simulated virtio PCI device's legacy interface, ports of BAR 0, written from VIRTIO 1.2 §4.1.4.10.

import type { SimRegisters } from '../pci.ts';
import type { SimVirtioDevice } from './device.ts';

/** The ports of BAR 0. The configuration follows the header: at 20, or at 24 while MSI-X is enabled. */
export class LegacyRegisters implements SimRegisters {
  private readonly device: SimVirtioDevice;

  constructor(device: SimVirtioDevice) {
    this.device = device;
  }

  read(offset: number, width: number): number {
    const { device } = this;
    if (offset >= this.config) return device.readConfig(offset - this.config, width);
    switch (`${offset}/${width}`) {
      case '0/4':
        return device.offered(0);
      case '8/4':
        return device.ring?.enabled ? device.ring.descriptors / 4096 : 0;
      case '12/2':
        return device.ring?.size ?? 0;
      case '18/1':
        return device.readStatus();
      case '19/1':
        return device.interrupts.take();
      case '20/2':
        return device.interrupts.configVector;
      case '22/2':
        return device.interrupts.queueVectors[device.queueSelect] ?? 0xffff;
      default:
        device.machine.violate(`read of ${width} bytes at port ${offset}`);
        return 2 ** (8 * width) - 1;
    }
  }

  write(offset: number, width: number, value: number): void {
    const { device } = this;
    if (offset >= this.config) {
      device.writeConfig(offset - this.config, width, value);
      return;
    }
    switch (`${offset}/${width}`) {
      case '4/4':
        device.acceptFeatures(0, value);
        return;
      case '8/4':
        this.place(value);
        return;
      case '14/2':
        device.queueSelect = value;
        return;
      case '16/2':
        device.notified(width, value, 2);
        return;
      case '18/1':
        device.writeStatus(value);
        return;
      case '20/2':
        device.interrupts.configVector = device.interrupts.accept(value);
        return;
      case '22/2':
        device.writeQueueVector(value);
        return;
      default:
        device.machine.violate(`write of ${width} bytes at port ${offset}`);
    }
  }

  private get config(): number {
    return this.device.interrupts.isMsixEnabled ? 24 : 20;
  }

  private place(page: number): void {
    if (page === 0) {
      this.device.restartRing();
      return;
    }
    const ring = this.device.writableRing();
    if (ring !== undefined) this.device.placeLegacyRing(ring, page);
  }
}
