// The order is the order of the report; `npm run new:check` adds a line here.
import type { Check } from '../src/doctor/check.ts';
import agentTurn from './agent/turn.ts';
import appServerStatus from './app_server/status.ts';
import authCredentials from './auth/credentials.ts';
import authFile from './auth/file.ts';
import authLive from './auth/live.ts';
import authToken from './auth/token.ts';
import configKeys from './config/keys.ts';
import configLoad from './config/load.ts';
import gitEnvironment from './git/environment.ts';
import installation from './installation.ts';
import mcpConfig from './mcp/config.ts';
import mcpReachability from './mcp/reachability.ts';
import networkCa from './network/ca.ts';
import networkEnv from './network/env.ts';
import networkProviderReachability from './network/provider_reachability.ts';
import networkWebsocketReachability from './network/websocket_reachability.ts';
import runtimeNode from './runtime/node.ts';
import runtimeProvenance from './runtime/provenance.ts';
import runtimeSearch from './runtime/search.ts';
import sandboxFilesystemPaths from './sandbox/filesystem_paths.ts';
import sandboxHelpers from './sandbox/helpers.ts';
import securityEndpoint from './security/endpoint.ts';
import stateGrowth from './state/growth.ts';
import stateIntegrity from './state/integrity.ts';
import statePaths from './state/paths.ts';
import stateRolloutDbParity from './state/rollout_db_parity.ts';
import stateRollouts from './state/rollouts.ts';
import stateSchema from './state/schema.ts';
import systemClock from './system/clock.ts';
import systemDisk from './system/disk.ts';
import systemEnvironment from './system/environment.ts';
import terminalEnv from './terminal/env.ts';
import terminalTitle from './terminal/title.ts';
import updatesStatus from './updates/status.ts';
import telemetryOtel from './telemetry/otel.ts';

export const builtInChecks: readonly Check[] = [
  systemEnvironment,
  systemDisk,
  systemClock,
  securityEndpoint,
  runtimeNode,
  runtimeProvenance,
  installation,
  runtimeSearch,
  gitEnvironment,
  terminalEnv,
  terminalTitle,
  statePaths,
  stateIntegrity,
  stateSchema,
  stateGrowth,
  stateRollouts,
  stateRolloutDbParity,
  configLoad,
  configKeys,
  authCredentials,
  authToken,
  authFile,
  authLive,
  mcpConfig,
  sandboxHelpers,
  sandboxFilesystemPaths,
  updatesStatus,
  networkEnv,
  networkCa,
  networkProviderReachability,
  networkWebsocketReachability,
  mcpReachability,
  appServerStatus,
  agentTurn,
  telemetryOtel,
];
