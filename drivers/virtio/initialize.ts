// How a device comes up. VIRTIO 1.2 §3.1.1, step by step.
//
// A driver is a contract: which features it cannot do without, which it can use, and what it sets up once they are agreed on. The order of
// things is here and nowhere else. Whatever goes wrong, the device is given up and the error says at which step.

import { fail, ok, type Result } from '../../kernel/base/result.ts';
import { FEATURE_VERSION_1, FEATURE_WORD_COUNT, type FeatureSet, featureName, negotiate } from './features.ts';
import { giveUp, resetDevice } from './reset.ts';
import {
  STATUS_ACKNOWLEDGE,
  STATUS_DEVICE_NEEDS_RESET,
  STATUS_DRIVER,
  STATUS_DRIVER_OK,
  STATUS_FEATURES_OK,
} from './status.ts';
import type { Transport } from './transport/transport.ts';

/** What a driver brings along; T is what it makes of a device. */
export interface DriverContract<T> {
  /** Feature bits without which the driver does not work. VERSION_1 is required by all. */
  readonly featuresRequired: readonly number[];
  /** Feature bits that the driver uses where they are offered. */
  readonly featuresOptional: readonly number[];
  /** Step 7: reads the configuration and enables the queues, for the features agreed on. Nothing is sent to the device yet. */
  setUp(transport: Transport, features: FeatureSet): Result<T, SetUpError>;
}

/** What a driver's own step may fail with. */
export interface SetUpError {
  readonly kind: string;
  readonly message: string;
}

/** At which step a device failed to come up, and why. */
export interface InitializeError {
  /** 1 to 8, as in §3.1.1. */
  readonly step: number;
  readonly stepName: string;
  readonly kind: string;
  readonly message: string;
}

const STEP_NAMES: readonly string[] = [
  'open the transport',
  'reset',
  'acknowledge',
  'driver',
  'negotiate features',
  'set FEATURES_OK',
  'check FEATURES_OK',
  'set up queues',
  'set DRIVER_OK',
];

/** Brings the device behind `transport` up and returns what the driver made of it. After a failure the device is given up. */
export const initialize = <T>(transport: Transport, contract: DriverContract<T>): Result<T, InitializeError> => {
  // 1. Reset the device. Firmware may have driven it, so it is not allowed to reach our memory before it has forgotten its queues.
  const reset = resetDevice(transport);
  if (!reset.ok) return stopAt(transport, 1, reset.error);
  transport.setDma(true);

  // 2. The guest has noticed the device.
  addStatus(transport, STATUS_ACKNOWLEDGE);

  // 3. The guest knows how to drive it.
  addStatus(transport, STATUS_DRIVER);

  // 4. Read what the device offers, write the part that is understood.
  const offered = readFeatures(transport);
  const features = negotiate(offered, requiredOf(contract), contract.featuresOptional);
  if (!features.ok) return stopAt(transport, 4, missingFeatures(transport, features.error));
  for (let word = 0; word < FEATURE_WORD_COUNT; word++) transport.writeDriverFeatures(word, features.value[word]);

  // 5. No more feature bits are accepted from here on.
  addStatus(transport, STATUS_FEATURES_OK);

  // 6. The device takes the bit back when it cannot work with the features chosen.
  if ((transport.readStatus() & STATUS_FEATURES_OK) === 0) {
    return stopAt(transport, 6, {
      kind: 'features-refused',
      message: 'the device cleared FEATURES_OK, expected it set',
    });
  }

  // 7. Set up what is particular to the device: configuration, queues.
  const made = contract.setUp(transport, features.value);
  if (!made.ok) return stopAt(transport, 7, made.error);

  // 8. The device is live.
  addStatus(transport, STATUS_DRIVER_OK);
  if ((transport.readStatus() & STATUS_DEVICE_NEEDS_RESET) !== 0) {
    return stopAt(transport, 8, { kind: 'needs-reset', message: 'the device set DEVICE_NEEDS_RESET' });
  }
  return ok(made.value);
};

/** Returns the error of a device whose transport could not even be opened: step 0, so to say. */
export const transportFailed = (cause: SetUpError): InitializeError => ({
  step: 0,
  stepName: STEP_NAMES[0],
  kind: cause.kind,
  message: cause.message,
});

/** Returns `step 6 (check FEATURES_OK): the device cleared …`. */
export const formatInitializeError = (error: InitializeError): string =>
  `step ${error.step} (${error.stepName}): ${error.message}`;

/** Sets status bits. The driver never clears one, other than by a reset. §2.1.1 */
const addStatus = (transport: Transport, bits: number): void => transport.writeStatus(transport.readStatus() | bits);

const readFeatures = (transport: Transport): FeatureSet => {
  const words: number[] = [];
  for (let word = 0; word < FEATURE_WORD_COUNT; word++) words.push(transport.readDeviceFeatures(word));
  return words;
};

/** Returns the bits that the driver requires, with the one that every driver does: without it the device is a legacy one. §6.1 */
const requiredOf = (contract: DriverContract<unknown>): readonly number[] => {
  const required = [FEATURE_VERSION_1];
  for (const bit of contract.featuresRequired) required.push(bit);
  return required;
};

const missingFeatures = (transport: Transport, bits: readonly number[]): SetUpError => {
  let names = '';
  for (const bit of bits) names += `${names === '' ? '' : ', '}${featureName(bit, transport.deviceType)}`;
  return { kind: 'missing-features', message: `the device does not offer ${names}, which the driver requires` };
};

const stopAt = (transport: Transport, step: number, cause: SetUpError): Result<never, InitializeError> => {
  giveUp(transport);
  return fail({ step, stepName: STEP_NAMES[step], kind: cause.kind, message: cause.message });
};
