// A queue between tasks; promises that settle once; thenables.
class S {
  q: any[] = [];
  ws: any[] = [];
  get = async () => {
    while (this.q.length === 0) {
      await new Promise<void>((r) => {
        this.ws.push(r);
      });
    }
    return this.q.shift();
  };
  put = (v: any) => {
    this.q.push(v);
    const w = this.ws.shift();
    if (w) w();
  };
}
const s = new S();
(async () => {
  for (let i = 0; 3 > i; i++) console.log(`${await s.get()}`);
})();
s.put(1);
s.put(2);
s.put(3);
const w: any[] = [];
const get = async () => {
  await new Promise<void>((r) => {
    w.push(r);
  });
  return 5;
};
get().then((x) => console.log(`${x}`));
const f = w.shift();
if (f) f();
console.log('z');
const g3 = (a: number, b: number, c: number) => a + b + c;
const f3 = async (x: number) => x;
(async () => {
  let k = 1;
  const r = g3(k, await f3(2), await f3(3));
  console.log(`${r}`);
  console.log(`${await f3(await f3(await f3(9)))}`);
})();
(async () => {
  let t = 0;
  for (let i = 0; i < 20000; i++) {
    t += await i;
  }
  console.log(`${t}`);
})();
new Promise((_, rej) => rej(new Error('r1')))
  .then(
    () => console.log('no'),
    (e) => {
      console.log(`${e}`);
      throw new Error('r2');
    },
  )
  .then(undefined, (e) => console.log(`${e}`))
  .then((v) => console.log(`${v}`));
new Promise<number>((res, rej) => {
  res(1);
  rej(new Error('late'));
  res(2);
  throw new Error('ignored');
}).then((v) => console.log(`once ${v}`));
new Promise(() => {
  throw new Error('exec');
}).catch((e) => console.log(`${e}`));
const th: any = {
  then(r: any, j: any) {
    r('thenable');
  },
};
Promise.resolve(th).then((v) => console.log(`${v}`));
(async () => {
  try {
    const bt: any = {
      then() {
        throw new Error('thenthrow');
      },
    };
    await bt;
  } catch (e) {
    console.log(`${e}`);
  }
})();
const same = Promise.resolve(1);
console.log(`${Promise.resolve(same) === same}`);
const c1 = Promise.resolve('a');
c1.then((v) => console.log(`1${v}`));
c1.then((v) => console.log(`2${v}`));
(async () => {
  const a = await c1;
  console.log(`3${a}`);
})();
Promise.reject(new Error('nt'))
  .then(() => 1)
  .then(() => 2)
  .catch((e) => console.log(`${e}`));
Promise.resolve(4)
  .then(5 as any)
  .then((v) => console.log(`pass${v}`));

export {};
