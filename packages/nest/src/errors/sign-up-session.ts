import { randomBytes } from 'node:crypto';
import type { SignUpCommandOutput } from '@aws-sdk/client-cognito-identity-provider';

/** Asks Cognito whether the app client signs users in by choice (`USER_AUTH`); `undefined` where it does not say. */
export type ChoiceQuestion = () => Promise<boolean | undefined>;

/** How long nothing is asked again after an answer that said nothing. */
const ASK_AGAIN_MS = 60_000;
/** Until a real one has been seen. */
const USUAL_LENGTH = 805;

/**
 * Whether a sign-up answers with a `Session`, and one of which length. It is the app client's setting that decides, and
 * so it can be known before there has been a sign-up, and no stranger can change it.
 */
export class SignUpSession {
  readonly #ask: ChoiceQuestion;
  #asked: { readonly answer: Promise<boolean | undefined>; readonly untilMs: number } | undefined;
  #given: boolean | undefined;
  #length = USUAL_LENGTH;

  constructor(ask: ChoiceQuestion) {
    this.#ask = ask;
  }

  /** What a real sign-up shows. */
  learn({ Session, UserConfirmed }: SignUpCommandOutput): void {
    if (Session !== undefined) this.#length = Session.length;
    // A user who needs no code may have none for another reason.
    if (Session !== undefined || UserConfirmed !== true) this.#given = Session !== undefined;
  }

  /** What would have come in place of a session; `undefined` where none would have. */
  async simulate(): Promise<string | undefined> {
    if (this.#given === undefined) {
      const answer = await this.#answer();
      // A real one that came meanwhile knows better.
      this.#given ??= answer;
    }
    if (this.#given !== true) return undefined;
    return `AYABe${randomBytes(this.#length).toString('base64url')}`.slice(0, this.#length);
  }

  /** One question at a time, and no more of them than sign-ups with a taken name. */
  #answer(): Promise<boolean | undefined> {
    const nowMs = performance.now();
    if (this.#asked === undefined || this.#asked.untilMs <= nowMs) {
      this.#asked = { answer: this.#ask(), untilMs: nowMs + ASK_AGAIN_MS };
    }
    return this.#asked.answer;
  }
}
