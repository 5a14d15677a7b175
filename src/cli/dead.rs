//! `assize dead`

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use anyhow::anyhow;
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::broker::{DeadLetter, DeadLetters};
use crate::cli::output::escape::escape;
use crate::cli::table::{self, Column};
use crate::cli::{Failure, print, runtime};
use crate::config::BrokerSettings;

/// See what was given up, try it again, or throw it away
///
/// Messages that were rejected, and submissions that could not be judged, are kept in the dead-letter queue with the
/// reason. They are named by their message id, which for a submission is its id; one without an id by the digest of its
/// body. While one of these commands runs, it holds the messages that it looks at: another one sees none.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  assize dead list
  assize dead show 018f3c2e-5a7b-7c3d-9e4f-1a2b3c4d5e6f
  assize dead requeue --code judge_error
  assize dead drop sha256-5891b5b522d5")]
pub(super) struct Dead {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// A line for each
    List {
        /// Print JSON, and nothing else
        #[arg(long)]
        json: bool,
    },
    /// All that is known of one, its body included
    Show {
        /// Message id, or digest
        id: String,
    },
    /// Send to the work queue again; attempts are counted from the start, the history is kept
    Requeue(Chosen),
    /// Throw away for good
    Drop {
        #[command(flatten)]
        chosen: Chosen,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Chosen {
    /// Message ids, or digests
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// All that died for this reason, such as `judge_error`
    #[arg(long)]
    code: Option<String>,
    /// All of them
    #[arg(long)]
    all: bool,
}

/// One, without its body.
#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    code: &'a str,
    reason: &'a str,
    field: Option<&'a str>,
    worker: Option<&'a str>,
    attempt: Option<&'a str>,
    died_at: Option<&'a str>,
    history: &'a [String],
    bytes: usize,
}

impl Dead {
    pub(super) fn run(self, settings: &BrokerSettings) -> Result<ExitCode, Failure> {
        runtime()?.block_on(self.act(settings))
    }

    async fn act(self, settings: &BrokerSettings) -> Result<ExitCode, Failure> {
        let queue = DeadLetters::open(settings).await.map_err(Failure::ours)?;
        let done = match &self.action {
            Action::List { json } => list(&queue, *json).await,
            Action::Show { id } => show(&queue, id).await,
            Action::Requeue(chosen) => requeue(&queue, chosen).await,
            Action::Drop { chosen, yes } => discard(&queue, chosen, *yes).await,
        };
        let closed = queue.close().await.map_err(Failure::ours);
        done.and_then(|code| closed.map(|()| code))
    }
}

impl Chosen {
    fn has(&self, letter: &DeadLetter) -> bool {
        self.all || self.ids.contains(&letter.id) || self.code.as_ref().is_some_and(|code| *code == letter.code)
    }
}

/// Those dead letters, without their bodies, the oldest first: there may be more bodies than memory.
async fn heads(queue: &DeadLetters, is_wanted: impl Fn(&DeadLetter) -> bool) -> Result<Vec<DeadLetter>, Failure> {
    let mut letters = Vec::new();
    while let Some(letter) = queue.next().await.map_err(Failure::ours)? {
        if is_wanted(&letter) {
            letters.push(letter.without_body());
        }
    }
    // What was looked at before is returned to the queue in another order, and times are whole seconds.
    letters.sort_by(|one, other| (&one.died_at, &one.id).cmp(&(&other.died_at, &other.id)));
    Ok(letters)
}

/// One at a time, and no more than there are now: one that dies again meanwhile is not sent once more.
async fn requeue(queue: &DeadLetters, chosen: &Chosen) -> Result<ExitCode, Failure> {
    let mut requeued = 0;
    for _ in 0..queue.count().await.map_err(Failure::ours)? {
        let Some(letter) = queue.next().await.map_err(Failure::ours)? else {
            break;
        };
        if chosen.has(&letter) {
            queue.requeue(&letter).await.map_err(Failure::ours)?;
            requeued += 1;
        }
    }
    report(requeued, "sent to the work queue again")
}

async fn discard(queue: &DeadLetters, chosen: &Chosen, yes: bool) -> Result<ExitCode, Failure> {
    let letters = heads(queue, |letter| chosen.has(letter)).await?;
    if !yes && !letters.is_empty() && !confirmed(letters.len())? {
        return Ok(ExitCode::from(1));
    }
    for letter in &letters {
        queue.discard(letter).await.map_err(Failure::ours)?;
    }
    report(letters.len(), "thrown away")
}

fn report(count: usize, done: &str) -> Result<ExitCode, Failure> {
    print::text(&format!("{} {done}", counted(count)))?;
    Ok(if count == 0 {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    })
}

fn counted(count: usize) -> String {
    match count {
        0 => "no dead letter was".to_owned(),
        1 => "1 dead letter".to_owned(),
        more => format!("{more} dead letters"),
    }
}

fn confirmed(count: usize) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::usage(anyhow!(
            "{} would be thrown away for good; say so with --yes",
            counted(count)
        )));
    }
    anstream::eprint!("Throw away {} for good? [y/N] ", counted(count));
    std::io::stderr().flush().map_err(Failure::ours)?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(Failure::ours)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

async fn list(queue: &DeadLetters, json: bool) -> Result<ExitCode, Failure> {
    let letters = heads(queue, |_letter| true).await?;
    if json {
        print::json(&letters.iter().map(listed).collect::<Vec<_>>())?;
    } else if letters.is_empty() {
        print::text("there are no dead letters")?;
    } else {
        print::text(&table_of(&letters))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn table_of(letters: &[DeadLetter]) -> String {
    let columns = [
        Column::Word("id"),
        Column::Word("code"),
        Column::Number("attempt"),
        Column::Note("reason, when and where"),
    ];
    let rows: Vec<_> = letters
        .iter()
        .map(|letter| {
            let reason = match &letter.field {
                Some(field) => format!("{field}: {}", letter.reason),
                None => letter.reason.clone(),
            };
            let place = [&letter.died_at, &letter.worker].map(|known| known.as_deref().unwrap_or("?"));
            vec![
                table::text(&letter.id),
                table::text(&letter.code),
                table::text(letter.attempt.as_deref().unwrap_or_default()),
                table::text(&format!("{reason} ({})", place.join(", "))),
            ]
        })
        .collect();
    table::render(&columns, &rows, print::width())
}

fn listed(letter: &DeadLetter) -> Listed<'_> {
    Listed {
        id: &letter.id,
        code: &letter.code,
        reason: &letter.reason,
        field: letter.field.as_deref(),
        worker: letter.worker.as_deref(),
        attempt: letter.attempt.as_deref(),
        died_at: letter.died_at.as_deref(),
        history: &letter.history,
        bytes: letter.bytes,
    }
}

async fn show(queue: &DeadLetters, id: &str) -> Result<ExitCode, Failure> {
    let mut is_there = false;
    while let Some(letter) = queue.next().await.map_err(Failure::ours)? {
        if letter.id == id {
            is_there = true;
            print::text(&escape(&shown(&letter)))?;
        }
    }
    if is_there {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Failure::usage(anyhow!(
        "there is no dead letter {id}; `assize dead list` shows them all"
    )))
}

fn shown(letter: &DeadLetter) -> String {
    let mut lines = vec![letter.id.clone()];
    lines.extend(letter.history.iter().map(|line| format!("  before  {line}")));
    lines.push(format!("  last    {}", letter.exit_summary()));
    if let Some(field) = &letter.field {
        lines.push(format!("  field   {field}"));
    }
    format!("{}\n\n{}", lines.join("\n"), String::from_utf8_lossy(&letter.body))
}
