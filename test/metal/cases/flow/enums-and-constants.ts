// Enums, const enums in objects, reverse names.
enum Level {
  Low,
  Mid = 5,
  High,
}
enum Name {
  A = 'a',
  B = 'b',
}
const f = (l: Level): string => {
  switch (l) {
    case Level.Low:
      return 'low';
    case Level.Mid:
      return 'mid';
    case Level.High:
      return 'high';
  }
};
console.log(f(Level.High), f(0), Level[5], Name.B, Level.High | 1);
const inFn = (): number => {
  enum Local {
    P = 3,
    Q,
  }
  return Local.Q;
};
console.log(inFn());

export {};
