import {
  fulfil,
  fulfilAt,
  type PendingList,
  pendingAt,
  pendingPromise,
  reject,
} from '../../../../kernel/event/pending.ts';

const read = async (request: Promise<string>): Promise<void> => {
  try {
    console.log('read:', await request);
  } catch (error) {
    console.log('failed:', String(error));
  }
};

const first = pendingPromise<string>();
const second = pendingPromise<string>();
const third = pendingPromise<string>();
void read(first);
void read(second);
third.then((text) => console.log('then:', text));
void Promise.all([first, third]).then((texts) => console.log('all:', texts.join(' ')));
void Promise.race([second, first]).catch((error) => console.log('race:', String(error)));

console.log('nothing has settled');
reject(second, new RangeError('no such sector'));
fulfil(first, 'one');
fulfil(first, 'one again');
reject(first, new Error('too late'));
queueMicrotask(() => console.log('a job behind both'));
console.log('settled, and nobody has run');

const adopted = pendingPromise<string | Promise<string>>();
fulfil(adopted, Promise.resolve('of another promise'));
void read(adopted as Promise<string>);
const counted = pendingPromise<{ readonly count: number }>();
fulfil(counted, { count: 3 });
counted.then(({ count }) => console.log('count:', count));
queueMicrotask(() => fulfil(third, 'three'));

const handledLate = pendingPromise<number>();
reject(handledLate, new Error('handled by the next line'));
handledLate.catch((error) => console.log('late:', String(error)));

const settled = async (): Promise<void> => {
  const bytes = pendingPromise<Uint8Array>();
  queueMicrotask(() => fulfil(bytes, new Uint8Array([1, 2, 3])));
  console.log(await bytes);
  const nothing = pendingPromise<void>();
  queueMicrotask(() => fulfil(nothing, undefined));
  console.log(await nothing);
  console.log(first instanceof Promise, typeof first.then);
};
void settled();

// By number, with some garbage between them.
const list: PendingList = [];
const inTurn = async (index: number): Promise<void> => {
  for (let round = 0; round < 3; round++) {
    const text = await pendingAt<string>(list, index);
    console.log(index, round, text);
  }
};
const answer = async (): Promise<void> => {
  for (let round = 0; round < 40; round++) {
    const waste = Array.from({ length: 2000 }, (_, i) => ({ i, round }));
    fulfilAt(list, (round * 7) % 10, `answer ${round} of ${waste.length}`);
    await null;
  }
  fulfilAt(list, 10, 'nobody');
  console.log(list.map((each) => each === undefined).join());
};
for (let index = 0; index < 10; index++) void inTurn(index);
void answer();

export {};
