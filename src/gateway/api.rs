//! What every handler uses.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use moka::future::Cache;
use moka::policy::EvictionPolicy;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::config::{LanguageSettings, LimitSettings, ServeSettings};
use crate::contract::SubmissionCaps;
use crate::gateway::background::Background;
use crate::gateway::body::memory::BodyMemory;
use crate::gateway::page::records::{Fleet, Records};
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::browser::check_origin;
use crate::gateway::sites::per_site::{PerSite, UnderWay};
use crate::gateway::sites::quota::QuotaMeters;
use crate::gateway::sites::requests::{RequestPlace, RequestRoom};
use crate::gateway::sites::reserved::Reservations;
use crate::gateway::sites::standing::Standings;
use crate::gateway::sites::token_file::{Scope, TokenFileError};
use crate::gateway::sites::tokens::{Site, Tokens};
use crate::gateway::sites::uploads::Uploads;
use crate::gateway::{Catalog, Engine, Entry, Outcome, TestSets};
use crate::webhook::Webhooks;

/// How long a look at queues and workers is shown.
const FLEET: Duration = Duration::from_millis(900);

/// Requests of a site that wait for their turn, for each that may wait for an answer.
const TURNS: usize = 2;

/// Memory for what is kept of requests that wait for an answer, for as much of those whose bodies come.
const WAITING: u64 = 2;

/// What the service is made of.
#[derive(Clone)]
pub struct ApiOptions {
    /// How it serves.
    pub serve: ServeSettings,
    /// How large a submission may be.
    pub caps: SubmissionCaps,
    /// Limits of programs.
    pub limits: LimitSettings,
    /// The languages.
    pub languages: BTreeMap<String, LanguageSettings>,
    /// The language of submissions that name none.
    pub default_language: String,
    /// What judges.
    pub engine: Arc<dyn Engine>,
    /// What sends callbacks, if any may be asked for.
    pub webhooks: Option<Arc<Webhooks>>,
    /// Largest archive of a package, in bytes.
    pub package_bytes: u64,
    /// Largest test set, in bytes.
    pub test_set_bytes: usize,
    /// Test sets.
    pub test_sets: Arc<dyn TestSets>,
    /// What can be asked for.
    pub catalog: Arc<dyn Catalog>,
    /// What the page shows.
    pub records: Arc<dyn Records>,
}

/// What every handler uses.
#[derive(Clone)]
pub struct Api(Arc<Inner>);

struct Inner {
    options: ApiOptions,
    tokens: Tokens,
    meters: QuotaMeters,
    reservations: Reservations,
    body_memory: BodyMemory,
    waiting_memory: BodyMemory,
    streams: PerSite,
    waits: PerSite,
    turns: PerSite,
    uploads: Uploads,
    requests: RequestRoom,
    background: Background,
    stopping: CancellationToken,
    /// Queues and workers, as they were a moment ago.
    fleet: Cache<(), Arc<Fleet>>,
}

impl std::fmt::Debug for ApiOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiOptions")
            .field("serve", &self.serve)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.options.fmt(f)
    }
}

impl std::ops::Deref for Api {
    type Target = ApiOptions;

    fn deref(&self) -> &ApiOptions {
        &self.0.options
    }
}

impl Api {
    /// Reads the tokens.
    ///
    /// # Errors
    /// When their file cannot be used.
    pub fn new(options: ApiOptions) -> Result<Self, TokenFileError> {
        let tokens = Tokens::open(options.serve.token_file.clone(), options.serve.quotas())?;
        let (connections, of_bodies) = (options.serve.max_connections, options.serve.max_body_bytes as u64);
        let memory = || BodyMemory::for_bodies_of(of_bodies);
        Ok(Self(Arc::new(Inner {
            requests: RequestRoom::of(connections, tokens.are_needed(), memory()),
            tokens,
            meters: QuotaMeters::default(),
            reservations: Reservations::default(),
            body_memory: memory(),
            waiting_memory: BodyMemory::for_bodies_of(of_bodies.saturating_mul(WAITING)),
            streams: PerSite::at_most(options.serve.max_streams),
            waits: PerSite::at_most(options.serve.max_streams),
            turns: PerSite::at_most(options.serve.max_streams.saturating_mul(TURNS)),
            uploads: Uploads::of_at_most(options.package_bytes),
            background: Background::new(),
            stopping: CancellationToken::new(),
            fleet: Cache::builder()
                .eviction_policy(EvictionPolicy::lru())
                .time_to_live(FLEET)
                .max_capacity(1)
                .build(),
            options,
        })))
    }

    /// The tokens of all clients.
    pub(super) fn tokens(&self) -> &Tokens {
        &self.0.tokens
    }

    /// What sites have asked and handed in lately.
    pub(super) fn meters(&self) -> &QuotaMeters {
        &self.0.meters
    }

    /// What sites hand in at this moment.
    pub(super) fn reservations(&self) -> &Reservations {
        &self.0.reservations
    }

    /// The site that sends a request, which is counted; its quotas are told in the answer.
    pub(super) fn asks(&self, site: Site, parts: &Parts) -> Result<Site, Refusal> {
        let standings = parts.extensions.get::<Standings>().cloned().unwrap_or_default();
        let site = site.told(standings);
        if let Some(place) = parts.extensions.get::<RequestPlace>() {
            self.requests().name(place, &site.name)?;
        }
        self.meters().ask(&site)?;
        Ok(site)
    }

    /// Queues and workers: looked at once in a while, however many clients ask.
    pub(super) async fn fleet(&self) -> Arc<Fleet> {
        let looking = async { Arc::new(self.records.fleet().await) };
        self.0.fleet.get_with((), looking).await
    }

    /// Memory for the bodies of all requests.
    pub(super) fn body_memory(&self) -> &BodyMemory {
        &self.0.body_memory
    }

    /// Memory for what is kept of requests that wait for an answer.
    pub(super) fn waiting_memory(&self) -> &BodyMemory {
        &self.0.waiting_memory
    }

    /// Packages that are put.
    pub(super) fn uploads(&self) -> &Uploads {
        &self.0.uploads
    }

    /// Room for requests that are under way.
    pub(super) fn requests(&self) -> &RequestRoom {
        &self.0.requests
    }

    /// Work that goes on without its client.
    pub(super) fn background(&self) -> &Background {
        &self.0.background
    }

    /// A stream of events for a site, which is counted as long as it lasts.
    pub(super) fn begin_stream(&self, site: &Site) -> Result<UnderWay, Refusal> {
        self.0.streams.begin(&site.name).ok_or_else(|| {
            let most = self.0.streams.most();
            let detail = format!("{} follows {most} streams already (serve.max_streams)", site.name);
            Refusal::too_many(detail, 5)
        })
    }

    /// A request of a site that waits for its turn to wait for an answer, which is counted as long as it does.
    pub(super) fn begin_turn(&self, site: &Site) -> Result<UnderWay, Refusal> {
        self.0.turns.begin(&site.name).ok_or_else(|| {
            let most = self.0.turns.most();
            let detail = format!(
                "{most} requests of {} wait for their turn already (serve.max_streams)",
                site.name
            );
            Refusal::busy(detail)
        })
    }

    /// A submission that the site may see.
    pub(super) async fn entry(&self, site: &Site, id: Uuid) -> Result<Arc<Entry>, Refusal> {
        let entry = self.engine.find(id).await?;
        let is_seen = |entry: &Arc<Entry>| entry.site == site.name || site.may(Scope::ReadAll);
        entry.filter(is_seen).ok_or_else(|| Refusal::no_submission(id))
    }

    /// The longest that a request may wait.
    pub(super) fn longest_wait(&self) -> Duration {
        Duration::from_millis(self.serve.max_wait_ms)
    }

    /// A request of a site that waits for so many seconds, and is counted as long as it does. One more than a site may have
    /// does not wait.
    pub(super) fn begin_wait(&self, site: &Site, seconds: f64) -> LongPoll {
        let longest = Duration::try_from_secs_f64(seconds).unwrap_or_default();
        self.begin_wait_of(site, longest.min(self.longest_wait()))
    }

    /// The same, for so long.
    pub(super) fn begin_wait_of(&self, site: &Site, longest: Duration) -> LongPoll {
        let place = match longest.is_zero() {
            true => WaitPlace::None,
            false => self
                .0
                .waits
                .begin(&site.name)
                .map_or(WaitPlace::Refused, WaitPlace::Counted),
        };
        LongPoll {
            longest,
            place,
            stopping: self.stopping().clone(),
        }
    }

    /// Cancelled when the service stops: what a client waits for then is not waited for any longer.
    pub(super) fn stopping(&self) -> &CancellationToken {
        &self.0.stopping
    }
}

/// A request that waits for an answer.
#[derive(Debug)]
pub(super) struct LongPoll {
    longest: Duration,
    place: WaitPlace,
    stopping: CancellationToken,
}

/// Whether a request waits.
#[derive(Debug)]
enum WaitPlace {
    /// It wants its answer at once.
    None,
    /// It does, and counts as one of those of its site.
    Counted(#[expect(dead_code, reason = "it counts until it is dropped")] UnderWay),
    /// It would, and its site waits for as many answers as it may.
    Refused,
}

impl LongPoll {
    /// How long it waits.
    pub(super) fn longest(&self) -> Duration {
        self.longest
    }

    /// Whether it ends, or would end, since the service stops.
    pub(super) fn is_cut_by_stop(&self) -> bool {
        self.stopping.is_cancelled()
    }

    /// Refuses a request that is to wait and may not, and with which nothing is lost. If it were answered at once, its client
    /// would ask again at once.
    pub(super) fn check(&self, site: &Site) -> Result<(), Refusal> {
        match self.place {
            WaitPlace::None | WaitPlace::Counted(_) => Ok(()),
            WaitPlace::Refused => {
                let detail = format!("{} waits for as many answers as it may (serve.max_streams)", site.name);
                Err(Refusal::too_many(detail, 1))
            }
        }
    }

    /// Waits until a submission has ended, or the service stops: the client hears then what it would hear when its time is up.
    pub(super) async fn wait_for(&self, entry: &Entry) -> Option<Arc<Outcome>> {
        match self.place {
            WaitPlace::Counted(_) => {
                let ended = self.stopping.run_until_cancelled(entry.wait(self.longest)).await;
                ended.unwrap_or_else(|| entry.outcome())
            }
            WaitPlace::None | WaitPlace::Refused => entry.outcome(),
        }
    }
}

/// The site that asks, which may ask once more.
impl FromRequestParts<Api> for Site {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Refusal> {
        if !api.tokens().are_needed() {
            check_origin(parts, &api.serve.cors_origins)?;
        }
        api.asks(api.tokens().site(&parts.headers).await?, parts)
    }
}
