// Values of every kind side by side: code points, keys of numbers, enums, generics, single precision.
for (const c of 'a😀é') console.log(c, c.length);
console.log([...'a😀b'], Array.from('😀x'), new Set('😀a').size);
const [x, y] = '😀z';
console.log(x, y);
const pick = <T>(list: readonly T[], i: number): T | undefined => list[i];
console.log(pick([1, 2], 5), pick(['a'], 0));
const anyValue: unknown = JSON.parse('{"n":1e-7}');
console.log(anyValue, `${(anyValue as { n: number }).n}`, String(anyValue));
const record: Record<number, string> = { 1: 'a' };
record[1e-7] = 'tiny';
record[1e21] = 'huge';
console.log(record, record[1e-7]);
enum Color {
  Red,
  Green = 5,
  Blue,
}
console.log(Color, Color.Blue, Color[5], `${Color.Red}`, 'c' + Color.Green);
const sum = (...n: number[]): number => n.reduce((a, b) => a + b, 0);
console.log(sum(1, 2, 3), 'total ' + sum(4, 5) + '!', typeof sum(1));
const o = { toString: (): string => 'custom' };
console.log('o: ' + o, `${o}`, [o] + '', [o, [o]].join());
let s = 'x';
for (let i = 0; i < 3; i++) {
  s = s + i + ',';
}
console.log(s);
const t = (n: number | null): string => 'v' + n + (n ?? 'none');
console.log(t(null), t(3));
const gen = <T extends string | number>(v: T): string => 'g' + v;
console.log(gen(1), gen('a'));
const f32 = new Float32Array(2);
f32[0] = 0.1;
console.log(f32[0], f32);
console.log(
  [3, 1, 2]
    .sort()
    .map((n) => n * 2 + 'x')
    .join(),
  [1, 2, 3].at(-1)! + 1,
  10 + +'5',
);
const big = new Uint32Array([4294967295]);
console.log(big[0]! + 1, big[0]! * 2, big[0]! | 0, -big[0]!, ~big[0]!);
