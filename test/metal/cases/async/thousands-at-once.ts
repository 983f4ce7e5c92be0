// alone
// More async functions at once than Porffor's own list has room for, exceptions through several of them, generators beside, and garbage
// enough that the collector comes by while all wait.
import { fulfil, pendingPromise } from '../../../../kernel/event/pending.ts';

interface Note {
  readonly id: number;
  readonly text: string;
  readonly parts: number[];
}
const make = (id: number): Note => ({ id, text: `note ${id}`, parts: [id, id + 1, id + 2] });

const litter = (): void => {
  let garbage: Note[] = [];
  for (let i = 0; i < 150_000; i++) {
    garbage.push(make(i));
    if (garbage.length > 1000) garbage = [];
  }
};

let good = 0;
const check = async (request: Promise<Note>, id: number): Promise<void> => {
  const mine = make(id);
  const note = await request;
  if (note.text === mine.text && note.parts.length === 3 && mine.parts[2] === id + 2) good++;
};

const requests: Promise<Note>[] = [];
const all: Promise<void>[] = [];
for (let i = 0; i < 17_000; i++) {
  const request = pendingPromise<Note>();
  requests.push(request);
  all.push(check(request, i));
}
litter();
requests.forEach((request, i) => fulfil(request, make(i)));
await Promise.all(all);
console.log('all at once:', good);

const leaf = async (request: Promise<Note>, id: number): Promise<Note> => {
  const mine = make(id);
  const note = await request;
  if (id % 7 === 0) throw new RangeError(`refused ${note.text} of ${mine.text}`);
  return { id: note.id, text: `${note.text}/${mine.text}`, parts: [...note.parts, ...mine.parts] };
};
const middle = async (request: Promise<Note>, id: number): Promise<string> => {
  const kept = [id, `${id}`];
  try {
    const note = await leaf(request, id);
    for (let i = 0; i < 3; i++) await (i % 2 === 0 ? null : Promise.resolve(i));
    return `${note.text}:${note.parts.join('+')}:${kept.join('')}`;
  } catch (error) {
    await null;
    return `caught ${String(error)} ${kept[0]}`;
  } finally {
    await id;
  }
};
function* count(limit: number) {
  try {
    for (let i = 0; i < limit; i++) yield { i, text: `${i}` };
  } finally {
    ended++;
  }
}
let ended = 0;

for (let round = 0; round < 2; round++) {
  const waiting: Promise<Note>[] = [];
  const texts: Promise<string>[] = [];
  for (let i = 0; i < 500; i++) {
    const request = pendingPromise<Note>();
    waiting.push(request);
    texts.push(middle(request, i));
    const walk = count(5);
    walk.next();
    if (i % 3 === 0) walk.return(undefined);
  }
  litter();
  waiting.forEach((request, i) => fulfil(request, make(i)));
  const seen = await Promise.all(texts);
  console.log(seen[6], seen[7], seen.filter((text) => text.startsWith('caught')).length, ended);
}
