// Names of PCI classes and of the devices that QEMU shows. PCI Code and ID Assignment 1.11 §1, and the PCI ID database.

import { hex } from '../base/hex.ts';
import { lookUp } from '../base/table.ts';

/** class and subclass, name. */
const CLASS_NAMES = `
0000 unclassified
0100 scsi-controller
0101 ide-controller
0106 sata-controller
0108 nvme-controller
0180 storage-controller
0200 ethernet-controller
0280 network-controller
0300 vga-controller
0380 display-controller
0401 audio-controller
0403 hd-audio-controller
0500 ram-controller
0600 host-bridge
0601 isa-bridge
0604 pci-bridge
0680 bridge
0700 serial-controller
0780 communication-controller
0800 interrupt-controller
0806 iommu
0880 system-peripheral
0900 keyboard-controller
0980 input-controller
0c03 usb-controller
0c05 smbus
1000 crypto-controller
`;

/** vendor:device, name. virtio devices are named by drivers/virtio/ids.ts. */
const DEVICE_NAMES = `
8086:1237 i440fx-host-bridge
8086:29c0 q35-host-bridge
8086:2918 ich9-lpc
8086:2922 ich9-ahci
8086:2930 ich9-smbus
8086:2934 ich9-uhci
8086:293a ich9-ehci
8086:7000 piix3-isa
8086:7010 piix3-ide
8086:7113 piix4-acpi
8086:100e e1000
8086:10d3 e1000e
1234:1111 qemu-vga
1b36:0001 qemu-pci-bridge
1b36:0008 qemu-pcie-host-bridge
1b36:000b qemu-pcie-expander
1b36:000c qemu-pcie-root-port
1b36:000d qemu-xhci
1b36:000e qemu-pcie-pci-bridge
1b36:0010 qemu-nvme
`;

/** Returns the name of a class of devices, or `unknown` for one that the table does not have. */
export const className = (classCode: number, subclass: number): string =>
  lookUp(CLASS_NAMES, `${hex(classCode, 2)}${hex(subclass, 2)}`) ?? 'unknown';

/** Returns the name of a device that QEMU shows, or undefined. */
export const deviceName = (vendorId: number, deviceId: number): string | undefined =>
  lookUp(DEVICE_NAMES, `${hex(vendorId, 4)}:${hex(deviceId, 4)}`);
