// Classes and functions of all kinds, generators and promises, as console.log shows them.
class Alpha {
  x = 1;
  static s = 3;
}
class Beta extends Alpha {}
class OwnError extends Error {}
console.log(Alpha, Beta, OwnError, [Alpha, Beta], { Alpha });
console.log(class {}, class extends Alpha {});
async function af() {}
function* gf() {}
async function* agf() {}
const arrow = async () => 1;
console.log(af, gf, agf, arrow, [af], { gf }, async () => 1);
console.log(
  function () {},
  () => 1,
  { m() {}, async n() {}, *o() {}, async *p() {} },
);
console.log(gf(), agf(), Promise.resolve(1));
console.log(new Beta(), [new Alpha()]);
console.log(`${String(Symbol('x'))}`, Alpha.name);
class Made {
  static create() {
    return new Made();
  }
  m() {}
}
console.log(
  Made,
  new Made().m,
  Made.create,
  Object.create(null),
  new (class Inline {
    a = 1;
  })(),
);

console.log(
  new Promise(() => {}),
  Promise.reject(new Error('x')).catch(() => 1),
  [Promise.resolve({ a: 1 })],
);
const rej = Promise.reject(3);
rej.catch(() => 0);
console.log(rej);
const it = gf();
it.next();
console.log([it], { it });

export {};
