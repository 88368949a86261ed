export default { test: { include: ['*.runner.mjs'] } };
