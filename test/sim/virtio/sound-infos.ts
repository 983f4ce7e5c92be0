// What a simulated sound device says of its streams, jacks, channel maps and controls, in bytes. VIRTIO 1.2 §5.14.6, VIRTIO 1.3 §5.14.6.10.

/** What a stream says of itself. Formats and rates are the numbers of the specification. */
export interface SimSoundStream {
  readonly direction: number;
  readonly formats?: readonly number[];
  readonly rates?: readonly number[];
  readonly channels?: readonly [min: number, max: number];
  readonly features?: number;
  readonly group?: number;
}

export interface SimSoundJack {
  readonly group?: number;
  readonly features?: number;
  readonly configuration?: number;
  readonly capabilities?: number;
  readonly connected?: number;
}

export interface SimSoundControl {
  readonly role?: number;
  readonly type: number;
  readonly access: number;
  readonly count?: number;
  readonly index?: number;
  readonly name?: string;
  /** The bytes of its range, from the end of the name on. */
  readonly range?: Uint8Array;
  readonly items?: readonly string[];
  value: Uint8Array;
  metadata?: Uint8Array;
}

/** Returns 32 bits, all ones beyond the end. */
export const get = (bytes: Uint8Array, offset: number): number =>
  offset + 4 > bytes.length ? 0xffffffff : new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset, true);

export const put = (bytes: Uint8Array, offset: number, value: number): void =>
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(offset, value, true);

/** Returns an answer that is its status alone. */
export const status = (code: number): Uint8Array => {
  const bytes = new Uint8Array(4);
  put(bytes, 0, code);
  return bytes;
};

export const joined = (...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

/** Returns text that ends with zeros. */
export const textOf = (text: string, length: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  bytes.set(new TextEncoder().encode(text).subarray(0, length));
  return bytes;
};

const bits = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + 2 ** number, 0);

export const jackInfo = ({
  group = 0,
  features = 0,
  configuration = 0,
  capabilities = 0,
  connected = 0,
}: SimSoundJack): Uint8Array => {
  const info = new Uint8Array(24);
  [group, features, configuration, capabilities].forEach((value, i) => {
    put(info, 4 * i, value);
  });
  info[16] = connected;
  return info;
};

export const streamInfo = (stream: SimSoundStream): Uint8Array => {
  const { direction, formats = [5, 19], rates = [1, 7], channels = [1, 2], features = 0, group = 0 } = stream;
  const info = new Uint8Array(32);
  put(info, 0, group);
  put(info, 4, features);
  put(info, 8, bits(formats));
  put(info, 16, bits(rates));
  info.set([direction, ...channels], 24);
  return info;
};

export const mapInfo = ([direction, ...positions]: readonly number[]): Uint8Array => {
  const info = new Uint8Array(24);
  info[4] = direction!;
  info[5] = positions.length;
  info.set(positions.slice(0, 18), 6);
  return info;
};

export const controlInfo = (control: SimSoundControl): Uint8Array => {
  const {
    role = 0,
    type,
    access,
    count = 1,
    index = 0,
    name = 'Master Playback Volume',
    range = new Uint8Array(24),
  } = control;
  const info = new Uint8Array(92);
  [0, role, type, access, count, index].forEach((value, i) => {
    put(info, 4 * i, value);
  });
  info.set(textOf(name, 44), 24);
  info.set(range, 68);
  return info;
};
