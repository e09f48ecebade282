import { choice, each, list, map, table } from './shape.ts';
import type { Shape } from './shape.ts';

const access = ['allow', 'deny'];
const originPolicy = table(each('access downloads full_cdp_access uploads', access));
const fileAccess = ['read', 'write', 'deny', 'none'];

/** What the agent may touch. */
export const permissionKeys: Readonly<Record<string, Shape>> = {
  allow_login_shell: 'boolean',
  default_permissions: 'text',
  permissions: map(
    table({
      ...each('description extends', 'text'),
      filesystem: table(
        { glob_scan_max_depth: 'natural' },
        // A path with its access, or a base folder with paths below it.
        { others: choice(fileAccess, map(fileAccess)) },
      ),
      network: table({
        ...each(
          'allow_local_binding allow_upstream_proxy enable_socks5 enable_socks5_udp enabled',
          'boolean',
        ),
        ...each('dangerously_allow_all_unix_sockets dangerously_allow_non_loopback_proxy', 'boolean'),
        ...each('proxy_url socks_url', 'text'),
        domains: map(access),
        unix_sockets: map(access),
        mitm: map('anything'),
        mode: ['limited', 'full'],
      }),
      workspace_roots: map('boolean'),
    }),
  ),
  sandbox_workspace_write: table({
    ...each('exclude_slash_tmp exclude_tmpdir_env_var network_access', 'boolean'),
    writable_roots: list('path'),
  }),
  browser_use: table({
    allow_history_access: 'boolean',
    default_origin_policy: originPolicy,
    origins: map(originPolicy),
  }),
  computer_use: table({
    default_app_access: access,
    macos: table({ bundle_ids: map(access) }),
    windows: table({
      aumids: map(access),
      exes: list(table({ publisher_name: 'text' }, { required: ['publisher_name'], others: 'anything' })),
    }),
  }),
};
