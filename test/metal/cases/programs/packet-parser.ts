// packet parser, a small program of the kind a kernel is made of.
const S = { IDLE: 0, HDR: 1, DATA: 2, CRC: 3 };
class P {
  st = S.IDLE;
  len = 0;
  buf: number[] = [];
  out: string[] = [];
  feed(b: number): void {
    switch (this.st) {
      case S.IDLE:
        if (b === 0x7e) this.st = S.HDR;
        break;
      case S.HDR:
        this.len = b;
        this.buf = [];
        this.st = b > 0 ? S.DATA : S.CRC;
        break;
      case S.DATA:
        this.buf.push(b);
        if (this.buf.length === this.len) this.st = S.CRC;
        break;
      case S.CRC: {
        let x = 0;
        for (const y of this.buf) x ^= y;
        this.out.push(x === b ? `ok:${this.buf.join(',')}` : 'bad');
        this.st = S.IDLE;
        break;
      }
    }
  }
}
const p = new P();
for (const b of [1, 0x7e, 3, 5, 6, 7, 4, 0x7e, 0, 0, 0x7e, 1, 9, 8]) p.feed(b);
console.log(p.out.join('|'));

export {};
