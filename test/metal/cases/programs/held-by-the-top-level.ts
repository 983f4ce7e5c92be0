// alone
// What statements at the top level hold is not garbage, wherever the compiler keeps it.
interface Note {
  readonly id: number;
  readonly text: string;
  readonly parts: number[];
}
const make = (id: number): Note => ({ id, text: `note ${id}`, parts: [id, id + 1, id + 2] });

for (let round = 0; round < 3; round++) {
  const kept: Note[] = [];
  for (let i = 0; i < 7; i++) kept.push(make(i));
  let garbage: Note[] = [];
  for (let i = 0; i < 300_000; i++) {
    garbage.push(make(i));
    if (garbage.length > 1000) garbage = [];
  }
  kept.forEach((note, i) => {
    if (note.id !== i || note.parts.length !== 3) console.log('lost', round, i);
  });
  console.log(round, kept.length, kept[6]);
}

export {};
