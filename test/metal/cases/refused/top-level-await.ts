// expect HED155
import { answer } from '../../modules/waiting.ts';

console.log(await Promise.resolve(answer));
