//! What is asked of a box for one test: the command, its limits, its files, its input.

use std::io;
use std::path::Path;

use crate::config::Settings;
use crate::contract::Limits;
use crate::judge::plan::{Plan, PlannedTest};
use crate::judge::run::attempt::AttemptError;
use crate::sandbox::{Input, Lifetime, Program, PutFile, RunLimits, RunRequest, Session};

/// The run of a submission in one test.
pub(in crate::judge) fn request(plan: &Plan, test: &PlannedTest, settings: &Settings, forks: bool) -> RunRequest {
    let mut argv = command(&plan.language.run, "{entry}", &[&plan.entry]);
    argv.extend(test.args.iter().cloned());
    let program = if forks {
        Program::Fork { argv }
    } else {
        Program::Exec {
            argv,
            env: plan.language.env.clone(),
        }
    };
    RunRequest {
        program,
        limits: run_limits(&plan.limits, settings),
        then_reset: true,
    }
}

/// Lays the files of `NAME.files` for this test only.
pub(in crate::judge) async fn write_files(session: &mut Session, test: &PlannedTest) -> Result<(), AttemptError> {
    let Some(root) = &test.files else {
        return Ok(());
    };
    let unreadable = |error: io::Error| AttemptError::unreadable(&test.name, &error);
    let mut open = vec![root.clone()];
    while let Some(directory) = open.pop() {
        let mut entries = tokio::fs::read_dir(&directory).await.map_err(unreadable)?;
        while let Some(entry) = entries.next_entry().await.map_err(unreadable)? {
            if entry.path().is_dir() {
                open.push(entry.path());
            } else {
                write_file(session, root, &entry.path(), &test.name).await?;
            }
        }
    }
    Ok(())
}

async fn write_file(session: &mut Session, root: &Path, path: &Path, test: &str) -> Result<(), AttemptError> {
    let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
    let file = tokio::fs::File::open(path)
        .await
        .map_err(|error| AttemptError::unreadable(&format!("{test} ({name})"), &error))?;
    let put = PutFile {
        path: name,
        lifetime: Lifetime::ThisTest,
        mode: 0o444,
    };
    session.put(put, Input::File(file)).await.map_err(AttemptError::Box)
}

/// Fills the file names into a command of the language table.
pub(in crate::judge) fn command(template: &[String], placeholder: &str, files: &[&str]) -> Vec<String> {
    // A name that begins with a dash must not be taken for an option.
    let name = |file: &&str| {
        if file.starts_with('-') {
            format!("./{file}")
        } else {
            (*file).to_owned()
        }
    };
    let mut argv = Vec::new();
    for word in template {
        if word == placeholder {
            argv.extend(files.iter().map(name));
        } else {
            argv.push(word.clone());
        }
    }
    argv
}

/// The limits as the runner takes them.
pub(in crate::judge) fn run_limits(limits: &Limits, settings: &Settings) -> RunLimits {
    RunLimits {
        cpu_us: limits.cpu_ms.saturating_mul(1000),
        wall_us: limits.wall_ms.saturating_mul(1000),
        memory_bytes: limits.memory_bytes,
        output_bytes: limits.output_bytes,
        file_bytes: settings.limits.file_bytes,
        open_files: settings.limits.open_files,
        cpus: settings.sandbox.cpus,
        stderr_keep: u32::try_from(settings.judge.excerpt_bytes).unwrap_or(u32::MAX),
    }
}
