// A scheduler: tasks that wait for one another.
class Scheduler {
  private waiting: { at: number; wake: () => void }[] = [];
  private now = 0;
  sleep(ticks: number): Promise<void> {
    return new Promise((wake) => {
      this.waiting.push({ at: this.now + ticks, wake });
    });
  }
  async run(limit: number): Promise<void> {
    for (; this.now <= limit; this.now++) {
      const due = this.waiting.filter((w) => w.at <= this.now);
      this.waiting = this.waiting.filter((w) => w.at > this.now);
      for (const { wake } of due) wake();
      for (let i = 0; i < 4; i++) await null;
    }
  }
}
const scheduler = new Scheduler();
const task = async (name: string, step: number): Promise<string> => {
  for (let i = 0; i < 3; i++) {
    await scheduler.sleep(step);
    console.log(name, i);
  }
  return `${name} done`;
};
void Promise.all([task('a', 1), task('b', 2), task('c', 3)]).then((all) => console.log(all.join()));
void scheduler.run(12);

export {};
