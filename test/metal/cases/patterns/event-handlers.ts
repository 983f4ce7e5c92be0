// Event handlers: a small program as a kernel has them.
const handlers: Record<string, (() => string)[]> = {};
const on = (e: string, h: () => string): (() => void) => {
  (handlers[e] ??= []).push(h);
  return () => {
    handlers[e] = handlers[e]!.filter((x) => x !== h);
  };
};
const offs: (() => void)[] = [];
for (const e of ['p', 'q']) for (let i = 0; i < 2; i++) offs.push(on(e, () => `${e}${i}`));
offs[1]!();
for (const [e, hs] of Object.entries(handlers)) console.log(e, hs.map((h) => h()).join());

export {};
