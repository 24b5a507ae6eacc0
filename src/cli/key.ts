/** `linchpin key`: makes an API key. */
import { parseInstant } from '../domain/instant.ts';
import { ROLES, type Role } from '../domain/principal.ts';
import { type Command, DONE, textOption, UsageError } from './command.ts';

export const keyCommand: Command = {
  name: 'key',
  summary: 'make an API key',
  help: `Usage: linchpin key NAME --role reader|operator|admin [--within ID]... [--model ID]... [--expires INSTANT] >> FILE

Makes an API key for NAME, who stands in the audit log. The line that lets it in goes to stdout: it belongs into the file
that AUTH_KEYS_FILE names, and holds only a hash. The key itself goes to stderr, once; it is kept nowhere.

  --role ROLE        reader: asks; operator: also reports, desires, maintains; admin: also changes the graph
  --within ID        sees this twin and what is inside it, and nothing else; may be given several times
  --model ID         sees twins of this model and of those that extend it, and nothing else; may be given several times
  --expires INSTANT  is worth nothing from then on, such as 2027-01-31T00:00:00Z
`,
  options: {
    role: { type: 'string' },
    within: { type: 'string', multiple: true },
    model: { type: 'string', multiple: true },
    expires: { type: 'string' },
  },
  takes: 'NAME',
  async run(call) {
    const { positionals, values, io, parts } = call;
    const [actor, ...others] = positionals;
    if (actor === undefined || actor === '' || others.length > 0) throw new UsageError('expected one name');
    const role = textOption(call, 'role');
    if (role === null || !isRole(role)) {
      const given = role === null ? 'nothing' : `'${role}'`;
      throw new UsageError(`--role: expected one of ${ROLES.join(', ')}, got ${given}`);
    }
    const expires = textOption(call, 'expires');
    const expiresAt = expires === null ? null : parseInstant(expires, '--expires');
    if (expiresAt !== null && expiresAt <= Date.now())
      throw new UsageError(`--expires: expected an instant to come, got ${expires}`);
    const within = values['within'] as string[] | undefined;
    const models = values['model'] as string[] | undefined;
    const { key, line } = parts.makeKey({
      actor,
      role,
      ...(within && { within }),
      ...(models && { models }),
      ...(expiresAt !== null && { expiresAt: new Date(expiresAt).toISOString() }),
    });
    await io.out(`${line}\n`);
    io.err(`The key of ${actor}, shown this once:\n${key}\n`);
    return DONE;
  },
};

function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}
