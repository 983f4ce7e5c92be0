// What a device that ciphers is to those who use one. Types only: a driver implements it.

/** What a call that waits can be given along. */
export interface CryptoOptions {
  /** Aborted, it rejects the promise with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Bytes of a block of AES, and of what the first block is mixed with. FIPS 197, NIST SP 800-38A */
export const AES_BLOCK_LENGTH = 16;

/**
 * A key for AES in the mode CBC (NIST SP 800-38A §6.2), which the device keeps. Nothing is padded: data are whole blocks. Promises reject with a DeviceFailure (failure.ts): `misaligned` for
 * data that are not, `invalid-argument` for an `iv` that is not 16 bytes, `io-error` when the device failed, `device-reset` when it was reset and has the key no more, `closed` after `close`.
 */
export interface AesCbc {
  /** Returns `data` encrypted. `iv` must be one that nobody can foretell. */
  encrypt(iv: Uint8Array, data: Uint8Array, options?: CryptoOptions): Promise<Uint8Array>;
  /** Returns `data` decrypted. */
  decrypt(iv: Uint8Array, data: Uint8Array, options?: CryptoOptions): Promise<Uint8Array>;
  /** Has the device forget the key. Is fulfilled when it has. What is under way is let run. */
  close(): Promise<void>;
}

/** A device that ciphers. */
export interface CryptoDevice {
  /** Where it is and what it is: `0000:00:02.0 virtio-crypto`. */
  readonly name: string;
  /** The features that device and driver agreed on, by the names of the specification. */
  readonly featureNames: readonly string[];
  /** The services that the device offers, by the names of the specification: `CIPHER`, `HASH`, `MAC`, `AEAD`, `AKCIPHER`, `IPSEC`. */
  readonly services: readonly string[];
  /** The ciphers that it offers: `AES_CBC`. */
  readonly ciphers: readonly string[];
  /** Bytes of the longest key that it takes. */
  readonly keyLengthMax: number;

  /**
   * Gives the device a key of 16, 24 or 32 bytes. Rejects with a DeviceFailure: `invalid-argument` for another length, `unsupported` when the device has no AES-CBC or no such keys, `no-memory`
   * when it has as many keys as it can have.
   */
  aesCbc(key: Uint8Array): Promise<AesCbc>;

  /** Gives the device back: it is reset, all promises reject with `closed`, and its memory is free again. */
  close(): Promise<void>;
}
