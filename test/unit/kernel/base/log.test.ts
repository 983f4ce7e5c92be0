import { log, startLog, stopLog } from '../../../../kernel/base/log.ts';
import { afterEach, describe, expect, it } from '../../../../kernel/test/index.ts';

describe('the log', () => {
  afterEach(stopLog);

  it('a line is level, subject and text', () => {
    let text = '';
    startLog((line) => {
      text += line;
    }, 'info');
    log('warn', '0000:00:02.0', 'odd');
    log('error', 'pci', 'bad');
    expect(text).toBe('warn 0000:00:02.0: odd\nerror pci: bad\n');
  });

  it('what weighs less than the level is left out', () => {
    let text = '';
    startLog((line) => {
      text += line;
    }, 'warn');
    log('info', 'a', 'b');
    log('debug', 'a', 'b');
    expect(text).toBe('');
  });

  it('is off before it is started', () => {
    expect(() => log('error', 'a', 'b')).not.toThrow();
  });
});
