// expect HED161
export class Port {
  accessor speed = 1;
}
