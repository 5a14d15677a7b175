//! The box of a submission: what it has to be like, what lies in it, and what its zygote prepares.

use bytes::Bytes;
use uuid::Uuid;

use crate::config::{LanguageSettings, Startup};
use crate::contract::{Limits, SourceFile};
use crate::judge::boxes::{BoxFile, BoxPlan};
use crate::judge::options::JudgeOptions;
use crate::judge::plan::{Plan, sources};
use crate::judge::program_file::{PROGRAM_FILE, is_in_the_way};
use crate::judge::run::request::{Placeholders, command};
use crate::sandbox::{BoxRole, BoxSpec, DURABLE_AT_MOST, PrepareRequest, SlotPlacement, ZygoteRequest};

/// A program that is forked has a process beside it for a moment, which ends before the program begins.
const FORKS_NEED: u64 = 2;

/// The box and its files, with the program that they were compiled to, if they were.
pub(in crate::judge) fn plan(options: &JudgeOptions, plan: &Plan, program: Option<&Bytes>) -> BoxPlan {
    let spec = spec(options, &plan.language, &plan.limits, imported(plan), plan.id);
    let prepare = spec.zygote.is_some().then(|| PrepareRequest {
        files: sources(plan).map(str::to_owned).collect(),
        libraries: plan.language.libraries.clone(),
        wall_us: compile_wall_ms(options).saturating_mul(1000),
    });
    let program = program.map(|content| BoxFile {
        path: PROGRAM_FILE.to_owned(),
        content: content.clone(),
        mode: 0o755,
    });
    // A file that is called like the program gives way to it.
    let is_beside = |file: &BoxFile| program.is_none() || !is_in_the_way(&file.path);
    let beside = source_files(plan).filter(is_beside);
    BoxPlan {
        files: beside.chain(program.clone()).collect(),
        spec,
        prepare,
    }
}

/// What space is given in, in bytes.
const PAGE: u64 = 4096;

fn laid_bytes(files: &[SourceFile]) -> u64 {
    let bytes = |file: &SourceFile| (file.content.len() as u64).next_multiple_of(PAGE);
    files.iter().map(bytes).sum()
}

/// How large a compiled program may be, in bytes: it lies in its box beside the files that are there in every test and
/// those of one test.
pub(in crate::judge) fn room_for_program(options: &JudgeOptions, plan: &Plan) -> u64 {
    let held: usize = plan.files.iter().map(|file| file.content.len()).sum();
    let in_memory = DURABLE_AT_MOST.saturating_sub(held) as u64;
    let package = plan.package.as_ref();
    let of_package = package.map_or(0, |package| package.beside.bytes());
    let of_message = plan.tests.iter().map(|test| laid_bytes(&test.more_files)).max();
    let taken = laid_bytes(&plan.files) + of_package + of_message.unwrap_or(0);
    in_memory.min(options.boxes.scratch_bytes.saturating_sub(taken))
}

/// The files of the submission as they lie in a box.
pub(in crate::judge) fn source_files(plan: &Plan) -> impl Iterator<Item = BoxFile> {
    plan.files.iter().map(|file| BoxFile {
        path: file.name.clone(),
        content: Bytes::copy_from_slice(&file.content),
        mode: 0o644,
    })
}

/// Libraries for whose submissions boxes are kept warm, as far as a glance at the entry point shows. The zygote parses it:
/// a wrong guess costs an interpreter per test. A program of ours is the same in many submissions, so boxes are kept warm
/// for all that it imports.
fn imported(plan: &Plan) -> Vec<String> {
    let entry = plan.files.iter().find(|file| file.name == plan.entry);
    let source = entry
        .map(|file| String::from_utf8_lossy(&file.content))
        .unwrap_or_default();
    let known = match plan.tests_functions {
        true => &plan.language.libraries,
        false => &plan.language.warm_libraries,
    };
    imports_of(&source, known)
}

/// Those of `libraries` that a source file imports, as far as a glance shows.
pub(in crate::judge) fn imports_of(source: &str, libraries: &[String]) -> Vec<String> {
    let is_imported = |library: &&String| {
        source.lines().any(|line| {
            let name = line.strip_prefix("import ").or_else(|| line.strip_prefix("from "));
            let rest = name.and_then(|name| name.trim_start().strip_prefix(library.as_str()));
            rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'))
        })
    };
    libraries.iter().filter(is_imported).cloned().collect()
}

/// The box alone.
pub(in crate::judge) fn spec(
    options: &JudgeOptions,
    language: &LanguageSettings,
    limits: &Limits,
    libraries: Vec<String>,
    submission: Uuid,
) -> BoxSpec {
    let forks = language.startup == Startup::Fork && limits.processes >= FORKS_NEED;
    let placeholders = Placeholders {
        entry: &language.entry_point,
        sources: &[],
        program: "",
        memory_bytes: limits.memory_bytes,
    };
    let zygote = forks.then(|| ZygoteRequest {
        program: language.zygote.clone(),
        name: language.entry_point.clone(),
        argv: command(&language.run, &placeholders),
        env: language.env.clone(),
        libraries,
        stack_bytes: options.limits.ceiling.memory_bytes,
        file_bytes: options.limits.file_bytes,
        open_files: options.limits.open_files,
        audit: options.boxes.audit,
        wall_us: options.boxes.launch_timeout_ms.saturating_mul(1000),
    });
    BoxSpec {
        environment: language.environment.clone(),
        role: BoxRole::Submission,
        memory_bytes: limits.memory_bytes,
        processes: limits.processes,
        cpus: options.boxes.cpus,
        placement: SlotPlacement::default(),
        scratch_bytes: options.boxes.scratch_bytes,
        scratch_inodes: options.boxes.scratch_inodes,
        executable_work: language.is_compiled(),
        file_bytes: options.limits.file_bytes,
        open_files: options.limits.open_files,
        zygote,
        purpose: submission.to_string(),
    }
}

/// How long compiling may take.
pub(in crate::judge) fn compile_wall_ms(options: &JudgeOptions) -> u64 {
    let cpu_ms = options.limits.compile_cpu_ms;
    cpu_ms.saturating_mul(2).saturating_add(options.limits.wall_extra_ms)
}
