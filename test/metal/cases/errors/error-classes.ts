// Own error classes: message, name, cause, chains of instanceof, JSON and String.
class MyErr extends Error {}
try {
  throw new MyErr('boo');
} catch (e: any) {
  console.log(`${e instanceof MyErr} ${e instanceof Error} ${e.message} ${e.name} ${String(e)} ${e.constructor.name}`);
}
class NetError extends TypeError {
  code: number;
  constructor(message: string, code: number, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'NetError';
    this.code = code;
  }
  get full() {
    return `${this.name}/${this.code}`;
  }
}
class DeepError extends NetError {
  constructor() {
    super('deep', 9, { cause: new Error('root') });
  }
}
try {
  throw new DeepError();
} catch (e: any) {
  console.log(
    `${e instanceof DeepError} ${e instanceof NetError} ${e instanceof TypeError} ${e instanceof Error} ${e instanceof RangeError} ${e} ${e.full} ${e.cause.message} ${Object.keys(e).join(',')} ${JSON.stringify(e)}`,
  );
}
console.log(
  `${new TypeError('x') instanceof Error} ${new TypeError('x') instanceof TypeError} ${Error('called')} ${RangeError('r').name}`,
);
const e1: any = new Error('m');
e1.name = 'Foo';
e1.code = 'E1';
console.log(`${e1} ${e1.code} ${Object.keys(e1).join(',')}`);
const e2 = Object.assign(new Error('msg'), { code: 'E2' });
console.log(`${e2.code} ${e2.message} ${e2 instanceof Error} ${e2.name}`);
const classes = { Error, T: TypeError };
console.log(`${new classes.Error('a')} ${new classes.T('b')}`);
const make = (K: typeof Error, m: string) => new K(m);
console.log(`${make(RangeError, 'rr')} ${new classes.Error('q').message}`);
const ag = new AggregateError([new Error('1'), 2], 'many');
console.log(`${ag} ${ag.errors.length} ${ag.name}`);

export {};
