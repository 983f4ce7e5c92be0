// An exception in a constructor.
class R {
  x = 1;
  constructor(n: number) {
    if (n > 1) throw new RangeError('ctor');
  }
}
const mk = (n: number) => {
  try {
    return new R(n);
  } catch (e) {
    return String(e);
  }
};
console.log(`${mk(2)} ${(mk(0) as any).x}`);

export {};
