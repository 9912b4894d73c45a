import type { FromSchema } from 'json-schema-to-ts';
import type { verdictParams } from '../../../schemas/tasks/verdict.ts';

/** The limits of the criteria, with what their measures need: the parameters of `verdict` but for the recording's name. */
export type VerdictLimits = Omit<FromSchema<typeof verdictParams>, 'recording'>;
