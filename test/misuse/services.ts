// Wrong calls of devices that answer questions: entropy, ciphers, clocks.

import type { AesCbc, CryptoDevice } from '../../kernel/device/crypto.ts';
import type { EntropyDevice } from '../../kernel/device/entropy.ts';
import type { RtcClock, RtcDevice } from '../../kernel/device/rtc.ts';
import { ends, listens, noCount, noNumber, right, type Table, wrong } from './table.ts';

export interface EntropyBag {
  readonly entropy: EntropyDevice;
}

/** A source of entropy. */
export const ENTROPY: Table<EntropyBag> = {
  name: 'an entropy device',
  close: ({ entropy }) => entropy.close(),
  calls: [
    right('entropy.read', ({ entropy }) => entropy.read(10)),
    ends('entropy.close', ({ entropy }) => entropy.close()),
  ],
  wrong: noNumber('entropy.read of', 'invalid-argument', ({ entropy }: EntropyBag, length) => entropy.read(length)),
};

export interface CryptoBag {
  readonly crypto: CryptoDevice;
  readonly aes: AesCbc;
}

const iv = new Uint8Array(16);
const data = new Uint8Array(32);

/** A device that has AES-CBC, and one key. */
export const CRYPTO: Table<CryptoBag> = {
  name: 'a crypto device',
  close: ({ crypto }) => crypto.close(),
  calls: [
    right('crypto.aesCbc', ({ crypto }) => crypto.aesCbc(new Uint8Array(16))),
    right('aes.encrypt', ({ aes }) => aes.encrypt(iv, data)),
    right('aes.decrypt', ({ aes }) => aes.decrypt(iv, data)),
    ends('aes.close', ({ aes }) => aes.close()),
    ends('crypto.close', ({ crypto }) => crypto.close()),
  ],
  wrong: [
    ...[0, 1, 15, 17, 33, 64].map((length) =>
      wrong(`crypto.aesCbc with a key of ${length}`, 'invalid-argument', ({ crypto }: CryptoBag) =>
        crypto.aesCbc(new Uint8Array(length)),
      ),
    ),
    ...[0, 15, 17].flatMap((length) => [
      wrong(`aes.encrypt with an iv of ${length}`, 'invalid-argument', ({ aes }: CryptoBag) =>
        aes.encrypt(new Uint8Array(length), data),
      ),
      wrong(`aes.decrypt with an iv of ${length}`, 'invalid-argument', ({ aes }: CryptoBag) =>
        aes.decrypt(new Uint8Array(length), data),
      ),
    ]),
    ...[1, 15, 17].flatMap((length) => [
      wrong(`aes.encrypt of ${length} bytes`, 'misaligned', ({ aes }: CryptoBag) =>
        aes.encrypt(iv, new Uint8Array(length)),
      ),
      wrong(`aes.decrypt of ${length} bytes`, 'misaligned', ({ aes }: CryptoBag) =>
        aes.decrypt(iv, new Uint8Array(length)),
      ),
    ]),
  ],
};

export interface RtcBag {
  readonly rtc: RtcDevice;
  /** One that has an alarm. */
  readonly clock: RtcClock;
}

/** Clocks. */
export const RTC: Table<RtcBag> = {
  name: 'a clock device',
  close: ({ rtc }) => rtc.close(),
  calls: [
    right('rtc.setDate', ({ rtc }) => rtc.setDate()),
    right('clock.read', ({ clock }) => clock.read()),
    right('clock.alarm', ({ clock }) => clock.alarm()),
    right('clock.setAlarm', ({ clock }) => clock.setAlarm({ seconds: 4_000_000_000, nanoseconds: 0 })),
    listens('clock.onAlarm', ({ clock }) => clock.onAlarm(() => {})()),
    ends('rtc.close', ({ rtc }) => rtc.close()),
  ],
  wrong: [
    ...noCount('clock.setAlarm at', ({ clock }: RtcBag, seconds) => clock.setAlarm({ seconds, nanoseconds: 0 })),
    wrong('clock.setAlarm at 1e300', 'invalid-argument', ({ clock }) =>
      clock.setAlarm({ seconds: 1e300, nanoseconds: 0 }),
    ),
    ...noNumber('clock.setAlarm at 1 and nanoseconds', 'invalid-argument', ({ clock }: RtcBag, nanoseconds) =>
      clock.setAlarm({ seconds: 1, nanoseconds }),
    ),
    wrong('clock.setAlarm at 1 and a second of nanoseconds', 'invalid-argument', ({ clock }) =>
      clock.setAlarm({ seconds: 1, nanoseconds: 1_000_000_000 }),
    ),
  ],
};
