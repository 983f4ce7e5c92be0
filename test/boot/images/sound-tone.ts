// What the image of sound.test.ts plays, and its test expects: a tone that rises, so that no part of it is like another.

/** Returns the samples of a tone: whole numbers of 16 bits with a sign, one channel behind the other in each frame. The second channel is the first, turned over. */
export const toneOf = (frameCount: number, channels: number): Int16Array => {
  const samples = new Int16Array(frameCount * channels);
  let phase = 0;
  for (let frame = 0; frame < frameCount; frame++) {
    phase = (phase + 600 + Math.floor(frame / 4)) % 65536;
    const height = phase < 32768 ? phase : 65535 - phase; // 0 to 32767 and back.
    const sample = 2 * height - 32767 + (frame % 2);
    for (let channel = 0; channel < channels; channel++) {
      samples[frame * channels + channel] = channel === 0 ? sample : -sample;
    }
  }
  return samples;
};

/** The same of 8 bits without a sign. */
export const toneOf8 = (frameCount: number, channels: number): Uint8Array => {
  const samples = toneOf(frameCount, channels);
  const bytes = new Uint8Array(samples.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(samples[i]! / 256) + 128;
  return bytes;
};
