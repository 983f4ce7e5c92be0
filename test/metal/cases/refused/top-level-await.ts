// expect HED155
// construct: top-level await
import { answer } from '../../modules/waiting.ts';

console.log(await Promise.resolve(answer));
