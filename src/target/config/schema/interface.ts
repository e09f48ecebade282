import { choice, each, list, map, range, table, texts } from './shape.ts';
import type { Shape } from './shape.ts';

const binding = choice('keybinding', list('keybinding'));
const bindings = (names: string): Shape => table(each(names, binding));

const keymap = table({
  agents: bindings(
    'archive delete fork hide new_task new_worktree rename resume search stop toggle_grouping toggle_pin',
  ),
  approval: bindings(
    'approve approve_for_prefix approve_for_session cancel decline deny open_fullscreen open_thread',
  ),
  chat: bindings(
    'decrease_reasoning_effort edit_queued_message increase_reasoning_effort interrupt_turn next_permission_mode ' +
      'open_presets previous_permission_mode prompt_stack_back skip_question toggle_voice toggle_voice_mute',
  ),
  composer: bindings('history_search_next history_search_previous queue submit toggle_shortcuts'),
  editor: bindings(
    'delete_backward delete_backward_word delete_forward delete_forward_word insert_newline kill_line_end ' +
      'kill_line_start kill_whole_line move_down move_left move_line_end move_line_start move_right move_up ' +
      'move_word_left move_word_right yank',
  ),
  global: bindings(
    'change_host clear_terminal close_sidebar_tab copy equalize_pane_widths find_transcript focus_activity ' +
      'focus_main_composer focus_pane_left focus_pane_right focus_sidebar_content focus_sidebar_tabs hide_pane ' +
      'leader maximize_pane_width minimize_pane_width move_divider_left move_divider_right open_agents ' +
      'open_external_editor open_transcript queue resize_panes select_transcript sidebar_down sidebar_up submit ' +
      'toggle_fast_mode toggle_pane_zoom toggle_raw_output toggle_shortcuts toggle_side_conversation ' +
      'toggle_vim_mode',
  ),
  list: bindings(
    'accept cancel jump_bottom jump_top move_down move_left move_right move_up page_down page_up',
  ),
  pager: bindings(
    'close close_transcript find half_page_down half_page_up jump_bottom jump_top page_down page_up scroll_down ' +
      'scroll_up',
  ),
  vim_normal: bindings(
    'append_after_cursor append_line_end cancel_operator change_to_line_end delete_char delete_to_line_end ' +
      'enter_insert enter_replace_mode find_backward find_forward insert_line_start jump_bottom jump_top ' +
      'move_down move_left move_line_end move_line_start move_right move_up move_word_backward move_word_end ' +
      'move_word_forward open_line_above open_line_below paste_after redo repeat_last_change replace_char ' +
      'start_change_operator start_delete_operator start_yank_operator substitute_char till_backward ' +
      'till_forward undo yank_line',
  ),
  vim_operator: bindings(
    'cancel delete_line motion_down motion_find_backward motion_find_forward motion_jump_bottom motion_jump_top ' +
      'motion_left motion_line_end motion_line_start motion_right motion_till_backward motion_till_forward ' +
      'motion_up motion_word_backward motion_word_end motion_word_forward select_around_text_object ' +
      'select_inner_text_object yank_line',
  ),
  vim_search: bindings('backward forward next previous'),
  vim_text_object: bindings(
    'backtick big_word braces brackets cancel double_quote parentheses single_quote word',
  ),
});

/** The terminal interface and what it remembers. The agent passes over unknown `[tui]` keys without a word. */
export const interfaceKeys: Readonly<Record<string, Shape>> = {
  disable_paste_burst: 'boolean',
  file_opener: ['vscode', 'vscode-insiders', 'windsurf', 'cursor', 'none'],
  tui: table({
    ...each('animations auto_recap collapse_turn_details copy_on_select_clear_selection', 'boolean'),
    ...each('disable_paste_burst fullscreen_transcript question_esc_back raw_output_mode', 'boolean'),
    ...each('screen_reader_detection_done show_server_version_notice show_tooltips', 'boolean'),
    ...each('status_line_use_colors vim_mode_default whimsy', 'boolean'),
    ...each('pet theme', 'text'),
    ...each('status_line terminal_title', texts),
    agents_overview_grouping: ['project', 'status', 'model'],
    alternate_screen: ['auto', 'always', 'never'],
    copy_on_select: ['auto', 'always', 'never'],
    default_hosts: map(map('text')),
    effects: table(each('effort progress shimmer starfield title welcome', 'boolean')),
    keymap,
    model_availability_nux: map('natural'),
    mouse_scroll_speed: 'number',
    notification_condition: ['unfocused', 'always'],
    notification_method: ['auto', 'osc9', 'osc777', 'bel'],
    notifications: choice('boolean', texts),
    pet_anchor: ['composer', 'screen-bottom'],
    presets: map(table({ input: 'text', label: 'text' }, { required: ['input'] })),
    rendering: table(each('lists math mermaid tables', 'boolean')),
    resume_cwd: ['current', 'session'],
    right_click_paste: ['auto', 'on', 'off'],
    session_picker_view: ['comfortable', 'dense'],
    sidebar_width_percent: range(0, 255),
    terminal_resize_reflow_max_rows: 'natural',
  }),
  notice: table({
    ...each('fast_default_opt_out hide_full_access_warning hide_gov_cloud_guidance', 'boolean'),
    ...each('hide_gpt5_1_migration_prompt hide_gpt-5.1-codex-max_migration_prompt', 'boolean'),
    ...each('hide_rate_limit_model_nudge hide_world_writable_warning', 'boolean'),
    external_config_migration_prompts: table({
      home: 'boolean',
      home_last_prompted_at: 'integer',
      project_last_prompted_at: map('integer'),
      projects: map('boolean'),
    }),
    model_migrations: map('text'),
  }),
};
