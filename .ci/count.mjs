// Prints what failed, and "N passed, N failed" from Vitest's JSON reports; exits non-zero unless every step and test
// passed.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [, , failedSteps, ...reports] = process.argv;

let passed = 0;
let failed = 0;
for (const report of reports) {
  try {
    const { numPassedTests, numFailedTests, success, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    passed += numPassedTests;
    for (const { name, assertionResults } of testResults) {
      for (const { status, fullName, failureMessages } of assertionResults) {
        if (status === 'failed') tell(name, fullName, failureMessages[0]);
      }
    }
    // A file that broke before its first test has no failed test to count.
    const brokenFiles = testResults.filter(
      ({ status, assertionResults }) =>
        status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
    );
    for (const { name, message } of brokenFiles) tell(name, '(the file itself)', message);
    const failures = numFailedTests + brokenFiles.length;
    failed += !success && failures === 0 ? 1 : failures;
  } catch (error) {
    console.error(`No readable test report at ${report}: ${error.message}`);
    failed += 1;
  }
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 && failedSteps === '0' ? 0 : 1;

/** The end of a long output is what is looked at: what failed is said once more there. */
function tell(file, test, message = '') {
  console.log(
    `FAILED ${relative(process.cwd(), file)} > ${test}\n  ${message.split('\n').slice(0, 3).join('\n  ')}`,
  );
}
