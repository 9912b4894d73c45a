/** Turns a module into a function body if that changes nothing: calling it again takes a twentieth of the time. */
import { transform } from 'esbuild';
import { FUNCTION_MARK } from './load-module.ts';

/** Code that imports by a name known only while it runs, or asks for its own place, must stay a module. */
const MUST_STAY_MODULE = /\bimport\s*[.(]|\b(?:createR|r)equire\b/;

/** Returns the text unchanged if it must stay a module: `import(...)`, `import.meta`, `require`, `await` at its top. */
export async function asFunction(text: string): Promise<string> {
  if (MUST_STAY_MODULE.test(text)) return text;
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
    // Not a mistake of the author, for bundling has succeeded: only a module can have `await` at its top.
    return text;
  }
}
