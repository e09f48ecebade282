/**
 * The tables of `state_5.sqlite` as they stand after migration 62 (codex 0.169.0), so that the real agent takes a home of
 * ours for one of its own. Columns keep the order that its migrations gave them. Most of the tables are the agent's alone;
 * we write `threads` and `backfill_state`.
 */
export const STATE_SCHEMA = `
CREATE TABLE thread_sections (id TEXT PRIMARY KEY, name TEXT NOT NULL, appearance TEXT);

CREATE TABLE projects (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, metadata TEXT NOT NULL DEFAULT '{}', position INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL, updated_at_ms INTEGER NOT NULL
);
CREATE TABLE project_roots (
  project_id TEXT NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
  position INTEGER NOT NULL, path TEXT NOT NULL, PRIMARY KEY (project_id, position)
);
CREATE TABLE project_idempotency_keys (
  key TEXT PRIMARY KEY, project_id TEXT NOT NULL, created_at_ms INTEGER NOT NULL
);
CREATE INDEX idx_projects_position ON projects(position ASC, id ASC);

CREATE TABLE threads (
  id TEXT PRIMARY KEY,
  rollout_path TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  source TEXT NOT NULL,
  model_provider TEXT NOT NULL,
  cwd TEXT NOT NULL,
  title TEXT NOT NULL,
  sandbox_policy TEXT NOT NULL,
  approval_mode TEXT NOT NULL,
  tokens_used INTEGER NOT NULL DEFAULT 0,
  has_user_event INTEGER NOT NULL DEFAULT 0,
  archived INTEGER NOT NULL DEFAULT 0,
  archived_at INTEGER,
  git_sha TEXT,
  git_branch TEXT,
  git_origin_url TEXT,
  cli_version TEXT NOT NULL DEFAULT '',
  first_user_message TEXT NOT NULL DEFAULT '',
  agent_nickname TEXT,
  agent_role TEXT,
  memory_mode TEXT NOT NULL DEFAULT 'enabled',
  model TEXT,
  reasoning_effort TEXT,
  agent_path TEXT,
  created_at_ms INTEGER,
  updated_at_ms INTEGER,
  thread_source TEXT,
  preview TEXT NOT NULL DEFAULT '',
  recency_at INTEGER NOT NULL DEFAULT 0,
  recency_at_ms INTEGER NOT NULL DEFAULT 0,
  history_mode TEXT NOT NULL DEFAULT 'legacy',
  name TEXT,
  is_pinned INTEGER NOT NULL DEFAULT 0,
  thread_section_id TEXT REFERENCES thread_sections(id) ON DELETE SET NULL,
  section_position INTEGER,
  section_entered_at_ms INTEGER,
  project_id TEXT REFERENCES projects(id) ON DELETE SET NULL,
  originator TEXT,
  daybreak_enabled BOOLEAN,
  creator_user_id TEXT,
  creator_account_id TEXT,
  attached_thread_parent_id TEXT
);
CREATE INDEX idx_threads_created_at ON threads(created_at DESC, id DESC);
CREATE INDEX idx_threads_updated_at ON threads(updated_at DESC, id DESC);
CREATE INDEX idx_threads_archived ON threads(archived);
CREATE INDEX idx_threads_source ON threads(source);
CREATE INDEX idx_threads_provider ON threads(model_provider);
CREATE INDEX idx_threads_created_at_ms ON threads(created_at_ms DESC, id DESC);
CREATE INDEX idx_threads_updated_at_ms ON threads(updated_at_ms DESC, id DESC);
CREATE INDEX idx_threads_recency_at_ms ON threads(recency_at_ms DESC, id DESC);
CREATE INDEX idx_threads_archived_cwd_created_at_ms ON threads(archived, cwd, created_at_ms DESC, id DESC);
CREATE INDEX idx_threads_archived_cwd_updated_at_ms ON threads(archived, cwd, updated_at_ms DESC, id DESC);
CREATE INDEX idx_threads_archived_cwd_recency_at_ms ON threads(archived, cwd, recency_at_ms DESC, id DESC);
CREATE INDEX idx_threads_visible_created_at_ms ON threads(archived, created_at_ms DESC) WHERE preview <> '';
CREATE INDEX idx_threads_visible_updated_at_ms ON threads(archived, updated_at_ms DESC) WHERE preview <> '';
CREATE INDEX idx_threads_visible_recency_at_ms
  ON threads(archived, recency_at_ms DESC, id DESC) WHERE preview <> '';
CREATE INDEX idx_threads_pinned_recency_at_ms
  ON threads(archived, recency_at_ms DESC, id DESC) WHERE is_pinned = 1 AND preview <> '';
CREATE INDEX idx_threads_archive_created_at_ms ON threads(archived, created_at_ms DESC, id DESC) WHERE archived = 1;
CREATE INDEX idx_threads_archive_updated_at_ms ON threads(archived, updated_at_ms DESC, id DESC) WHERE archived = 1;
CREATE INDEX idx_threads_archive_recency_at_ms ON threads(archived, recency_at_ms DESC, id DESC) WHERE archived = 1;
CREATE INDEX idx_threads_project_id
  ON threads(project_id, archived, created_at_ms DESC, id DESC) WHERE project_id IS NOT NULL;
CREATE INDEX idx_threads_project_recency
  ON threads(project_id, recency_at_ms DESC) WHERE archived = 0 AND project_id IS NOT NULL;
CREATE INDEX idx_threads_section_recency_at_ms
  ON threads(archived, thread_section_id, recency_at_ms DESC, id DESC) WHERE thread_section_id IS NOT NULL;
CREATE INDEX idx_threads_section_position
  ON threads(archived, thread_section_id, section_position ASC, id ASC) WHERE thread_section_id IS NOT NULL;
CREATE INDEX idx_threads_attached_parent
  ON threads(attached_thread_parent_id) WHERE attached_thread_parent_id IS NOT NULL;

CREATE TRIGGER threads_created_at_ms_after_insert AFTER INSERT ON threads
WHEN NEW.created_at_ms IS NULL
BEGIN UPDATE threads SET created_at_ms = NEW.created_at * 1000 WHERE id = NEW.id; END;
CREATE TRIGGER threads_updated_at_ms_after_insert AFTER INSERT ON threads
WHEN NEW.updated_at_ms IS NULL
BEGIN UPDATE threads SET updated_at_ms = NEW.updated_at * 1000 WHERE id = NEW.id; END;
CREATE TRIGGER threads_created_at_ms_after_update AFTER UPDATE OF created_at ON threads
WHEN NEW.created_at != OLD.created_at AND NEW.created_at_ms IS OLD.created_at_ms
BEGIN UPDATE threads SET created_at_ms = NEW.created_at * 1000 WHERE id = NEW.id; END;
CREATE TRIGGER threads_updated_at_ms_after_update AFTER UPDATE OF updated_at ON threads
WHEN NEW.updated_at != OLD.updated_at AND NEW.updated_at_ms IS OLD.updated_at_ms
BEGIN UPDATE threads SET updated_at_ms = NEW.updated_at * 1000 WHERE id = NEW.id; END;
CREATE TRIGGER threads_recency_at_after_insert AFTER INSERT ON threads
WHEN NEW.recency_at_ms = 0
BEGIN
  UPDATE threads
  SET recency_at = NEW.updated_at, recency_at_ms = COALESCE(NEW.updated_at_ms, NEW.updated_at * 1000)
  WHERE id = NEW.id;
END;

CREATE TABLE thread_dynamic_tools (
  thread_id TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL,
  input_schema TEXT NOT NULL, defer_loading INTEGER NOT NULL DEFAULT 0, namespace TEXT,
  PRIMARY KEY (thread_id, position), FOREIGN KEY (thread_id) REFERENCES threads(id) ON DELETE CASCADE
);
CREATE INDEX idx_thread_dynamic_tools_thread ON thread_dynamic_tools(thread_id);
CREATE TABLE thread_spawn_edges (
  parent_thread_id TEXT NOT NULL, child_thread_id TEXT NOT NULL PRIMARY KEY, status TEXT NOT NULL
);
CREATE INDEX idx_thread_spawn_edges_parent_status ON thread_spawn_edges(parent_thread_id, status);
CREATE TABLE thread_attachments (
  id TEXT PRIMARY KEY,
  thread_id TEXT NOT NULL REFERENCES threads(id) ON DELETE CASCADE,
  attachment_type TEXT NOT NULL, identity_key TEXT NOT NULL, payload TEXT NOT NULL, created_at INTEGER NOT NULL,
  UNIQUE (thread_id, attachment_type, identity_key)
);
CREATE INDEX idx_thread_attachments_thread_created_id ON thread_attachments(thread_id, created_at, id);
CREATE INDEX idx_thread_attachments_identity_thread
  ON thread_attachments(attachment_type, identity_key, thread_id);
CREATE TABLE thread_read_receipts (
  thread_id TEXT PRIMARY KEY NOT NULL, first_unread_turn TEXT, revision TEXT NOT NULL, last_published_turn TEXT
);
CREATE TABLE guardian_review_feedback (
  id TEXT PRIMARY KEY NOT NULL,
  thread_id TEXT NOT NULL REFERENCES threads(id) ON DELETE CASCADE,
  record BLOB NOT NULL
);

CREATE TABLE backfill_state (
  id INTEGER PRIMARY KEY CHECK (id = 1), status TEXT NOT NULL, last_watermark TEXT, last_success_at INTEGER,
  updated_at INTEGER NOT NULL
);
CREATE TABLE remote_control_enrollments (
  websocket_url TEXT NOT NULL, account_id TEXT NOT NULL, app_server_client_name TEXT NOT NULL,
  server_id TEXT NOT NULL, environment_id TEXT NOT NULL, server_name TEXT NOT NULL, updated_at INTEGER NOT NULL,
  remote_control_enabled INTEGER, PRIMARY KEY (websocket_url, account_id, app_server_client_name)
);
CREATE TABLE external_agent_config_imports (
  import_id TEXT PRIMARY KEY, completed_at_ms INTEGER NOT NULL, successes TEXT NOT NULL, failures TEXT NOT NULL,
  provider_id TEXT
);
CREATE TABLE rollout_migration_state (
  migration_id TEXT PRIMARY KEY, last_checked_thread_created_at INTEGER, last_checked_thread_id TEXT,
  updated_at INTEGER NOT NULL
);
CREATE TABLE rollout_migration_skipped_rollouts (
  migration_id TEXT NOT NULL, rollout_path TEXT NOT NULL, rollout_size_bytes INTEGER NOT NULL,
  rollout_modified_at_ns INTEGER NOT NULL, skip_reason TEXT NOT NULL, skipped_at INTEGER NOT NULL,
  PRIMARY KEY (migration_id, rollout_path)
);

INSERT INTO thread_sections (id, name) VALUES ('01984de2-8f74-7c91-a3b2-5c5e937cf318', 'Pinned');
`;
