//! What is promised, looked up when everything is over: one verdict for each submission, the right one, the same one for
//! everybody, and nothing left.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::error::Error;

use assize::contract::{Judgement, Verdict};
use serde::Serialize;
use sqlx::{Connection as _, PgConnection, Row as _};
use uuid::Uuid;

use crate::site::Site;
use crate::waiting::eventually;
use crate::worker::Namespace;

/// Submissions that a broker has accepted, and the verdict that each must get.
pub(crate) type Expected = HashMap<Uuid, Verdict>;

/// What became of them.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Account {
    pub(crate) submitted: usize,
    /// In the database, by code.
    pub(crate) verdicts: BTreeMap<String, usize>,
    /// Submissions with another verdict than they must get.
    pub(crate) wrong: Vec<String>,
    /// Those without a verdict in the database.
    pub(crate) without: Vec<Uuid>,
    /// Verdicts that were stored and never published.
    pub(crate) untold: Vec<Uuid>,
    /// Submissions about which consumers were told more than one thing, or something else than the database holds.
    pub(crate) contradicted: Vec<Uuid>,
    /// Copies of a verdict beyond its first, with the same `message_id`; allowed.
    pub(crate) duplicates: usize,
    /// How the times ended that a worker took a submission in hand.
    pub(crate) attempts: BTreeMap<String, usize>,
    pub(crate) dead_letters: usize,
    /// Messages that still wait for a worker.
    pub(crate) waiting: u32,
}

struct Stored {
    verdict: String,
    document: String,
}

impl Account {
    /// To be asked for when no worker runs any more. Takes the verdicts and dead letters out of their queues.
    pub(crate) async fn of(namespace: &Namespace, expected: &Expected) -> Self {
        let site = Site::connect(&namespace.broker).await.unwrap();
        let stored = stored(namespace).await;
        let mut account = Self {
            submitted: expected.len(),
            attempts: attempts(namespace).await,
            dead_letters: site.take_dead().await.len(),
            waiting: site.waiting().await.unwrap(),
            ..Self::default()
        };
        account.hold_against(expected, &stored);
        account.listen(&site, &stored).await;
        account
    }

    fn hold_against(&mut self, expected: &Expected, stored: &HashMap<Uuid, Stored>) {
        for found in stored.values() {
            *self.verdicts.entry(found.verdict.clone()).or_default() += 1;
        }
        for (id, expected) in expected {
            match stored.get(id) {
                None => self.without.push(*id),
                Some(found) if found.verdict != expected.code() => {
                    self.wrong.push(format!(
                        "{id} is {} instead of {expected}: {}",
                        found.verdict, found.document
                    ));
                }
                Some(_) => {}
            }
        }
    }

    async fn listen(&mut self, site: &Site, stored: &HashMap<Uuid, Stored>) {
        let mut told = HashSet::new();
        for message in site.take_announced().await {
            let judgement: Judgement = serde_json::from_slice(&message.data).unwrap();
            let name = message.properties.message_id().as_ref().unwrap().to_string();
            let agrees = stored
                .get(&judgement.id)
                .is_some_and(|stored| stored.document.as_bytes() == message.data);
            if !agrees || name != judgement.verdict_id.to_string() {
                self.contradicted.push(judgement.id);
            } else if !told.insert(judgement.id) {
                self.duplicates += 1;
            }
        }
        self.untold = stored.keys().filter(|id| !told.contains(id)).copied().collect();
    }

    /// The promises that were not held.
    pub(crate) fn broken_promises(&self) -> Vec<String> {
        let mut broken = Vec::new();
        let mut none = |what: &str, found: &[String]| {
            if !found.is_empty() {
                broken.push(format!("{what}: {found:?}"));
            }
        };
        let ids = |ids: &[Uuid]| ids.iter().map(Uuid::to_string).collect::<Vec<_>>();
        none("wrong verdicts", &self.wrong);
        none("no verdict", &ids(&self.without));
        none("are stored and were never published", &ids(&self.untold));
        none("told differently", &ids(&self.contradicted));
        if self.waiting > 0 {
            broken.push(format!("{} messages still wait", self.waiting));
        }
        let stored: usize = self.verdicts.values().sum();
        if stored != self.submitted {
            broken.push(format!("{stored} verdicts on {} submissions", self.submitted));
        }
        broken
    }

    /// Fails unless every promise was held.
    pub(crate) fn assert_clean(&self) {
        assert_eq!(self.broken_promises(), Vec::<String>::new(), "{self:#?}");
    }
}

/// Verdicts in the database.
pub(crate) async fn judged(database: &mut PgConnection) -> Result<usize, sqlx::Error> {
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM verdicts")
        .fetch_one(database)
        .await?;
    Ok(usize::try_from(count).unwrap())
}

/// Waits until so many submissions have a verdict, consumers were told, and no message waits for a worker.
pub(crate) async fn settled(namespace: &Namespace, submissions: usize) {
    eventually("every verdict, and empty queues", async || {
        is_settled(namespace, submissions).await.is_ok_and(|settled| settled)
    })
    .await;
}

/// Whether that is so now; an error where a service is away.
pub(crate) async fn is_settled(
    namespace: &Namespace,
    submissions: usize,
) -> Result<bool, Box<dyn Error + Send + Sync>> {
    let mut database = PgConnection::connect(&namespace.database).await?;
    if judged(&mut database).await? < submissions {
        return Ok(false);
    }
    let site = Site::connect(&namespace.broker).await?;
    Ok(site.announced().await? as usize >= submissions && site.waiting().await? == 0)
}

async fn stored(namespace: &Namespace) -> HashMap<Uuid, Stored> {
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    // One row per submission is the table's primary key; without that key the count is wrong.
    let rows = sqlx::query("SELECT submission_id, verdict, document::text FROM verdicts")
        .fetch_all(&mut database)
        .await
        .unwrap();
    let count = rows.len();
    let stored: HashMap<_, _> = rows
        .into_iter()
        .map(|row| {
            let (verdict, document) = (row.get(1), row.get(2));
            (row.get(0), Stored { verdict, document })
        })
        .collect();
    assert_eq!(stored.len(), count, "a submission has two verdicts in the database");
    stored
}

async fn attempts(namespace: &Namespace) -> BTreeMap<String, usize> {
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    let rows = sqlx::query("SELECT coalesce(outcome, 'open'), count(*) FROM attempts GROUP BY 1")
        .fetch_all(&mut database)
        .await
        .unwrap();
    rows.iter()
        .map(|row| (row.get(0), usize::try_from(row.get::<i64, _>(1)).unwrap()))
        .collect()
}
