// Real-time clock devices. VIRTIO 1.4 §5.22.

import { inFile } from '../claim.ts';
import type { DeviceClass } from './device.ts';

const alarms = inFile('drivers/rtc/alarms.ts');
const driverTest = inFile('test/unit/drivers/rtc/driver.test.ts');

export const RTC: DeviceClass = {
  type: 17,
  page: 'docs/devices/rtc.md',
  qemu: ['none yet'],
  features: [
    {
      bit: 0,
      name: 'ALARM',
      use: 'alarms that the device tells of',
      code: [alarms('beginRtc'), alarms('takeAlarm')],
      tests: [
        driverTest('is read, and rings, over %s, %j'),
        driverTest('rings as often as the device says: its buffers go back'),
        driverTest('is set again when the device was reset, and has forgotten it'),
      ],
    },
  ],
};
