/** Turns a task's module into a function body where that changes nothing: a function is called anew in a twentieth of the time. */
import { transform } from 'esbuild';
import { FUNCTION_MARK } from './load-module.ts';

/** Loads others by a name that is known only while it runs, or asks where it is itself: a module must stay one. */
const MUST_STAY = /\bimport\s*[.(]|\b(?:createR|r)equire\b/;

/** Returns the text unchanged where a module must stay one: `import(...)`, `import.meta`, `require`, `await` at its top. */
export async function asFunction(text: string): Promise<string> {
  if (MUST_STAY.test(text)) return text;
  try {
    const { code } = await transform(text, {
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      charset: 'utf8',
      sourcemap: 'inline',
      logLevel: 'silent',
      tsconfigRaw: {},
    });
    return FUNCTION_MARK + code;
  } catch {
    // The author hears of no mistake here: the module was bundled a moment ago.
    return text;
  }
}
