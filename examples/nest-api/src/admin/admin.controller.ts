import { CognitoGroupsService, CognitoUsersService, Groups } from '@cognest/nest';
import { Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

@ApiTags('admin')
@Controller('admin/users/:username')
@Groups('admin')
export class AdminController {
  constructor(
    private readonly users: CognitoUsersService,
    private readonly groups: CognitoGroupsService,
  ) {}

  @Get()
  get(@Param('username') username: string) {
    return this.users.get({ username });
  }

  @Put('groups/:group')
  @HttpCode(204)
  async addToGroup(@Param('username') username: string, @Param('group') group: string): Promise<void> {
    await this.groups.addUser({ username, groupName: group });
  }

  @Delete('groups/:group')
  @HttpCode(204)
  async removeFromGroup(@Param('username') username: string, @Param('group') group: string): Promise<void> {
    await this.groups.removeUser({ username, groupName: group });
  }
}
