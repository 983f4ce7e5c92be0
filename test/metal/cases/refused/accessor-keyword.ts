// expect HED161
// construct: auto-accessor
export class Port {
  accessor speed = 1;
}
