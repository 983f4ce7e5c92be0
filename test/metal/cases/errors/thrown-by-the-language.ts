// Errors that the language throws are instances of their classes.
const nul: any = null;
try {
  nul.x;
} catch (e: any) {
  console.log(`${e instanceof TypeError} ${e instanceof Error} ${e.name} ${e.constructor === TypeError}`);
}
try {
  JSON.parse('{bad');
} catch (e: any) {
  console.log(`${e instanceof SyntaxError} ${e.name}`);
}
try {
  new Array(-1);
} catch (e: any) {
  console.log(`${e instanceof RangeError} ${e.name}`);
}
try {
  (5 as any)();
} catch (e: any) {
  console.log(`${e instanceof TypeError} ${e.name}`);
}
Promise.resolve()
  .then(() => nul.y)
  .catch((e) => console.log(`caught ${e instanceof TypeError}`));
(async () => nul.z)().then(undefined, (e) => console.log(`async ${e instanceof TypeError}`));
Promise.any([Promise.reject(1)]).catch((e) =>
  console.log(`any ${e instanceof AggregateError} ${e.errors.length} ${e.message}`),
);
const p: any = new Promise((r) => {
  Promise.resolve().then(() => r(p));
});
p.catch((e: any) => console.log(`self ${e instanceof TypeError}`));

export {};
