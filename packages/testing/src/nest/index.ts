// First, so that nothing else has been loaded when it refuses.
import '../refuse-production.js';

export { overrideCognito } from './override-cognito.js';
