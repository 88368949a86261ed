// Prints "N passed, N failed" from Vitest's JSON reports; exits non-zero unless every step and test passed.
import { readFileSync } from 'node:fs';

const [, , failedSteps, ...reports] = process.argv;

let passed = 0;
let failed = 0;
for (const report of reports) {
  try {
    const { numPassedTests, numFailedTests, success, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    passed += numPassedTests;
    // A file that broke before its first test has no failed test to count.
    const brokenFiles = testResults.filter(
      ({ status, assertionResults }) =>
        status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
    ).length;
    const failures = numFailedTests + brokenFiles;
    failed += !success && failures === 0 ? 1 : failures;
  } catch (error) {
    console.error(`No readable test report at ${report}: ${error.message}`);
    failed += 1;
  }
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 && failedSteps === '0' ? 0 : 1;
