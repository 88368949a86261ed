import { readFileSync } from 'node:fs';
import { Public } from '@cognest/nest';
import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { demoUsers } from '../demo-users.js';

const file = (name: string) => readFileSync(new URL(`../../public/${name}`, import.meta.url), 'utf8');

/** Nothing but what this app serves itself, and nobody may put the page into a frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page at `/`: plain files, no build step. */
@ApiExcludeController()
@Controller()
@Public()
export class PageController {
  readonly #page = file('index.html');
  readonly #script = file('app.js');
  readonly #style = file('style.css');

  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', POLICY)
  @Header('Referrer-Policy', 'no-referrer')
  page(): string {
    return this.#page;
  }

  @Get('app.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  @Header('X-Content-Type-Options', 'nosniff')
  script(): string {
    return this.#script;
  }

  @Get('style.css')
  @Header('Content-Type', 'text/css; charset=utf-8')
  @Header('X-Content-Type-Options', 'nosniff')
  style(): string {
    return this.#style;
  }

  /** The demo users and where their messages are; none when the app talks to AWS. */
  @Get('demo.json')
  demo() {
    const endpoint = process.env['AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER'];
    return endpoint === undefined
      ? { users: [] }
      : { users: demoUsers, messages: `${endpoint}/_cognest/messages` };
  }
}
