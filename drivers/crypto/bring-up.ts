'use machine';
// How a crypto device comes up: what it offers, and its queues. VIRTIO 1.2 §5.9.5, §5.9.6.

import { hasBit } from '../../kernel/base/bits.ts';
import type { bool, u8, u16, u32 } from '../../kernel/base/machine.ts';
import type { DmaPool } from '../../kernel/hal/dma-pool.ts';
import { type Buffers, createBuffers, describeBuffers } from '../virtio/buffers.ts';
import {
  CONFIG_READ_COUNT_MAX,
  configGeneration,
  failUnstable,
  readConfig32,
  requireConfig,
} from '../virtio/config.ts';
import { Features } from '../virtio/features.ts';
import { begin } from '../virtio/initialize.ts';
import { addQueueFeatures } from '../virtio/queue/create.ts';
import { FAULT_OF_DRIVER, setFault } from '../virtio/transport/fault.ts';
import type { Transport } from '../virtio/transport/record.ts';
import {
  CIPHER_AES_CBC,
  CONFIG_CIPHER_KEY_LENGTH,
  CONFIG_CIPHERS,
  CONFIG_DATA_QUEUE_COUNT,
  CONFIG_LENGTH,
  CONFIG_SERVICES,
  CONFIG_SIZE_MAX,
  CONFIG_STATUS,
  CONTROL_SIZE,
  CREATED_SIZE,
  DATA_QUEUE,
  DATA_QUEUE_COUNT_MAX,
  DATA_SIZE,
  SERVICE_CIPHER,
  STATUS_READY,
  STATUS_SIZE,
} from './registers.ts';

/** max_dataqueues is `found`, expected from 1 to DATA_QUEUE_COUNT_MAX. */
export const FAULT_DATA_QUEUES: u8 = FAULT_OF_DRIVER;

/** Bytes of the longest key that any cipher of this driver has. */
export const KEY_LENGTH_MAX: u32 = 32;

/** Bytes that one data request ciphers at most, and of what comes before the first block. */
export const PIECE_LENGTH_MAX: u32 = 16384;
export const IV_LENGTH: u32 = 16;

/** Requests under way. */
const CONTROL_COUNT: u32 = 16;
const DATA_COUNT: u32 = 16;

/** A size_max of which the high half is not 0 is more than any request has. */
const SIZE_UNLIMITED: u32 = 0xffffffff;

/** What the configuration says. */
export class CryptoFacts {
  wanted = new Features();
  isReady: bool = false;
  dataQueueCount: u32 = 0;
  /** Bits by the numbers of services, and of ciphers. */
  services: u32 = 0;
  ciphersLow: u32 = 0;
  ciphersHigh: u32 = 0;
  keyLengthMax: u32 = 0;
  /** Of what may have any length in a data request. */
  sizeMax: u32 = 0;
}

/** Steps 1 to 6 of initialize.ts, and what the device offers. False: the fault says why. */
export const beginCrypto = (transport: Transport, facts: CryptoFacts): bool => {
  addQueueFeatures(facts.wanted);
  return begin(transport, facts.wanted) && readCryptoFacts(transport, facts);
};

const readCryptoFacts = (transport: Transport, facts: CryptoFacts): bool => {
  if (!requireConfig(transport, CONFIG_LENGTH)) return false;
  for (let attempt: u32 = 0; attempt < CONFIG_READ_COUNT_MAX; attempt++) {
    const generation: u32 = configGeneration(transport);
    noteReady(transport, facts);
    facts.dataQueueCount = readConfig32(transport, CONFIG_DATA_QUEUE_COUNT);
    facts.services = readConfig32(transport, CONFIG_SERVICES);
    const hasCiphers: bool = hasBit(facts.services, SERVICE_CIPHER);
    facts.ciphersLow = hasCiphers ? readConfig32(transport, CONFIG_CIPHERS) : 0;
    facts.ciphersHigh = hasCiphers ? readConfig32(transport, CONFIG_CIPHERS + 4) : 0;
    facts.keyLengthMax = hasCiphers ? readConfig32(transport, CONFIG_CIPHER_KEY_LENGTH) : 0;
    facts.sizeMax = readConfig32(transport, CONFIG_SIZE_MAX);
    if (readConfig32(transport, CONFIG_SIZE_MAX + 4) !== 0) facts.sizeMax = SIZE_UNLIMITED;
    if (configGeneration(transport) !== generation) continue;
    const count: u32 = facts.dataQueueCount;
    if (count > 0 && count <= DATA_QUEUE_COUNT_MAX) return true;
    return setFault(transport.fault, FAULT_DATA_QUEUES, 0, count, DATA_QUEUE_COUNT_MAX);
  }
  return failUnstable(transport);
};

/** Notes whether the device takes requests: of its configuration all else must not change, and what was noted of it stays. §5.9.4 */
export const noteReady = (transport: Transport, facts: CryptoFacts): void => {
  facts.isReady = (readConfig32(transport, CONFIG_STATUS) & STATUS_READY) !== 0;
};

/** Returns whether the device has AES in the mode CBC. */
export const hasAesCbc = (facts: CryptoFacts): bool => hasBit(facts.ciphersLow, CIPHER_AES_CBC);

/** Returns how many bytes one data request may cipher, whole blocks; 0 when the device takes none. Source and result count, and what comes before. §5.9.5.2 */
export const pieceLength = (facts: CryptoFacts): u32 => {
  if (facts.sizeMax <= IV_LENGTH) return 0;
  const length: u32 = Math.min(Math.floor((facts.sizeMax - IV_LENGTH) / 2), PIECE_LENGTH_MAX);
  return length - (length % IV_LENGTH);
};

/** Step 7: one data queue and the control queue. False: the fault says why. */
export const setUpCrypto = (
  transport: Transport,
  pool: DmaPool,
  facts: CryptoFacts,
  data: Buffers,
  control: Buffers,
  deadlineMs: u32,
): bool => {
  describeBuffers(
    data,
    DATA_COUNT,
    DATA_SIZE + IV_LENGTH + PIECE_LENGTH_MAX,
    PIECE_LENGTH_MAX + STATUS_SIZE,
    0,
    deadlineMs,
  );
  if (!createBuffers(transport, pool, DATA_QUEUE, data)) return false;
  describeBuffers(control, CONTROL_COUNT, CONTROL_SIZE + KEY_LENGTH_MAX, CREATED_SIZE, 0, deadlineMs);
  return createBuffers(transport, pool, facts.dataQueueCount as u16, control);
};
