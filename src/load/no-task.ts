/** Of a module that exports something else, or nothing. */
export const NO_TASK =
  'it has no task: a task module ends in `export default defineTask({ inputs, params, outputs, run })`';
