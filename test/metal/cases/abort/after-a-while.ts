// alone
// AbortSignal.timeout, and what waits with it.
const show = (reason: unknown): void => {
  if (!(reason instanceof DOMException)) return console.log('not a DOMException:', reason);
  console.log(String(reason), reason.name, reason.message, reason.code);
};

for (const delay of [-1, 1.5, 2 ** 32, 2 ** 40 + 1, Number.NaN, '5' as unknown as number, null as unknown as number]) {
  try {
    AbortSignal.timeout(delay);
    console.log('no error for', delay);
  } catch (error) {
    console.log(String(error));
  }
}

const keepAlive = setInterval(() => {}, 1000);
const aborted = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    signal.onabort = () => resolve(signal.reason);
  });

const short = AbortSignal.timeout(5);
const endless = AbortSignal.timeout(3_600_000);
const either = AbortSignal.any([endless, short, new AbortController().signal]);
console.log(short, either.aborted);
show(await aborted(short));
console.log((await aborted(either)) === short.reason, short, endless);

const work = async (signal: AbortSignal): Promise<string> => {
  for (;;) {
    signal.throwIfAborted();
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
};
try {
  console.log(await work(AbortSignal.timeout(3)));
} catch (error) {
  show(error);
}
show(await aborted(AbortSignal.timeout(0)));
clearInterval(keepAlive);
// Nobody waits for this one, and it keeps nothing alive.
endless.onabort = () => console.log('never');
console.log('end');

export {};
