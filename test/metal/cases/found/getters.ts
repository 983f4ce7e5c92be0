// Getters behind an interface are read once, whatever is called on what they give.
import { test } from '../../test.ts';

interface Holder {
  readonly list: readonly number[];
  readonly text: string;
  readonly inner: { go(): number };
}

let reads = 0;

class Counting implements Holder {
  get list(): readonly number[] {
    reads += 1;
    return [3, 1, 2];
  }
  get text(): string {
    reads += 1;
    return 'abc';
  }
  get inner(): { go(): number } {
    reads += 1;
    return { go: () => reads };
  }
}

const plain: Holder = { list: [9], text: 'xyz', inner: { go: () => -1 } };

const show = (holder: Holder): void => {
  console.log(
    holder.list.map((n) => n * 2),
    reads,
  );
  console.log(holder.list.join('-'), reads, holder.list.slice(1), reads, holder.list.indexOf(2), reads);
  console.log(holder.text.charAt(1), reads, holder.text.slice(1), reads, holder.text.at(-1), reads);
  console.log(holder.inner.go(), reads, holder.list.at(0), reads, holder.list.includes(2), reads);
};

test('getter: behind a property of an interface is read once', () => {
  show(new Counting());
  show(plain);
});
