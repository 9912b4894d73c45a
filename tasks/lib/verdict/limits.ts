import type { FromSchema } from 'json-schema-to-ts';
import { verdictParams } from '../../../schemas/tasks/verdict.ts';

/** The limits of the criteria, with what their measures need: the parameters of `verdict` but for the recording's name. */
export type VerdictLimits = Omit<FromSchema<typeof verdictParams>, 'recording'>;

/** As the schema gives them. */
export const defaultLimits = Object.fromEntries(
  Object.entries(verdictParams.properties).flatMap(([name, property]) =>
    'default' in property ? [[name, property.default]] : [],
  ),
) as unknown as VerdictLimits;
