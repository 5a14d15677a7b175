//! One suite of cases for every backend: what a box is, whatever walls it in.
//!
//! A case is a function that is given a [`TestBoxes`]; where a backend has no such limit, its facts say so and the case holds it
//! against that. `process` needs nothing but Python on this host, `docker` needs a Docker Engine and the images, `nsjail` needs
//! root and what `docker/test.sh` installs. `microvm` is slow without hardware, so its cases are few.

#![expect(clippy::disallowed_types, reason = "tests start programs and read what they write")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

#[path = "../common/waiting.rs"]
mod waiting;

mod environment;
mod fixture;
mod floods;
mod interaction;
mod isolation;
#[path = "../common/jailer.rs"]
mod jailer;
mod jailer_faults;
mod jailer_memory;
mod jailer_room;
#[path = "../common/judging.rs"]
mod judging;
mod large_files;
mod leftovers;
mod lent_inputs;
mod life;
mod limits;
mod machine_groups;
#[path = "../common/machine_parts.rs"]
mod machine_parts;
mod machines;
#[path = "../common/plain_processes.rs"]
mod plain_processes;
mod pool;
mod room;
mod runs;
#[path = "../common/runs_everything.rs"]
mod runs_everything;
#[path = "../common/skipped.rs"]
mod skipped;
#[path = "../common/small_box.rs"]
mod small_box;
mod validators;
mod verdicts;
#[path = "../common/whole_run.rs"]
mod whole_run;
mod witness;

/// A test per case and backend.
macro_rules! on_every_backend {
    ($($room:ident::$case:ident),* $(,)?) => {
        mod process {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $case() {
                let boxes = crate::fixture::TestBoxes::process();
                crate::$room::$case(&boxes).await;
                boxes.close().await;
            })*
        }

        mod nsjail {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $case() {
                let Some(boxes) = crate::fixture::TestBoxes::nsjail() else { return };
                crate::$room::$case(&boxes).await;
                boxes.close().await;
            })*
        }

        mod docker {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $case() {
                let boxes = crate::fixture::TestBoxes::docker();
                crate::$room::$case(&boxes).await;
                boxes.close().await;
            })*
        }
    };
}

on_every_backend!(
    life::a_box_runs_one_program_after_the_other_and_nothing_of_it_stays,
    life::files_come_in_and_go_out,
    life::a_file_that_is_fetched_with_a_run_comes_whole_and_stays_for_no_other,
    life::a_box_that_was_destroyed_is_gone,
    life::a_box_whose_runner_ends_is_lost_and_says_so,
    life::a_description_says_what_the_box_is,
    limits::each_limit_ends_a_program_by_its_own_name,
    limits::more_memory_than_allowed_is_a_memory_kill_where_memory_is_limited,
    limits::more_processes_than_allowed_are_refused_where_they_are_limited,
    limits::a_resized_box_has_its_new_limits_where_that_can_be_done,
    floods::output_that_nobody_reads_waits_and_is_not_lost,
    floods::a_flood_on_either_stream_ends_at_the_limit,
    floods::output_is_held_against_its_limit_to_the_byte,
    floods::output_of_any_shape_arrives_byte_by_byte,
    floods::input_that_is_never_read_holds_nobody_up,
    floods::input_that_comes_ahead_is_a_file_of_its_own_in_every_run,
    large_files::a_program_sees_the_same_of_its_input_wherever_that_comes_from,
    large_files::a_large_input_is_no_memory_of_its_program,
    large_files::a_large_file_is_laid_for_as_long_as_it_was_put,
    large_files::a_file_that_changes_after_it_was_opened_is_told_and_no_program_reads_it,
    leftovers::orphans_end_with_their_program,
    leftovers::output_that_nobody_holds_and_that_is_open_has_an_end,
    leftovers::a_program_that_is_killed_takes_its_children_along,
    interaction::a_conversation_of_many_rounds_loses_nothing,
    interaction::answers_in_packets_are_heard_to_the_last_one,
    interaction::streams_can_be_opened_by_their_names,
    interaction::output_that_is_closed_has_its_end_before_the_program,
    interaction::who_prints_and_never_reads_ends_at_the_limit,
    isolation::a_submission_reaches_no_socket_of_a_validator,
    isolation::no_pseudo_terminal_can_be_had,
    witness::a_program_that_looks_around_finds_the_same_behind_every_wall,
    verdicts::each_verdict_comes_from_the_program_that_deserves_it,
    verdicts::a_box_that_cannot_be_cleared_is_replaced_and_that_is_no_judge_error,
    verdicts::tests_that_are_spread_over_slots_have_the_same_verdict,
    verdicts::a_submission_that_never_reads_ends_at_its_limit_and_nobody_else_is_blamed,
    verdicts::time_that_a_submission_waits_for_answers_does_not_count,
    verdicts::a_verdict_says_in_what_it_was_judged,
    verdicts::tries_at_one_submission_at_once_each_say_in_what_they_were_judged,
    validators::what_a_validator_writes_to_nextpass_is_its_own_input_and_that_of_the_submission,
    validators::a_wrong_answer_that_is_followed_by_a_failure_is_one_verdict_each_time,
    validators::a_judge_error_names_the_problem_and_carries_the_limits,
    validators::a_verdict_document_has_a_ceiling_whatever_is_printed,
    validators::a_test_that_ends_near_its_limit_is_run_once_more,
    validators::a_call_that_ends_near_its_limit_in_a_process_of_several_is_made_once_more,
    validators::a_verdict_says_which_limit_a_test_exceeded,
    validators::the_table_of_a_language_says_which_exit_codes_are_compile_errors,
    validators::children_that_spin_at_the_end_are_no_tampering,
    validators::with_a_box_per_test_no_counter_tells_one_test_of_another,
    runs::what_a_program_prints_comes_back_whole_for_every_input,
    runs::a_run_has_arguments_and_files_of_its_own_and_leaves_files_behind,
    runs::a_run_that_does_not_end_well_says_how_and_why,
    runs::a_result_has_a_ceiling_that_all_its_runs_share,
    room::a_file_that_cannot_lie_beside_what_is_laid_for_the_tests_is_refused_by_name,
    room::what_does_not_fit_into_a_box_leaves_it_in_doubt_whether_the_host_is_to_blame,
    room::files_that_take_more_memory_than_the_submission_may_have_exceed_its_limit,
    room::however_much_of_standard_error_is_to_be_kept_a_run_can_be_reported,
    pool::a_warm_box_is_leased_and_another_one_takes_its_place,
    pool::a_box_that_broke_is_replaced_by_the_next_lease,
    pool::slots_are_given_once_each_and_come_back,
    pool::a_pool_that_is_closed_leaves_nothing_warm,
    environment::an_environment_that_is_not_installed_is_told_with_its_remedy,
    environment::a_backend_examines_itself_and_the_environments_that_it_is_asked_about,
    environment::a_layer_that_is_no_layer_cannot_be_left_out,
);

/// A test per case, in boxes of one kind, where there can be any.
macro_rules! on_boxes {
    ($program:ident: $($room:ident::$case:ident),* $(,)?) => {
        mod $program {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $case() {
                let Some(boxes) = crate::fixture::TestBoxes::$program() else { return };
                crate::$room::$case(&boxes).await;
                boxes.close().await;
            })*
        }
    };
}

// Containers whose streams go past the daemon: whatever is about streams, and what a program sees of them.
on_boxes!(
    docker_streams:
    life::a_box_runs_one_program_after_the_other_and_nothing_of_it_stays,
    life::files_come_in_and_go_out,
    life::a_file_that_is_fetched_with_a_run_comes_whole_and_stays_for_no_other,
    life::a_box_that_was_destroyed_is_gone,
    life::a_box_whose_runner_ends_is_lost_and_says_so,
    limits::each_limit_ends_a_program_by_its_own_name,
    floods::output_that_nobody_reads_waits_and_is_not_lost,
    floods::a_flood_on_either_stream_ends_at_the_limit,
    floods::output_is_held_against_its_limit_to_the_byte,
    floods::output_of_any_shape_arrives_byte_by_byte,
    floods::input_that_is_never_read_holds_nobody_up,
    floods::input_that_comes_ahead_is_a_file_of_its_own_in_every_run,
    large_files::a_program_sees_the_same_of_its_input_wherever_that_comes_from,
    large_files::a_large_input_is_no_memory_of_its_program,
    large_files::a_large_file_is_laid_for_as_long_as_it_was_put,
    large_files::a_file_that_changes_after_it_was_opened_is_told_and_no_program_reads_it,
    lent_inputs::a_lent_input_is_read_in_every_way_as_a_copy_is,
    lent_inputs::a_lent_input_is_no_memory_of_its_program_however_it_is_read,
    lent_inputs::a_program_leaves_nothing_on_a_lent_input_for_the_next_one,
    lent_inputs::an_input_whose_box_is_lost_is_lent_to_none_after_it,
    lent_inputs::a_test_is_judged_the_same_whether_its_input_is_lent_or_copied,
    leftovers::orphans_end_with_their_program,
    leftovers::output_that_nobody_holds_and_that_is_open_has_an_end,
    leftovers::a_program_that_is_killed_takes_its_children_along,
    interaction::a_conversation_of_many_rounds_loses_nothing,
    interaction::answers_in_packets_are_heard_to_the_last_one,
    interaction::streams_can_be_opened_by_their_names,
    interaction::output_that_is_closed_has_its_end_before_the_program,
    interaction::who_prints_and_never_reads_ends_at_the_limit,
    isolation::a_submission_reaches_no_socket_of_a_validator,
    witness::a_program_that_looks_around_finds_the_same_behind_every_wall,
    verdicts::each_verdict_comes_from_the_program_that_deserves_it,
    verdicts::a_submission_that_never_reads_ends_at_its_limit_and_nobody_else_is_blamed,
    pool::a_warm_box_is_leased_and_another_one_takes_its_place,
    pool::a_pool_that_is_closed_leaves_nothing_warm,
);

mod lent_to_jails {
    on_boxes!(
        nsjail:
        lent_inputs::a_lent_input_is_read_in_every_way_as_a_copy_is,
        lent_inputs::a_lent_input_is_no_memory_of_its_program_however_it_is_read,
        lent_inputs::a_program_leaves_nothing_on_a_lent_input_for_the_next_one,
        lent_inputs::an_input_whose_box_is_lost_is_lent_to_none_after_it,
        lent_inputs::a_test_is_judged_the_same_whether_its_input_is_lent_or_copied,
    );
}

mod microvm {
    on_boxes!(
        qemu:
        machines::each_verdict_comes_from_the_program_that_deserves_it,
        machines::a_machine_that_is_killed_from_outside_was_ended_by_the_host,
        machines::a_machine_ends_with_its_box,
        machines::a_limit_that_a_machine_cannot_keep_is_refused_and_named,
        machines::two_machines_of_one_template_have_nothing_random_in_common,
        machines::a_machine_that_is_started_without_a_template_judges_too,
        machines::what_a_killed_worker_leaves_is_swept_and_what_a_living_one_has_is_not,
        machines::what_is_missing_is_told_with_the_command_that_mends_it,
        machine_groups::a_machine_has_a_control_group_that_goes_with_it,
        machine_groups::a_group_that_cannot_be_had_is_told_and_no_machine_runs_without,
        witness::a_program_that_looks_around_finds_the_same_behind_every_wall,
        life::files_come_in_and_go_out,
        life::a_file_that_is_fetched_with_a_run_comes_whole_and_stays_for_no_other,
        life::a_box_whose_runner_ends_is_lost_and_says_so,
        limits::more_memory_than_allowed_is_a_memory_kill_where_memory_is_limited,
        limits::more_processes_than_allowed_are_refused_where_they_are_limited,
        limits::a_resized_box_has_its_new_limits_where_that_can_be_done,
        environment::an_environment_that_is_not_installed_is_told_with_its_remedy,
        environment::a_backend_examines_itself_and_the_environments_that_it_is_asked_about,
        environment::a_layer_that_is_no_layer_cannot_be_left_out,
    );

    on_boxes!(
        firecracker:
        machines::each_verdict_comes_from_the_program_that_deserves_it,
        machines::a_machine_that_is_killed_from_outside_was_ended_by_the_host,
        machines::a_machine_ends_with_its_box,
        machines::two_machines_of_one_template_have_nothing_random_in_common,
        machines::a_machine_that_is_started_without_a_template_judges_too,
        machines::what_is_missing_is_told_with_the_command_that_mends_it,
        machine_groups::a_machine_has_a_control_group_that_goes_with_it,
        machine_groups::a_group_that_cannot_be_had_is_told_and_no_machine_runs_without,
        witness::a_program_that_looks_around_finds_the_same_behind_every_wall,
        life::a_box_whose_runner_ends_is_lost_and_says_so,
        limits::more_memory_than_allowed_is_a_memory_kill_where_memory_is_limited,
        limits::a_resized_box_has_its_new_limits_where_that_can_be_done,
        environment::a_backend_examines_itself_and_the_environments_that_it_is_asked_about,
    );
}
