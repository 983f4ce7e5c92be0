// What is said of a property of undefined or null names the property.
const show = (read: () => unknown): void => {
  try {
    console.log('no error', read());
  } catch (error) {
    console.log(String(error), error instanceof TypeError);
  }
};
interface Part {
  x: number;
  part: Part;
  list: number[];
  name: string;
  run(): number;
}
const none = undefined as unknown as Part;
const nil = null as unknown as Part;
const empty = {} as unknown as Part;
const key = 'dynamic' as 'x';
show(() => none.x);
show(() => nil.x);
show(() => none.name);
show(() => nil.name);
show(() => empty.part.x);
show(() => empty.part.part.x);
show(() => empty.list.length);
show(() => empty.list[0]);
show(() => nil.list[0]);
show(() => empty.part.run());
show(() => empty.list.push(3));
show(() => empty.list.map((value) => value));
show(() => {
  empty.part.x = 3;
  return 1;
});
show(() => {
  nil.x = 3;
  return 1;
});
show(() => empty.part[key]);
show(() => (none as unknown as number[])[3]);

export {};
