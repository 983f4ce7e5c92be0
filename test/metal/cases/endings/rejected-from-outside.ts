// ends 32
// says Error: the device is gone
import { pendingPromise, reject } from '../../../../kernel/event/pending.ts';

const request = pendingPromise<number>();
queueMicrotask(() => reject(request, new Error('the device is gone')));
console.log('waiting');

export {};
