// FNV-1a of bytes: what guest and host compare instead of them.

/** Returns the hash, a number of 32 bits. */
export const hashOf = (bytes: Uint8Array): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash >>> 0;
};
