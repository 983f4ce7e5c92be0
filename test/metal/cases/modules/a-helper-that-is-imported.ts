// The program imports a module of the runtime itself. It then comes behind the other ones, and the body of a class there must do without it.
import { checkCallback } from '../../../../kernel/runtime/callback.ts';

checkCallback(() => {});
try {
  new AbortSignal();
} catch (error) {
  console.log(String(error), error instanceof TypeError);
}
