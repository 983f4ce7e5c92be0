// A virtio crypto device: AES in the mode CBC. VIRTIO 1.2 §5.9.
//
//   -object cryptodev-backend-builtin,id=c0 -device virtio-crypto-pci,cryptodev=c0      on microvm without PCI virtio-crypto-device
//
//   aesCbc(key) ─▶ control queue: a session for each direction ─▶ encrypt, decrypt ─▶ data queue, in pieces; the last block of one goes before the next
//
// Functions over an object, as a method of a class costs a search by its name at each call.

import { smaller } from '../../kernel/base/bits.ts';
import { copyBytes } from '../../kernel/base/bytes.ts';
import { renew } from '../../kernel/base/machine.ts';
import type { AesCbc, CryptoDevice, CryptoOptions } from '../../kernel/device/crypto.ts';
import { type DeviceError, DeviceFailure, failureOf } from '../../kernel/device/failure.ts';
import { isSpinEnded } from '../../kernel/event/waiting.ts';
import { nextCare, restoreBuffers } from '../virtio/buffers.ts';
import { describeFault, errorAt, type InitializeError } from '../virtio/describe.ts';
import {
  armExchange,
  call,
  callCount,
  type Exchange,
  endCalls,
  loseCalls,
  newExchange,
  pollExchange,
  spinExchange,
} from '../virtio/exchange.ts';
import {
  armLive,
  causesOf,
  closeLive,
  type Driver,
  giveUpLive,
  type Live,
  lookAtConfiguration,
  startLive,
  wakeAtOf,
  whyEnded,
} from '../virtio/live.ts';
import { featureNames } from '../virtio/names.ts';
import { buffersFor, recordFor, recordsOf } from '../virtio/records.ts';
import type { Transport } from '../virtio/transport/record.ts';
import {
  beginCrypto,
  CryptoFacts,
  FAULT_DATA_QUEUES,
  hasAesCbc,
  IV_LENGTH,
  noteReady,
  pieceLength,
  setUpCrypto,
} from './bring-up.ts';
import { CREATED_ID, CREATED_SIZE, CREATED_STATUS, STATUS_SIZE } from './registers.ts';
import {
  cipherRequest,
  createSessionRequest,
  destroySessionRequest,
  errorOfAnswer,
  type SessionId,
} from './requests.ts';

const SERVICE_NAMES = ['CIPHER', 'HASH', 'MAC', 'AEAD', 'AKCIPHER', 'IPSEC'];

/** By their numbers; 0 stands for none. §5.9.4.1 */
const CIPHER_NAMES = [
  '',
  'ARC4',
  'AES_ECB',
  'AES_CBC',
  'AES_CTR',
  'DES_ECB',
  'DES_CBC',
  '3DES_ECB',
  '3DES_CBC',
  '3DES_CTR',
  'KASUMI_F8',
  'SNOW3G_UEA2',
  'AES_F8',
  'AES_XTS',
  'ZUC_EEA3',
];

/** AES has keys of 128, 192 and 256 bits. FIPS 197 */
const KEY_LENGTHS = [16, 24, 32];

/** One device. */
interface Crypto {
  readonly live: Live;
  readonly facts: CryptoFacts;
  readonly data: Exchange;
  readonly control: Exchange;
  /** Counts resets: sessions of before are gone. */
  era: number;
}

/** A key that the device has: a session for each direction. */
interface Sessions {
  readonly encrypting: SessionId;
  readonly decrypting: SessionId;
  readonly era: number;
  isClosed: boolean;
}

const FACTS = recordsOf(
  () => new CryptoFacts(),
  (facts) => renew(facts),
);

/** Brings a crypto device up. Throws a DeviceFailure. */
export const startCrypto = (live: Live): CryptoDevice => {
  const facts = recordFor(live, FACTS);
  const crypto: Crypto = {
    live,
    facts,
    data: newExchange(live, buffersFor(live)),
    control: newExchange(live, buffersFor(live)),
    era: 0,
  };
  startLive(live, driverOf(crypto));
  return {
    name: live.name,
    featureNames: featureNames(live.transport.accepted, live.transport.deviceType),
    services: namesOf(SERVICE_NAMES, facts.services),
    ciphers: namesOf(CIPHER_NAMES, facts.ciphersLow),
    keyLengthMax: facts.keyLengthMax,
    aesCbc: (key) => aesCbc(crypto, key),
    close: async () => closeLive(live),
  };
};

/** Bits without a name are not looked at. §5.9.5.2 */
const namesOf = (names: readonly string[], bits: number): string[] =>
  names.filter((name, bit) => name !== '' && ((bits >>> bit) & 1) !== 0);

// What the life of a device asks for: live.ts.

const driverOf = (crypto: Crypto): Driver => {
  const { live, facts, data, control } = crypto;
  const { transport, pool } = live;
  return {
    get queueCount() {
      return (facts.dataQueueCount as number) + 1;
    },
    begin: () => beginCrypto(transport, facts),
    setUp: () => setUpCrypto(transport, pool, facts, data.buffers, control.buffers, live.deadlineMs),
    setUpAgain: () => restoreBuffers(transport, data.buffers) && restoreBuffers(transport, control.buffers),
    started: () => noteReady(transport, facts),
    describeFault: () => describeCryptoFault(transport),
    configurationChanged: () => noteReady(transport, facts),
    lost(error) {
      crypto.era += 1;
      loseCalls(data, error);
      loseCalls(control, error);
    },
    ended(error, refusal) {
      endCalls(data, error, refusal);
      endCalls(control, error, refusal);
    },
    poll() {
      const causes = causesOf(live);
      const hasData = pollExchange(data);
      const hasControl = pollExchange(control);
      lookAtConfiguration(live, causes);
      return hasData || hasControl;
    },
    spin: (deadline) => spin(crypto, deadline),
    arm: () => armLive(live, armExchange(data) && armExchange(control), callCount(data) + callCount(control) > 0),
    get pendingCount() {
      return callCount(data) + callCount(control);
    },
    get wakeAt() {
      return wakeAtOf(smaller(nextCare(data.buffers), nextCare(control.buffers)));
    },
  };
};

const spin = ({ data, control }: Crypto, deadline: number): boolean => {
  do {
    if (spinExchange(data, 0) || spinExchange(control, 0)) return true;
  } while (!isSpinEnded(deadline));
  return false;
};

const describeCryptoFault = (transport: Transport): InitializeError => {
  const fault = transport.fault;
  if (fault.code !== FAULT_DATA_QUEUES) return describeFault(transport);
  const message = `max_dataqueues reads ${fault.found}, expected from 1 to ${fault.expected}`;
  return errorAt(fault.step, 'bad-queue-count', message);
};

// What callers ask for.

const aesCbc = async (crypto: Crypto, key: Uint8Array): Promise<AesCbc> => {
  const refused = whyEnded(crypto.live) ?? whyNoKey(crypto, key);
  if (refused !== undefined) throw failureOf(refused);
  const era = crypto.era;
  const encrypting = await createSession(crypto, key, true);
  const decrypting = await createSession(crypto, key, false).catch(async (error: unknown) => {
    if (crypto.era === era) await destroySession(crypto, encrypting).catch(() => {}); // The first error is the one that says what is wrong.
    throw error;
  });
  const sessions: Sessions = { encrypting, decrypting, era, isClosed: false };
  return {
    encrypt: (iv, data, options) => cipher(crypto, sessions, true, iv, data, options),
    decrypt: (iv, data, options) => cipher(crypto, sessions, false, iv, data, options),
    close: () => closeSessions(crypto, sessions),
  };
};

const whyNoKey = ({ facts }: Crypto, key: Uint8Array): DeviceError | undefined => {
  const most: number = facts.keyLengthMax;
  if (!KEY_LENGTHS.includes(key.length)) {
    return { kind: 'invalid-argument', message: `a key of ${key.length} bytes, expected 16, 24 or 32` };
  }
  if (!hasAesCbc(facts)) return { kind: 'unsupported', message: 'the device has no AES-CBC' };
  if (key.length > most) {
    return { kind: 'unsupported', message: `a key of ${key.length} bytes, and the device takes ${most} at most` };
  }
  if (pieceLength(facts) > 0) return whyNotReady(facts);
  return { kind: 'unsupported', message: 'the device takes no data: max_size is less than a block' };
};

const whyNotReady = (facts: CryptoFacts): DeviceError | undefined =>
  facts.isReady ? undefined : { kind: 'io-error', message: 'the device is not ready' };

const createSession = async (crypto: Crypto, key: Uint8Array, isEncrypting: boolean): Promise<SessionId> => {
  const answer = new Uint8Array(CREATED_SIZE);
  const written = await call(crypto.control, createSessionRequest(key, isEncrypting), answer);
  if (written < CREATED_STATUS + 4) throw tooShort(crypto, written, CREATED_SIZE);
  const view = new DataView(answer.buffer);
  checkAnswer(crypto, view.getUint32(CREATED_STATUS, true), 'a session is created');
  return { low: view.getUint32(CREATED_ID, true), high: view.getUint32(CREATED_ID + 4, true) };
};

const destroySession = async (crypto: Crypto, id: SessionId): Promise<void> => {
  const answer = new Uint8Array(STATUS_SIZE);
  const written = await call(crypto.control, destroySessionRequest(id), answer);
  if (written < STATUS_SIZE) throw tooShort(crypto, written, STATUS_SIZE);
  checkAnswer(crypto, answer[0]!, 'a session is destroyed');
};

const closeSessions = async (crypto: Crypto, sessions: Sessions): Promise<void> => {
  if (sessions.isClosed) return;
  sessions.isClosed = true;
  if (crypto.live.state !== 'live' || crypto.era !== sessions.era) return; // The device has forgotten them.
  try {
    await Promise.all([destroySession(crypto, sessions.encrypting), destroySession(crypto, sessions.decrypting)]);
  } catch (error) {
    if (whyEnded(crypto.live)?.kind !== 'closed') throw error; // It was reset for that, and has forgotten them, too.
  }
};

const cipher = async (
  crypto: Crypto,
  sessions: Sessions,
  isEncrypting: boolean,
  iv: Uint8Array,
  data: Uint8Array,
  options?: CryptoOptions,
): Promise<Uint8Array> => {
  const result = new Uint8Array(data.length);
  let before = iv;
  for (let at = 0; at < data.length || at === 0; ) {
    const refused = whyNotCiphered(crypto, sessions, iv, data);
    if (refused !== undefined) throw failureOf(refused);
    if (data.length === 0) break;
    const length: number = smaller(pieceLength(crypto.facts), data.length - at);
    await cipherPiece(
      crypto,
      isEncrypting ? sessions.encrypting : sessions.decrypting,
      isEncrypting,
      before,
      data,
      at,
      result,
      length,
      options,
    );
    at += length;
    before = (isEncrypting ? result : data).subarray(at - IV_LENGTH, at); // What comes before the next block is the ciphertext of the last one.
  }
  return result;
};

const whyNotCiphered = (
  { live, facts, era }: Crypto,
  sessions: Sessions,
  iv: Uint8Array,
  data: Uint8Array,
): DeviceError | undefined => {
  const ended = whyEnded(live);
  if (ended !== undefined) return ended;
  if (sessions.isClosed) return { kind: 'closed', message: 'the key was closed' };
  if (sessions.era !== era) return { kind: 'device-reset', message: 'the device was reset, and has the key no more' };
  if (iv.length !== IV_LENGTH) {
    return { kind: 'invalid-argument', message: `an iv of ${iv.length} bytes, expected ${IV_LENGTH}` };
  }
  if (data.length % IV_LENGTH === 0) return whyNotReady(facts);
  return { kind: 'misaligned', message: `${data.length} bytes of data, expected a multiple of ${IV_LENGTH}` };
};

const cipherPiece = async (
  crypto: Crypto,
  id: SessionId,
  isEncrypting: boolean,
  before: Uint8Array,
  data: Uint8Array,
  at: number,
  result: Uint8Array,
  length: number,
  options?: CryptoOptions,
): Promise<void> => {
  const answer = new Uint8Array(length + STATUS_SIZE);
  const written = await call(crypto.data, cipherRequest(id, isEncrypting, before, data, at, length), answer, options);
  if (written < answer.length) throw tooShort(crypto, written, answer.length);
  checkAnswer(crypto, answer[length]!, isEncrypting ? 'encrypting' : 'decrypting');
  copyBytes(result, at, answer, 0, length);
};

/** Throws what an answer means that is not OK. A device that answers what there is not is given up. */
const checkAnswer = ({ live }: Crypto, code: number, what: string): void => {
  const error = errorOfAnswer(code, what);
  if (error === undefined) return;
  if (error.kind === 'wrong-answer') giveUpLive(live, error);
  throw failureOf(error);
};

const tooShort = ({ live }: Crypto, written: number, expected: number): DeviceFailure => {
  const message = `the device answered with ${written} bytes, expected ${expected}`;
  giveUpLive(live, { kind: 'wrong-answer', message });
  return new DeviceFailure('wrong-answer', message);
};
