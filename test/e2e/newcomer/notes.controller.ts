import { CurrentUser, Groups, Public } from '@cognest/nest';
import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';

@Controller('notes')
export class NotesController {
  readonly #notes = new Map<string, string[]>();

  @Get('health')
  @Public()
  health() {
    return 'ok';
  }

  @Get()
  mine(@CurrentUser('sub') sub: string) {
    return this.#notes.get(sub) ?? [];
  }

  @Post()
  add(@CurrentUser('sub') sub: string, @Body() { text }: { text: string }) {
    const notes = [...(this.#notes.get(sub) ?? []), text];
    this.#notes.set(sub, notes);
    return notes;
  }

  @Delete()
  @Groups('admin')
  @HttpCode(204)
  purge() {
    this.#notes.clear();
  }
}
