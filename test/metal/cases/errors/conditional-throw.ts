// throw on one path.
const t = (x: any) => {
  if (x) throw new Error('t');
  else return 'ok';
};
let r = '';
try {
  r = t(0);
  r += t(1);
} catch (e) {
  r += String(e);
}
console.log(r);

export {};
