// Async generators. ECMA-262 §27.6.
//
//   async function* f(x) { B }   ──►   function f(x) { return new AsyncGeneratorObject((function* () { B' })()); }
//
// In B' an `await x` is `yield new AwaitMark(x)`: the object below answers it with the value of the promise, one job later.

/** What the body yields for an `await`. */
export class AwaitMark {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

type RequestKind = 'next' | 'throw' | 'return';

interface Request {
  readonly kind: RequestKind;
  readonly value: unknown;
  readonly resolve: (step: IteratorResult<unknown>) => void;
  readonly reject: (error: unknown) => void;
}

/** What a call of an async generator returns. Requests that come while it runs wait in order. */
export class AsyncGeneratorObject {
  private readonly body: Generator<unknown, unknown, unknown>;
  private readonly requests: Request[] = [];
  private state: 'new' | 'started' | 'done' = 'new';
  private isRunning = false;

  constructor(body: Generator<unknown, unknown, unknown>) {
    this.body = body;
  }

  /** Resolves to the next value. */
  next(value?: unknown): Promise<IteratorResult<unknown>> {
    return this.ask('next', value);
  }

  /** Throws `error` at the yield where the body stands. */
  throw(error: unknown): Promise<IteratorResult<unknown>> {
    return this.ask('throw', error);
  }

  /** Ends the body at the yield where it stands; its finally blocks run. */
  return(value?: unknown): Promise<IteratorResult<unknown>> {
    return this.ask('return', value);
  }

  /** Returns itself. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  private ask(kind: RequestKind, value: unknown): Promise<IteratorResult<unknown>> {
    return new Promise((resolve, reject) => {
      this.requests.push({ kind, value, resolve, reject });
      if (!this.isRunning) this.serve();
    });
  }

  /** Serves the oldest request. */
  private serve(): void {
    const request = this.requests[0];
    if (request === undefined) return;
    this.isRunning = true;
    if (this.state === 'new' && request.kind !== 'next') this.state = 'done';
    if (request.kind === 'return') this.settleReturn(request.value);
    else if (this.state !== 'done') this.resume(request.kind, request.value);
    else if (request.kind === 'throw') this.fail(request.value);
    else this.answer({ value: undefined, done: true });
  }

  /** A value to return is awaited first. */
  private settleReturn(value: unknown): void {
    const isDone = this.state === 'done';
    Promise.resolve(value).then(
      (settled) => {
        if (isDone) this.answer({ value: settled, done: true });
        else this.resume('return', settled);
      },
      (error) => {
        if (isDone) this.fail(error);
        else this.resume('throw', error);
      },
    );
  }

  private resume(kind: RequestKind, value: unknown): void {
    this.state = 'started';
    let step: IteratorResult<unknown, unknown>;
    try {
      if (kind === 'next') step = this.body.next(value);
      else if (kind === 'throw') step = this.body.throw(value);
      else step = this.body.return(value);
    } catch (error) {
      this.state = 'done';
      this.fail(error);
      return;
    }
    if (!step.done && step.value instanceof AwaitMark) {
      this.awaitValue(step.value.value);
      return;
    }
    if (step.done) this.state = 'done';
    this.answer({ value: step.value, done: step.done === true });
  }

  private awaitValue(value: unknown): void {
    Promise.resolve(value).then(
      (settled) => this.resume('next', settled),
      (error) => this.resume('throw', error),
    );
  }

  private answer(step: IteratorResult<unknown>): void {
    this.requests.shift()?.resolve(step);
    this.isRunning = false;
    this.serve();
  }

  private fail(error: unknown): void {
    this.requests.shift()?.reject(error);
    this.isRunning = false;
    this.serve();
  }
}
