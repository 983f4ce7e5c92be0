// The name of a function or class is the one that was written, whatever the build calls it.
const show = (...names: string[]): void => console.log(`[${names.join('|')}]`);
const open = () => 1;
function close() {
  return 1;
}
class Valve {
  turn() {
    return 1;
  }
  static all() {
    return 2;
  }
  arrow = () => 1;
}
class Tap extends Valve {}
const Spout = class extends Valve {};
const Inner = class Named {};
const tools = {
  hammer: () => 1,
  saw() {
    return 1;
  },
};
const wait = async () => 1;
async function waitLonger() {}
function* steps() {
  yield 1;
}
const moreSteps = function* () {
  yield 1;
};
show(open.name, close.name, Valve.name, Tap.name, Spout.name, Inner.name, tools.hammer.name, tools.saw.name);
show(wait.name, waitLonger.name, steps.name, moreSteps.name, new Tap().constructor.name, new Spout().constructor.name);
show(Valve.prototype.turn.name, Valve.all.name, new Valve().arrow.name, (() => 1).name, (() => function () {})().name);
let later: () => number;
later = () => 1;
show(later.name, ((given = () => 1) => given.name)(), open.bind(null).name);
const { missing = () => 1 } = {} as { missing?: () => number };
show(missing.name);
for (let i = 0; i < 1; i++) {
  const open = () => i;
  function close() {
    return i;
  }
  show(open.name, close.name);
}
const outer = (): string => {
  const close = () => 3;
  return [close.name, [() => 1][0]!.name].join();
};
show(outer());
console.log(open, close, [later], { Spout });

export {};
