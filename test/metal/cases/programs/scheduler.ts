// scheduler, a small program of the kind a kernel is made of.
class Task {
  id: number;
  prio: number;
  ticks = 0;
  fn: (task: Task) => boolean;
  constructor(id: number, prio: number, fn: (task: Task) => boolean) {
    this.id = id;
    this.prio = prio;
    this.fn = fn;
  }
}
const q: Task[] = [];
const log: string[] = [];
const spawn = (id: number, prio: number, n: number): void => {
  q.push(
    new Task(id, prio, (t: Task) => {
      t.ticks++;
      log.push(`${t.id}@${t.ticks}`);
      return t.ticks < n;
    }),
  );
};
spawn(1, 2, 3);
spawn(2, 5, 2);
spawn(3, 2, 1);
while (q.length > 0) {
  let bi = 0;
  for (let i = 1; i < q.length; i++) if (q[i].prio > q[bi].prio) bi = i;
  const t = q.splice(bi, 1)[0];
  if (t.fn(t)) q.push(t);
}
console.log(log.join(' '));

export {};
