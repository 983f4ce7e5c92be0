// expect HED008
// construct: declare enum
declare enum Host {
  one,
}
console.log(Host.one);
