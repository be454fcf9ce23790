// Reads the JSON report of a test run: count REPORT [REPORT OF ITS FAILED FILES], failed-files REPORT, tell WORD REPORT.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [command, ...args] = process.argv.slice(2);
const read = (report) => JSON.parse(readFileSync(report, 'utf8')).testResults;
const failedFiles = (files) => files.filter(({ status }) => status === 'failed');
const testsIn = (files, status) =>
  files.flatMap(({ assertionResults }) => assertionResults.filter((test) => test.status === status));

const commands = {
  count(report, again) {
    const first = read(report);
    const steady = first.filter(({ status }) => status !== 'failed');
    const files = again === undefined ? first : [...steady, ...read(again)];
    console.log(testsIn(files, 'passed').length, testsIn(files, 'failed').length);
  },
  'failed-files'(report) {
    for (const { name } of failedFiles(read(report))) console.log(relative('.', name));
  },
  tell(word, report) {
    for (const file of failedFiles(read(report))) {
      const tests = testsIn([file], 'failed');
      const causes = tests.map(({ fullName, failureMessages }) => [fullName, failureMessages.join('\n')]);
      for (const [what, message] of causes.length > 0 ? causes : [['the file itself', file.message ?? '']]) {
        console.log(`\n${word}: ${relative('.', file.name)}: ${what}\n${message.slice(0, 3000)}`);
      }
    }
  },
};
commands[command](...args);
