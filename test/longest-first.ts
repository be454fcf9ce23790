import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests that start a whole production and take minutes. */
const long = /\/test\/(chaos|end-to-end)\//;

/** Begins with the longest, also where no earlier run is remembered: one that is begun last is waited for alone. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [
      ...sorted.filter(({ moduleId }) => long.test(moduleId)),
      ...sorted.filter(({ moduleId }) => !long.test(moduleId)),
    ];
  }
}
