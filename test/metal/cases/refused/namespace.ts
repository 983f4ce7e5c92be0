// expect HED166
// construct: namespace
export namespace Ports {
  export const first = 1;
}
