// A let, const or class that is read before its declaration has run: ReferenceError, and the value afterwards.
const show = (f: () => unknown): void => {
  try {
    console.log('value', f());
  } catch (e) {
    const x = e as Error;
    console.log(`${x.name}: ${x.message}`);
  }
};
show(() => {
  const f = () => a;
  const r = f();
  const a = 1;
  return [r, a];
});
show(() => {
  const f = () => a;
  let r;
  if (Math.random() >= 0) r = f();
  let a = 1;
  a++;
  return [r, a];
});
const early = (): unknown => late;
show(early);
const late = 5 + Number('1');
show(early);
const mk = (): unknown => new LateClass();
show(mk);
class LateClass {
  x = 1;
}
show(mk);
const usesEnum = () => lateObject.x;
show(usesEnum);
const lateObject = { x: 2 };
show(usesEnum);

export {};
