// expect HED166
export namespace Ports {
  export const first = 1;
}
