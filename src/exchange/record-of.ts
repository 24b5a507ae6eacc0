/** Objects whose keys the user chose. Zod's own record leaves `__proto__` out without a word; here it is a name like any other. */
import * as z from 'zod';

export function recordOf<Value extends z.ZodType>(value: Value) {
  return z.unknown().transform((given, context): Record<string, z.output<Value>> => {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      context.addIssue({ code: 'custom', message: 'expected an object', input: given });
      return z.NEVER;
    }
    const entries = Object.entries(given).map(([name, inside]) => {
      const parsed = value.safeParse(inside);
      for (const { message, path } of parsed.error?.issues ?? [])
        context.addIssue({ code: 'custom', message, path: [name, ...path], input: inside });
      return [name, parsed.data as z.output<Value>] as const;
    });
    return Object.fromEntries(entries);
  });
}
