// An index whose name is that of an accessor of arrays: Porffor took list[length] for list.length.
interface Box {
  readonly list: (string | undefined)[];
  readonly bytes: Uint8Array;
  readonly map: Record<string, number>;
}
const box: Box = { list: ['zero', 'one'], bytes: new Uint8Array([5, 6]), map: { a: 1 } };
const byByteLength = ({ list }: Box, byteLength: number): unknown => list[byteLength];
const byByteOffset = ({ list }: Box, byteOffset: number): unknown => list[byteOffset];
const byLength = ({ list }: Box, length: number): unknown => list[length];
const bySize = ({ list }: Box, size: number): unknown => list[size];
const byName = ({ list }: Box, name: number): unknown => list[name];
const byFlags = ({ list }: Box, flags: number): unknown => list[flags];
const byDescription = ({ list }: Box, description: number): unknown => list[description];
const bytesByLength = ({ bytes }: Box, length: number): unknown => bytes[length];
const bytesByByteLength = ({ bytes }: Box, byteLength: number): unknown => bytes[byteLength];
const mapBySize = ({ map }: Box, size: string): unknown => map[size];
const mapByLength = ({ map }: Box, length: string): unknown => map[length];
const textByLength = (text: string, length: number): unknown => text[length];
console.log(
  byByteLength(box, 1),
  byByteOffset(box, 1),
  byLength(box, 1),
  bySize(box, 1),
  byName(box, 1),
  byFlags(box, 1),
  byDescription(box, 1),
);
console.log(
  bytesByLength(box, 1),
  bytesByByteLength(box, 1),
  mapBySize(box, 'a'),
  mapByLength(box, 'a'),
  textByLength('xyz', 1),
);
const store = (list: (string | undefined)[], bytes: Uint8Array, buffer: number): void => {
  list[buffer] = 'new';
  bytes[buffer] = 9;
  bytes[buffer]++;
  bytes[buffer] += 300;
};
store(box.list, box.bytes, 1);
const bytes = new Uint8Array(4);
const buffer = 2;
bytes[buffer] = 7;
const byteLength: string = 'a';
const record: Record<string, number> | undefined = { a: 3 };
console.log(box.list[1], box.bytes[1], bytes[buffer], record?.[byteLength]);
for (let byteOffset = 0; byteOffset < 4; byteOffset++) bytes[byteOffset] = bytes[byteOffset]! + byteOffset;
console.log(bytes.join());
const append = (list: number[], length: number): number[] => {
  list[length] = 5;
  list[length] += 2;
  return list;
};
console.log(append([1, 2], 2).join(), append([1, 2, 3], 1).join());
const length = 1;
const words = ['a', 'b', 'c'];
console.log(words[length], words.length, 'xyz'[length], bytes[length]);
