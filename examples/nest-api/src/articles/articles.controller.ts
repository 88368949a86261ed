import { type CognitoUser, CurrentUser, Groups, Public } from '@cognest/nest';
import { Body, Controller, Delete, Get, HttpCode, NotFoundException, Param, Post } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsNotEmpty, IsString, MaxLength } from 'class-validator';

class NewArticleDto {
  @ApiProperty({ example: 'Closed by default' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  title!: string;
}

interface Article {
  readonly id: number;
  readonly title: string;
  readonly author: string;
}

/** The demo keeps no more than these; the oldest go first. */
const MAX_ARTICLES = 1_000;

@ApiTags('articles')
@Controller('articles')
export class ArticlesController {
  #nextId = 2;
  readonly #articles = new Map<number, Article>([
    [1, { id: 1, title: 'Anyone may read this', author: 'edgar' }],
  ]);

  @Get()
  @Public()
  list(): Article[] {
    return [...this.#articles.values()];
  }

  /** Any one of the groups is enough. */
  @Post()
  @Groups('editor', 'admin')
  write(@Body() { title }: NewArticleDto, @CurrentUser() user: CognitoUser): Article {
    const article = { id: this.#nextId++, title, author: user.username ?? user.sub };
    this.#articles.set(article.id, article);
    const [oldest] = this.#articles.keys();
    if (this.#articles.size > MAX_ARTICLES && oldest !== undefined) this.#articles.delete(oldest);
    return article;
  }

  /** Takes all of the groups. */
  @Delete(':id')
  @HttpCode(204)
  @Groups({ all: ['admin', 'editor'] })
  remove(@Param('id') id: string): void {
    if (!this.#articles.delete(Number(id))) throw new NotFoundException(`There is no article "${id}"`);
  }
}
