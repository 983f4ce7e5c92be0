// alone
// construct: top-level await
import { fulfil, pendingPromise } from '../../../../kernel/event/pending.ts';

console.log('before');
void sayLater();
const first = await Promise.resolve(1);
console.log('first', first);
export class Port {
  static count = first + 1;
  readonly name: string;
  constructor(name: string) {
    this.name = name;
    Port.count++;
  }
  describe(): string {
    return `${this.name} ${Port.count}`;
  }
}
export class Serial extends Port {
  override describe(): string {
    return `serial ${super.describe()}`;
  }
}
console.log(new Serial('a').describe(), new Serial('b') instanceof Port, Serial.name, new Port('x'));
export const value: number =
  (await (async () => {
    await null;
    return 5;
  })()) + first;
const pending = pendingPromise<string>();
queueMicrotask(() => fulfil(pending, 'from outside'));
const { length, a = 3 } = (await pending) as unknown as { length: number; a?: number };
console.log(length, a, value);
async function* count() {
  for (let i = 0; i < 3; i++) {
    await null;
    yield i;
  }
}
const later: (() => number)[] = [];
for await (const n of count()) {
  later.push(() => n);
  if (n === 2) break;
}
for await (const n of [Promise.resolve('x'), 'y']) console.log(n);
console.log(later.map((f) => f()));
try {
  await Promise.reject(new RangeError('caught at top level'));
} catch (error) {
  console.log(String(error));
} finally {
  console.log('finally', await 9);
}
let total = 0;
for (let i = 0; i < 3; i++) {
  total += await Promise.resolve(i);
  later.push(() => i);
}
while (total < 10) {
  const step = await total;
  later.push(() => step);
  total += step;
}
console.log(
  total,
  later.map((f) => f()),
);
switch (await Promise.resolve('k')) {
  case 'j':
    console.log('j');
    break;
  case 'k':
    console.log('k');
}
label: for (const x of [1, 2, 3]) {
  for (const y of [1, 2]) {
    await null;
    if (x * y === 2) continue label;
    if (x === 3) break label;
    console.log(x, y);
  }
}
export function sayLater(): Promise<void> {
  return Promise.resolve().then(() => console.log('later'));
}
if (total > 5) console.log(`sum ${1 + (await 2) + total}`, await Promise.all([1, await 2]));
export default await 7;
console.log('end');
