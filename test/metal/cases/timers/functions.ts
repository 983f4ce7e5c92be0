// Timers, one function at a time. test/metal/cases/timers has more about their order.
import { test, testAsync } from '../../test.ts';

testAsync('setTimeout: hands its values on', async () => {
  await new Promise<void>((resolve) => {
    setTimeout(
      (a: number, b: string) => {
        console.log(a, b);
        resolve();
      },
      1,
      7,
      'seven',
    );
  });
});

testAsync('setTimeout: by time, then by place', async () => {
  const seen: string[] = [];
  await new Promise<void>((resolve) => {
    setTimeout(() => seen.push('c'), 12);
    setTimeout(() => seen.push('a'), 2);
    setTimeout(() => seen.push('b'), 2);
    setTimeout(resolve, 20);
  });
  console.log(seen.join(' '));
});

testAsync('clearTimeout: nothing runs', async () => {
  const timer = setTimeout(() => console.log('never'), 1);
  clearTimeout(timer);
  clearTimeout(timer);
  clearTimeout(undefined);
  await new Promise<void>((resolve) => setTimeout(resolve, 5));
  console.log('quiet');
});

testAsync('setInterval: again and again', async () => {
  let count = 0;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      count++;
      if (count === 3) {
        clearInterval(timer);
        resolve();
      }
    }, 1);
  });
  console.log(count);
});

testAsync('clearInterval: from outside', async () => {
  let count = 0;
  const timer = setInterval(() => count++, 1);
  clearInterval(timer);
  await new Promise<void>((resolve) => setTimeout(resolve, 5));
  console.log(count);
});

testAsync('setImmediate: behind jobs, with values', async () => {
  const seen: string[] = [];
  await new Promise<void>((resolve) => {
    setImmediate((text: string) => {
      seen.push(text);
      resolve();
    }, 'immediate');
    queueMicrotask(() => seen.push('job'));
    seen.push('now');
  });
  console.log(seen.join(' '));
});

testAsync('clearImmediate: nothing runs', async () => {
  const immediate = setImmediate(() => console.log('never'));
  clearImmediate(immediate);
  await new Promise<void>((resolve) => setImmediate(resolve));
  console.log('quiet');
});

testAsync('AbortSignal.timeout: aborts with a TimeoutError', async () => {
  const signal = AbortSignal.timeout(1);
  console.log(signal.aborted);
  await new Promise<void>((resolve) => setTimeout(resolve, 10));
  console.log(signal.aborted, (signal.reason as DOMException).name);
});

test('performance.now: goes forward', () => {
  const first = performance.now();
  let last = first;
  for (let i = 0; i < 1000; i++) {
    const now = performance.now();
    if (now < last) console.log('backwards');
    last = now;
  }
  console.log(typeof first, last >= first, first >= 0);
});

test('performance.timeOrigin: is before now', () => {
  console.log(performance.timeOrigin <= Date.now(), performance.timeOrigin > 1.6e12);
});
