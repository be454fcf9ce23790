import type { History } from '@temporalio/common/lib/proto-utils.js';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { SandboxProduction } from '../sandbox/index.ts';

const base64 = /^[A-Za-z0-9+/]{8,}={0,2}$/;

/** Every text of a history, payloads decoded. */
export function historyTexts(history: History): string[] {
  const texts: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'string') {
      texts.push(value);
      if (base64.test(value) && value.length % 4 === 0) texts.push(Buffer.from(value, 'base64').toString());
    } else if (typeof value === 'object' && value !== null) {
      for (const part of Object.values(value)) visit(part);
    }
  };
  visit(JSON.parse(historyToJSON(history)));
  return texts;
}

/** Every secret of the sandbox by name, each as it is and as it stands in URLs. */
export function secretsOf(sandbox: SandboxProduction): Map<string, string> {
  const { environment, railway, postgres } = sandbox;
  const secrets = new Map<string, string>();
  const add = (name: string, value: string | undefined) => {
    if (value === undefined || value.length < 8) throw new Error(`The sandbox has no secret ${name}.`);
    secrets.set(name, value);
    secrets.set(`${name}, encoded`, encodeURIComponent(value));
  };
  const passwordIn = (url: string | undefined) => decodeURIComponent(new URL(url ?? '').password);
  for (const name of ['SUPABASE_ACCESS_TOKEN', 'RAILWAY_TOKEN', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']) {
    add(name, environment[name]);
  }
  for (const name of ['DATABASE_URL', 'SMTP_URL']) add(`password in ${name}`, passwordIn(environment[name]));
  add("the application's password", passwordIn(railway.service.variables['DATABASE_URL']));
  add("the superuser's password", postgres.superuser.password);
  return secrets;
}

/** Names of the secrets that a text gives away. */
export function leaks(text: string, secrets: ReadonlyMap<string, string>): string[] {
  return [...secrets].flatMap(([name, value]) => (text.includes(value) ? [name] : []));
}
