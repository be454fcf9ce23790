import { freeServerPort } from '../process/free-port.ts';
import { startApplicationProcess } from './application-process.ts';

/** The supervisor that `service.test.ts` kills: starts an application, says its process id, and lives on. */
const port = await freeServerPort();
const application = startApplicationProcess({
  version: 'v1',
  variables: { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' },
  port,
  onLine: (line) => {
    if (line.includes('listening')) process.stdout.write(String(application.pid));
  },
});
