import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { operations } from '../../../../activities/adapters/railway/operations.ts';
import { schema as sandboxSchema } from '../../../sandbox/railway/schema.ts';

const contract = join(import.meta.dirname, '../../../../../shared/contracts/railway-schema.graphql');
const documents = Object.entries(operations).map(([name, { document }]) => ({ name, document }));

describe('the documents that are sent to Railway', () => {
  it.for(documents)('$name fits the sandbox’s schema', ({ document }) => {
    expect(validate(sandboxSchema, parse(document))).toEqual([]);
  });

  it('fit Railway’s own schema', ({ skip }) => {
    skip(!existsSync(contract), 'The folder with the providers’ contracts is not there.');
    const railway = buildSchema(readFileSync(contract, 'utf8'));
    const misfits = documents.flatMap(({ name, document }) =>
      validate(railway, parse(document)).map(({ message }) => `${name}: ${message}`),
    );
    expect(misfits).toEqual([]);
    // The mistake of public examples, so that a validation that checks nothing is noticed.
    expect(validate(railway, parse('mutation { deploymentStop(id: "x") { id } }'))).not.toEqual([]);
  });

  it('find in the sandbox what they find at Railway: each of its fields is there with the same type', ({
    skip,
  }) => {
    skip(!existsSync(contract), 'The folder with the providers’ contracts is not there.');
    const railway = buildSchema(readFileSync(contract, 'utf8'));
    const differing: string[] = [];
    for (const [typeName, type] of Object.entries(sandboxSchema.getTypeMap())) {
      if (typeName.startsWith('__') || !('getFields' in type)) continue;
      const same = railway.getType(typeName);
      const fields = same && 'getFields' in same ? same.getFields() : {};
      for (const [fieldName, field] of Object.entries(type.getFields())) {
        if (String(field.type) !== String(fields[fieldName]?.type))
          differing.push(`${typeName}.${fieldName}`);
      }
    }
    expect(differing).toEqual([]);
  });
});
