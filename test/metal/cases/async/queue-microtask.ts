// queueMicrotask.
queueMicrotask(() => console.log('q1'));
Promise.resolve().then(() => console.log('p1'));
queueMicrotask(() => {
  console.log('q2');
  queueMicrotask(() => console.log('q3'));
});
(async () => {
  await null;
  console.log('a1');
})();
console.log('sync');
const qm = queueMicrotask;
qm(() => console.log('q4'));

export {};
