// expect HED002
// construct: import =
import stars = require('../../modules/stars.ts');

export {};
