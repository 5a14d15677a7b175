//! The board: how the service is, and what is judged, as it happens.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use axum::response::sse::Event;
use futures::stream;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::gateway::api::Api;
use crate::gateway::page::failure::{PageFailure, rendered};
use crate::gateway::page::handlers::submissions::sees_sites;
use crate::gateway::page::memory::{Look, PageMemory};
use crate::gateway::page::streams::events_of;
use crate::gateway::page::views::chart::{Chart, latency, throughput};
use crate::gateway::page::views::list_address::Asked;
use crate::gateway::page::views::shell::Shell;
use crate::gateway::page::views::submission_rows::SubmissionRows;
use crate::gateway::page::views::words::{State as Shown, roughly};
use crate::gateway::page::visitor::Visitor;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;
use crate::store::WorkerRow;

/// How often a board is looked at.
const EVERY: Duration = Duration::from_secs(1);

/// How often a page without scripts is loaded again, in seconds.
const REFRESH_S: u32 = 10;

#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage {
    shell: Shell,
    figures: Figures,
    newest: SubmissionRows,
}

/// Numbers and charts.
#[derive(Template)]
#[template(path = "board_figures.html")]
struct Figures {
    tiles: Vec<Tile>,
    charts: Vec<Chart>,
    queues: Vec<Queue>,
    workers: Vec<Worker>,
    has_fleet: bool,
    errors: Vec<String>,
}

#[derive(Debug)]
struct Tile {
    name: &'static str,
    value: String,
}

#[derive(Debug)]
struct Queue {
    name: String,
    purpose: &'static str,
    waiting: String,
    consumers: String,
}

#[derive(Debug)]
struct Worker {
    id: String,
    state: Shown,
    slots: String,
    waited: String,
    up: String,
    version: String,
    trouble: String,
}

/// `GET /page/board`.
pub(in crate::gateway::page) async fn board(
    State(api): State<Api>,
    Extension(memory): Extension<Arc<PageMemory>>,
    visitor: Visitor,
) -> Result<Response, PageFailure> {
    visitor.site.require(Scope::Read)?;
    let look = look(&api, &memory, &visitor.site).await;
    Ok(rendered(&BoardPage {
        shell: Shell::new(&api, &visitor, "/page/board", "Board").refreshed(REFRESH_S),
        figures: Figures::of(&look),
        newest: newest(&look, sees_sites(&api, &visitor.site)),
    }))
}

async fn look(api: &Api, memory: &PageMemory, site: &Site) -> Arc<Look> {
    let only = (!site.may(Scope::ReadAll)).then(|| Arc::clone(&site.name));
    memory.look(api.engine.as_ref(), api.records.as_ref(), only).await
}

/// What a browser has been shown.
struct Watching {
    api: Api,
    memory: Arc<PageMemory>,
    site: Site,
    ticks: Interval,
    figures: String,
    newest: String,
}

/// `GET /page/board/live`.
pub(in crate::gateway::page) async fn live(
    State(api): State<Api>,
    Extension(memory): Extension<Arc<PageMemory>>,
    visitor: Visitor,
) -> Result<Response, PageFailure> {
    visitor.site.require(Scope::Read)?;
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let watching = Watching {
        api: api.clone(),
        memory,
        site: visitor.site.clone(),
        ticks,
        figures: String::new(),
        newest: String::new(),
    };
    let changes = stream::unfold(watching, |mut watching| async move {
        Some((watching.next().await, watching))
    });
    events_of(&api, visitor, "/page/board/live", changes)
}

impl Watching {
    /// The parts that have changed.
    async fn next(&mut self) -> Vec<Event> {
        self.ticks.tick().await;
        let look = look(&self.api, &self.memory, &self.site).await;
        let has_sites = sees_sites(&self.api, &self.site);
        let mut events = Vec::new();
        let parts = [
            ("figures", Figures::of(&look).render(), &mut self.figures),
            ("newest", newest(&look, has_sites).render(), &mut self.newest),
        ];
        for (name, part, before) in parts {
            match part {
                Ok(part) if part != *before => {
                    events.push(Event::default().event(name).data(&part));
                    *before = part;
                }
                Ok(_same) => {}
                Err(error) => tracing::error!(%error, "a part of the board cannot be written"),
            }
        }
        events
    }
}

/// The newest submissions.
fn newest(look: &Look, has_sites: bool) -> SubmissionRows {
    SubmissionRows::of(&look.newest, &Asked::default(), has_sites)
}

impl Figures {
    fn of(look: &Look) -> Self {
        let minutes = look.minutes.as_deref();
        let fleet = look.fleet.clone().unwrap_or_default();
        Self {
            tiles: tiles(look),
            charts: minutes
                .map(|minutes| vec![throughput(minutes), latency(minutes)])
                .unwrap_or_default(),
            queues: fleet
                .queues
                .into_iter()
                .map(|queue| Queue {
                    waiting: queue
                        .waiting
                        .map_or("not declared".to_owned(), |waiting| waiting.to_string()),
                    consumers: queue
                        .consumers
                        .map(|consumers| consumers.to_string())
                        .unwrap_or_default(),
                    name: queue.name,
                    purpose: queue.purpose,
                })
                .collect(),
            workers: fleet.workers.iter().map(Worker::from).collect(),
            has_fleet: look.fleet.is_some(),
            errors: look.errors.clone(),
        }
    }
}

fn tiles(look: &Look) -> Vec<Tile> {
    let mut tiles = Vec::new();
    let mut tile = |name, value: Option<String>| {
        if let Some(value) = value {
            tiles.push(Tile { name, value });
        }
    };
    let status = look.status.as_ref();
    tile("waiting", status.map(|status| status.queued.to_string()));
    tile(
        "running",
        status
            .and_then(|status| status.running)
            .map(|running| running.to_string()),
    );
    tile(
        "slots",
        status.and_then(|status| status.slots).map(|slots| slots.to_string()),
    );
    let judged = |minutes: &Arc<[_]>| {
        minutes
            .iter()
            .map(|minute: &crate::store::JudgedMinute| minute.judged)
            .sum::<i64>()
    };
    tile(
        "judged in an hour",
        look.minutes.as_ref().map(|minutes| judged(minutes).to_string()),
    );
    tiles
}

impl From<&WorkerRow> for Worker {
    fn from(row: &WorkerRow) -> Self {
        let (word, class, meaning) = match (row.is_silent(), row.is_ready()) {
            (true, _) => ("silent", "bad", "it was not heard of for too long"),
            (false, false) => ("not ready", "ours", "it cannot judge now"),
            (false, true) => ("ready", "good", "it can judge"),
        };
        Self {
            id: row.id.clone(),
            state: Shown {
                word: word.to_owned(),
                class,
                meaning,
            },
            slots: format!("{} of {}", row.in_hand, row.slots),
            waited: row.waited_s.map(roughly).unwrap_or_default(),
            up: roughly(row.up_s),
            version: row.version.clone(),
            trouble: row.trouble.clone().unwrap_or_default(),
        }
    }
}
