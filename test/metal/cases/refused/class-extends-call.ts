// expect HED158
const mixin = (): { new (): object } => Object;
export class Mixed extends mixin() {}
