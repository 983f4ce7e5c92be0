// expect HED005
// construct: import defer
import defer * as stars from '../../modules/stars.ts';

console.log(stars.star);
