// Promises between timers: sleep, races, chains, tasks that wait for one another, an async iteration over a clock.
const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const task = async (name: string, step: number, count: number): Promise<string> => {
  for (let index = 1; index <= count; index++) {
    await sleep(step);
    console.log(name, index);
  }
  return `${name} done`;
};

async function* clock(step: number, count: number): AsyncGenerator<number> {
  for (let tick = 1; tick <= count; tick++) {
    await sleep(step);
    yield tick;
  }
}

const timeout = (milliseconds: number): Promise<never> =>
  new Promise((_, reject) => setTimeout(() => reject(new Error(`no answer in ${milliseconds} ms`)), milliseconds));

const main = async (): Promise<void> => {
  console.log((await Promise.all([task('slow', 750, 1), task('quick', 20, 3), task('mid', 250, 2)])).join());
  console.log(await Promise.race([sleep(300).then(() => 'late'), sleep(20).then(() => 'early')]));
  try {
    await Promise.race([sleep(400), timeout(30)]);
  } catch (error) {
    console.log(String(error));
  }
  for await (const tick of clock(5, 4)) console.log('tick', tick);
  const results = await Promise.allSettled([sleep(30), timeout(10), Promise.any([timeout(20), sleep(200)])]);
  console.log(results.map(({ status }) => status).join());
  await new Promise<void>((resolve) => setImmediate(resolve));
  console.log('after an immediate');
};
main().then(
  () => console.log('main is done'),
  (error) => console.log('failed', String(error)),
);

export {};
