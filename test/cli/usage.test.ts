import { describe, expect, it } from 'vitest';
import { runCommand } from '../support/command-line.ts';

const COMMANDS = ['serve', 'import', 'export', 'check', 'impact', 'doctor', 'key'];

describe('the command line', () => {
  it('tells its commands, and how each is used, on stdout when asked', async () => {
    const { code, out, err } = await runCommand(['--help']);
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(out).toContain(`  ${command}`);
    expect(err).toBe('');
    for (const command of COMMANDS) {
      const help = await runCommand([command, '--help']);
      expect(help).toMatchObject({ code: 0, err: '' });
      expect(help.out).toContain(`Usage: linchpin ${command}`);
      expect((await runCommand(['help', command])).out).toBe(help.out);
    }
    expect(await runCommand(['--version'])).toMatchObject({ code: 0, out: '0.0.0-test\n' });
  });

  it.each([
    [[]],
    [['fly']],
    [['serve', '--exmaple']],
    [['serve', 'now']],
    [['serve', '--port', 'many']],
    [['import']],
    [['import', 'x.jsonl', '--format', 'xml']],
    [['import', 'x.jsonl', '--dry-run', '--url', 'http://127.0.0.1:1']],
    [['export', '--format', 'csv']],
    [['impact']],
    [['key', 'me']],
    [['key', '--role', 'admin']],
    [['key', 'me', '--role', 'root']],
  ])('used wrongly ends with 2, tells why on stderr, and prints no data: %j', async (argv) => {
    const { code, out, err } = await runCommand(argv);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).not.toBe('');
    expect(err).not.toContain('    at ');
  });

  it('says of an option that there is not which one it is, and of a value what was expected and what came', async () => {
    const first = async (...argv: string[]) => (await runCommand(argv)).err.split('\n', 1)[0];
    expect(await first('serve', '--prot', '1')).toBe("linchpin serve: Unknown option '--prot'");
    expect(await first('key', 'me', '--role', 'root')).toMatch(/expected one of .*, got 'root'$/);
    expect(await first('key', 'me')).toMatch(/expected one of .*, got nothing$/);
  });

  it('tells all faults of the settings at once, and ends with 2', async () => {
    const { code, err } = await runCommand(['serve', '--port', 'x'], { LOG_LEVEL: 'loud', NEO4J_URL: 'neo4j://db' });
    expect(code).toBe(2);
    for (const name of ['PORT', 'LOG_LEVEL', 'NEO4J_URL']) expect(err).toContain(`  ${name}: `);
  });
});
