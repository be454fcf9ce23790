import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { identify, readConfiguration, readEnvironment } from '../../client/configuration.ts';

const defaults = { environment: 'production', user: null, temporalUi: null };

describe('the configuration of the client', () => {
  it('has a default for everything, also where a variable is empty', () => {
    expect(readConfiguration({}).configuration).toEqual(defaults);
    expect(readConfiguration({ DR_ENVIRONMENT: '', DR_USER: '', DR_TEMPORAL_UI: '' }).configuration).toEqual(
      defaults,
    );
  });

  it('reports every problem with variable, expectation and what was given', () => {
    const { problems } = readConfiguration({ DR_ENVIRONMENT: 'Prod Uction', DR_TEMPORAL_UI: 'ftp://x' });
    expect(problems).toEqual([
      'DR_ENVIRONMENT: expected lower-case letters, digits and hyphens, at most 40 characters, got "Prod Uction".',
      'DR_TEMPORAL_UI: expected an http address such as http://localhost:8233, got "ftp://x".',
    ]);
  });

  it('reads .env, and a variable of the process goes before it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dr-client-'));
    try {
      await writeFile(join(folder, '.env'), 'DR_USER=anna\nDR_ENVIRONMENT=staging\n');
      expect(readEnvironment({ DR_USER: 'ben' }, folder)).toEqual({
        DR_USER: 'ben',
        DR_ENVIRONMENT: 'staging',
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('tells who gives the command and how that is known', () => {
    expect(identify('carla', { ...defaults, user: 'ben' })).toEqual({ name: 'carla', source: '--as' });
    expect(identify(undefined, { ...defaults, user: 'ben' })).toEqual({ name: 'ben', source: 'DR_USER' });
    expect(identify(undefined, defaults)).toMatchObject({ source: 'system user' });
  });
});
