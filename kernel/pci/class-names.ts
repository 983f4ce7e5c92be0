// Names of PCI classes and of the devices that QEMU shows. PCI Code and ID Assignment 1.11 §1, and the PCI ID database.

/** class, subclass, name. */
const CLASS_NAMES: readonly (readonly [number, number, string])[] = [
  [0x00, 0x00, 'unclassified'],
  [0x01, 0x00, 'scsi-controller'],
  [0x01, 0x01, 'ide-controller'],
  [0x01, 0x06, 'sata-controller'],
  [0x01, 0x08, 'nvme-controller'],
  [0x01, 0x80, 'storage-controller'],
  [0x02, 0x00, 'ethernet-controller'],
  [0x02, 0x80, 'network-controller'],
  [0x03, 0x00, 'vga-controller'],
  [0x03, 0x80, 'display-controller'],
  [0x04, 0x01, 'audio-controller'],
  [0x04, 0x03, 'hd-audio-controller'],
  [0x05, 0x00, 'ram-controller'],
  [0x06, 0x00, 'host-bridge'],
  [0x06, 0x01, 'isa-bridge'],
  [0x06, 0x04, 'pci-bridge'],
  [0x06, 0x80, 'bridge'],
  [0x07, 0x00, 'serial-controller'],
  [0x07, 0x80, 'communication-controller'],
  [0x08, 0x00, 'interrupt-controller'],
  [0x08, 0x06, 'iommu'],
  [0x08, 0x80, 'system-peripheral'],
  [0x09, 0x00, 'keyboard-controller'],
  [0x09, 0x80, 'input-controller'],
  [0x0c, 0x03, 'usb-controller'],
  [0x0c, 0x05, 'smbus'],
  [0x10, 0x00, 'crypto-controller'],
];

/** vendor, device, name. virtio devices are named by drivers/virtio/ids.ts. */
const DEVICE_NAMES: readonly (readonly [number, number, string])[] = [
  [0x8086, 0x1237, 'i440fx-host-bridge'],
  [0x8086, 0x29c0, 'q35-host-bridge'],
  [0x8086, 0x2918, 'ich9-lpc'],
  [0x8086, 0x2922, 'ich9-ahci'],
  [0x8086, 0x2930, 'ich9-smbus'],
  [0x8086, 0x2934, 'ich9-uhci'],
  [0x8086, 0x293a, 'ich9-ehci'],
  [0x8086, 0x7000, 'piix3-isa'],
  [0x8086, 0x7010, 'piix3-ide'],
  [0x8086, 0x7113, 'piix4-acpi'],
  [0x8086, 0x100e, 'e1000'],
  [0x8086, 0x10d3, 'e1000e'],
  [0x1234, 0x1111, 'qemu-vga'],
  [0x1b36, 0x0001, 'qemu-pci-bridge'],
  [0x1b36, 0x0008, 'qemu-pcie-host-bridge'],
  [0x1b36, 0x000b, 'qemu-pcie-expander'],
  [0x1b36, 0x000c, 'qemu-pcie-root-port'],
  [0x1b36, 0x000d, 'qemu-xhci'],
  [0x1b36, 0x000e, 'qemu-pcie-pci-bridge'],
  [0x1b36, 0x0010, 'qemu-nvme'],
];

/** Returns the name of a class of devices, or `unknown` for one that the table does not have. */
export const className = (classCode: number, subclass: number): string =>
  find(CLASS_NAMES, classCode, subclass) ?? 'unknown';

/** Returns the name of a device that QEMU shows, or undefined. */
export const deviceName = (vendorId: number, deviceId: number): string | undefined =>
  find(DEVICE_NAMES, vendorId, deviceId);

const find = (
  rows: readonly (readonly [number, number, string])[],
  first: number,
  second: number,
): string | undefined => {
  for (const row of rows) {
    if (row[0] === first && row[1] === second) return row[2];
  }
  return undefined;
};
