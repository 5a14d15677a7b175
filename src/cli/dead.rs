//! `assize dead`

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use anyhow::anyhow;
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::broker::{KeptError, KeptMessage, KeptMessages, KeptQueue};
use crate::cli::output::escape::escape;
use crate::cli::table::{self, Column};
use crate::cli::units::counted;
use crate::cli::{Failure, print, runtime};
use crate::config::{BrokerSettings, StoreSettings};
use crate::contract::Request;
use crate::store::{Store, StoreError};

/// See what was given up, try it again, or throw it away
///
/// A dead letter is a message that was given up, since the judge failed at each attempt. It is kept with the reason, until
/// `requeue` puts it back into the work queue, which helps once the reason is gone, or `drop` deletes it for good. Dead
/// letters are named by their message id, which for a submission is its id; one without an id by the digest of its body.
/// While one of these commands runs, it holds the messages that it looks at: another one sees none. Messages that were
/// wrong are listed by `assize rejected`.
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

/// What is done with the messages of a queue.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
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
    /// Put back into the work queue, to be judged from the first attempt on; the history is kept
    Requeue(Chosen),
    /// Delete for good
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
pub(super) struct Chosen {
    /// Message ids, or digests
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// All that are kept for this reason, such as `judge_error`
    #[arg(long)]
    code: Option<String>,
    /// All of them
    #[arg(long)]
    all: bool,
}

/// The messages of a queue.
struct Queue {
    messages: KeptMessages,
    /// What one of them is called.
    word: &'static str,
    /// The command that this is a part of.
    command: &'static str,
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
    pub(super) fn run(self, settings: &BrokerSettings, store: &StoreSettings) -> Result<ExitCode, Failure> {
        self.action.run(settings, store, KeptQueue::Dead)
    }
}

impl Action {
    /// Does it with the messages of this queue.
    pub(super) fn run(
        self,
        settings: &BrokerSettings,
        store: &StoreSettings,
        queue: KeptQueue,
    ) -> Result<ExitCode, Failure> {
        runtime()?.block_on(self.act(settings, store, queue))
    }

    async fn act(
        self,
        settings: &BrokerSettings,
        store: &StoreSettings,
        queue: KeptQueue,
    ) -> Result<ExitCode, Failure> {
        let queue = Queue::open(settings, queue).await?;
        let done = match &self {
            Self::List { json } => list(&queue, *json).await,
            Self::Show { id } => show(&queue, id).await,
            Self::Requeue(chosen) => requeue(&queue, chosen).await,
            Self::Drop { chosen, yes } => discard(&queue, store, (chosen, *yes)).await,
        };
        let closed = queue.messages.close().await.map_err(Failure::ours);
        done.and_then(|code| closed.map(|()| code))
    }
}

impl Chosen {
    fn has(&self, letter: &KeptMessage) -> bool {
        self.all || self.ids.contains(&letter.id) || self.code.as_ref().is_some_and(|code| *code == letter.code)
    }
}

impl Queue {
    async fn open(settings: &BrokerSettings, queue: KeptQueue) -> Result<Self, Failure> {
        let (command, word) = match queue {
            KeptQueue::Dead => ("dead", "dead letter"),
            KeptQueue::Rejected => ("rejected", "rejected message"),
        };
        let messages = match KeptMessages::open(settings, queue).await {
            Err(error @ KeptError::Off) => return Err(Failure::usage(error)),
            opened => opened.map_err(Failure::ours)?,
        };
        Ok(Self {
            messages,
            word,
            command,
        })
    }

    async fn next(&self) -> Result<Option<KeptMessage>, Failure> {
        self.messages.next().await.map_err(Failure::ours)
    }

    /// So many of them.
    fn counted(&self, count: usize) -> String {
        match count {
            0 => format!("no {} was", self.word),
            more => counted(more, self.word),
        }
    }

    /// Says how many of them something was done with.
    fn report(&self, count: usize, done: &str) -> Result<ExitCode, Failure> {
        print::text(&format!("{} {done}", self.counted(count)))?;
        Ok(if count == 0 {
            ExitCode::from(1)
        } else {
            ExitCode::SUCCESS
        })
    }
}

/// Those messages, without their bodies, the oldest first: there may be more bodies than memory.
async fn heads(queue: &Queue, is_wanted: impl Fn(&KeptMessage) -> bool) -> Result<Vec<KeptMessage>, Failure> {
    let mut letters = Vec::new();
    while let Some(letter) = queue.next().await? {
        if is_wanted(&letter) {
            letters.push(letter.without_body());
        }
    }
    // What was looked at before is returned to the queue in another order, and times are whole seconds.
    letters.sort_by(|one, other| (&one.died_at, &one.id).cmp(&(&other.died_at, &other.id)));
    Ok(letters)
}

/// One at a time, and no more than there are now: one that dies again meanwhile is not sent once more.
async fn requeue(queue: &Queue, chosen: &Chosen) -> Result<ExitCode, Failure> {
    let mut requeued = 0;
    for _ in 0..queue.messages.count().await.map_err(Failure::ours)? {
        let Some(letter) = queue.next().await? else {
            break;
        };
        if chosen.has(&letter) {
            queue.messages.requeue(&letter).await.map_err(Failure::ours)?;
            requeued += 1;
        }
    }
    queue.report(requeued, "sent to the work queue again")
}

async fn discard(queue: &Queue, store: &StoreSettings, (chosen, yes): (&Chosen, bool)) -> Result<ExitCode, Failure> {
    let letters = heads(queue, |letter| chosen.has(letter)).await?;
    if !yes && !letters.is_empty() && !confirmed(&queue.counted(letters.len()))? {
        return Ok(ExitCode::from(1));
    }
    let mut dropped = Vec::new();
    let discarded = discard_all(queue, &letters, &mut dropped).await;
    // Also where the connection was lost meanwhile.
    if let Err(error) = close(store, &dropped).await {
        anstream::eprintln!(
            "{}",
            escape(&format!(
                "PostgreSQL was not told ({error}): those that came over HTTP count for the quotas of their sites, \
                 for serve.in_flight_s"
            ))
        );
    }
    discarded?;
    queue.report(letters.len(), "thrown away")
}

/// What was asked for by those that were thrown away is put behind `dropped`.
async fn discard_all(queue: &Queue, letters: &[KeptMessage], dropped: &mut Vec<Request>) -> Result<(), Failure> {
    for letter in letters {
        queue.messages.discard(letter).await.map_err(Failure::ours)?;
        dropped.extend(letter.request());
    }
    Ok(())
}

/// What came over HTTP and was thrown away is not in flight any longer.
async fn close(settings: &StoreSettings, dropped: &[Request]) -> Result<(), StoreError> {
    if !settings.enabled || dropped.is_empty() {
        return Ok(());
    }
    let store = Store::attach(settings).await?;
    store.close_dropped(dropped).await.map(drop)
}

fn confirmed(messages: &str) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::usage(anyhow!(
            "{messages} would be thrown away for good; say so with --yes"
        )));
    }
    anstream::eprint!("Throw away {messages} for good? [y/N] ");
    std::io::stderr().flush().map_err(Failure::ours)?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(Failure::ours)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

async fn list(queue: &Queue, json: bool) -> Result<ExitCode, Failure> {
    let letters = heads(queue, |_letter| true).await?;
    if json {
        print::json(&letters.iter().map(listed).collect::<Vec<_>>())?;
    } else if letters.is_empty() {
        print::text(&format!("there are no {}s", queue.word))?;
    } else {
        print::text(&format!("{}\n\n{}", table_of(&letters), what_to_do(queue.command)))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What stands below a list.
fn what_to_do(command: &str) -> String {
    format!(
        "assize {command} show ID tells all of one, requeue ID puts it back into the queue once the reason is gone,\n\
         drop ID deletes it for good"
    )
}

fn table_of(letters: &[KeptMessage]) -> String {
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

fn listed(letter: &KeptMessage) -> Listed<'_> {
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

async fn show(queue: &Queue, id: &str) -> Result<ExitCode, Failure> {
    let mut is_there = false;
    while let Some(letter) = queue.next().await? {
        if letter.id == id {
            is_there = true;
            print::text(&escape(&shown(&letter)))?;
        }
    }
    if is_there {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Failure::usage(anyhow!(
        "there is no {} {id}; `assize {} list` shows them all",
        queue.word,
        queue.command
    )))
}

fn shown(letter: &KeptMessage) -> String {
    let mut lines = vec![letter.id.clone()];
    lines.extend(letter.history.iter().map(|line| format!("  before  {line}")));
    lines.push(format!("  last    {}", letter.exit_summary()));
    if let Some(field) = &letter.field {
        lines.push(format!("  field   {field}"));
    }
    format!("{}\n\n{}", lines.join("\n"), String::from_utf8_lossy(&letter.body))
}
