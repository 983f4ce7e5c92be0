// What Porffor writes out at every place where it is used, put into functions. Most of the control plane runs once, and under TCG an
// instruction is translated before it runs the first time: what counts is how many different ones run, not how often.
//
//   if (type of o is undefined) throw…; else v = get(o, "key", …)      v = hedyn_get(o, key, …)
//   call(f, this, …, (jsbits[]){ pack(a), pack(b) })                     hedyn_call2(f, this, a, b)
//   seven stores and a barrier                                           hedyn_put(o, index, hash, key, value)
//
// Each rewrite means what stood there before. One that finds nothing is no error: a small program does not use everything.

import { NO_OBJECT_HELPER, nameMissingObjects } from './missing-objects.ts';
import { CALL_HELPERS, outlineCalls } from './outline-calls.ts';
import { outlineClasses } from './outline-classes.ts';
import { NUMBER_HELPERS, outlineNumbers } from './outline-numbers.ts';
import { outlineProperties } from './outline-properties.ts';
import { outlineTexts } from './outline-texts.ts';
import { passRest } from './rest-arguments.ts';

/** Behind it everything that the helpers call is declared. */
const AFTER = 'static jsval porf_call_dynamic_arr(jsval fn, jsval thisv, jsval newtv, jsval arr);\n';

/** Returns `c` with what stands at many places put into functions. Throws an Error when Porffor's head has changed. */
export const outline = (c: string): string => {
  const at = c.indexOf(AFTER) + AFTER.length;
  if (at < AFTER.length) throw new Error(`Porffor's C has changed: no ${AFTER}`);
  const properties = outlineProperties(nameMissingObjects(c.slice(at)));
  const texts = outlineTexts(properties.text);
  const classes = outlineClasses(outlineCalls(outlineNumbers(texts.text)));
  const rest = passRest(classes.text);
  return [
    c.slice(0, at),
    NO_OBJECT_HELPER,
    CALL_HELPERS,
    NUMBER_HELPERS,
    properties.helpers,
    texts.helpers,
    classes.helpers,
    rest.helpers,
    rest.text,
  ].join('');
};
