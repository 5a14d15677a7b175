//! What is promised to clients of the service, looked up when everything is over.

use std::collections::HashSet;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::Sha256;
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use crate::callback_listener::{CallbackListener, Seen};
use crate::gateway::Gateway;
use crate::http_soak_clients::AcceptedOne;
use crate::soak_report::{Report, Vitals};
use crate::worker::Namespace;

/// What became of submissions that came over HTTP.
#[derive(Debug, Default, Serialize)]
pub(crate) struct HttpAccount {
    /// Ids that clients were given.
    ids: usize,
    /// Submissions in the database.
    kept: i64,
    callbacks: usize,
    /// Copies of a callback beyond its first; allowed.
    repeated: usize,
    /// Submissions without a callback.
    never_called: Vec<Uuid>,
    /// Callbacks that are not signed by the service.
    unsigned: Vec<Uuid>,
    /// Submissions about which a client, a callback and the service say different things.
    contradicted: Vec<String>,
}

impl HttpAccount {
    /// Asks a service about everything that was accepted, and holds callbacks and answers against it.
    pub(crate) async fn of(
        namespace: &Namespace,
        service: &Gateway,
        accepted: &[AcceptedOne],
        (listener, secret): (&CallbackListener, &str),
    ) -> Self {
        let mut account = Self {
            ids: accepted.iter().map(|one| one.id).collect::<HashSet<_>>().len(),
            kept: kept(namespace).await,
            ..Self::default()
        };
        for one in accepted {
            let shown = service.done(&one.id.to_string()).await;
            account.hold(one, &shown, &listener.seen(&one.callback_path), secret);
        }
        account
    }

    fn hold(&mut self, one: &AcceptedOne, shown: &Value, calls: &[Seen], secret: &str) {
        self.callbacks += calls.len();
        self.repeated += calls.len().saturating_sub(1);
        if calls.is_empty() {
            self.never_called.push(one.id);
        }
        if !calls.iter().all(|call| is_signed(call, secret)) {
            self.unsigned.push(one.id);
        }
        let is_of_this = |call: &Seen| {
            call.document()["data"] == *shown
                && call.body == calls[0].body
                && *call.id() == shown["verdict"]["verdict_id"]
        };
        let is_told = one.told.as_ref().is_none_or(|told| json!(told) == shown["verdict"]);
        let is_right = shown["id"] == json!(one.id) && shown["verdict"]["verdict"] == one.expected.code();
        if !(is_told && is_right && calls.iter().all(is_of_this)) {
            self.contradicted
                .push(format!("{one:?} is shown as {shown} and was called {calls:?}"));
        }
    }

    fn broken_promises(&self, submitted: usize) -> Vec<String> {
        let mut broken = Vec::new();
        for (what, is_broken) in [
            (
                format!("{} ids for {submitted} submissions", self.ids),
                self.ids != submitted,
            ),
            (
                format!("the database has {} of {submitted} submissions", self.kept),
                usize::try_from(self.kept) != Ok(submitted),
            ),
            (
                format!("no callback: {:?}", self.never_called),
                !self.never_called.is_empty(),
            ),
            (
                format!("callbacks are not signed: {:?}", self.unsigned),
                !self.unsigned.is_empty(),
            ),
            (
                format!("contradicted: {:?}", self.contradicted),
                !self.contradicted.is_empty(),
            ),
        ] {
            if is_broken {
                broken.push(what);
            }
        }
        broken
    }
}

async fn kept(namespace: &Namespace) -> i64 {
    let mut database = PgConnection::connect(&namespace.database).await.unwrap();
    sqlx::query_scalar("SELECT count(*) FROM gateway_submissions")
        .fetch_one(&mut database)
        .await
        .unwrap()
}

/// As the Standard Webhooks specification has it.
fn is_signed(call: &Seen, secret: &str) -> bool {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    let signed = format!("{}.{}.{}", call.id(), call.headers["webhook-timestamp"], call.body);
    mac.update(signed.as_bytes());
    let signatures = call.headers["webhook-signature"].split(' ');
    let known: Vec<_> = signatures
        .filter_map(|signature| signature.strip_prefix("v1,"))
        .collect();
    known.contains(&STANDARD.encode(mac.finalize().into_bytes()).as_str())
}

/// The outcome of a soak over HTTP.
#[derive(Debug, Serialize)]
pub(crate) struct HttpReport {
    #[serde(flatten)]
    pub(crate) soak: Report,
    pub(crate) http: HttpAccount,
    pub(crate) service_kills: usize,
    /// Clients whose service died while they waited.
    pub(crate) cut_off: usize,
    /// Requests that were refused, since something was away.
    pub(crate) refused: usize,
    pub(crate) service_at_start: Vitals,
    pub(crate) service_at_end: Vitals,
}

impl HttpReport {
    /// The promises that were not held, and what shows that this was no soak.
    pub(crate) fn broken_promises(&self) -> Vec<String> {
        let mut broken = self.soak.broken_promises();
        broken.extend(self.http.broken_promises(self.soak.account.submitted));
        broken.extend(self.service_at_end.leaks_since(self.service_at_start));
        if self.cut_off == 0 {
            broken.push("no service was killed while a client waited".to_owned());
        }
        broken
    }
}

impl fmt::Display for HttpReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let http = &self.http;
        writeln!(f, "{}", self.soak)?;
        writeln!(f, "ids given, submissions kept    {}, {}", http.ids, http.kept)?;
        writeln!(f, "service kills                  {}", self.service_kills)?;
        writeln!(f, "clients cut off in mid-wait    {}", self.cut_off)?;
        writeln!(f, "requests refused with 503      {}", self.refused)?;
        writeln!(f, "callbacks                      {}", http.callbacks)?;
        writeln!(f, "of these sent again, the same  {}", http.repeated)?;
        writeln!(f, "submissions without a callback {}", http.never_called.len())?;
        writeln!(f, "callbacks with no signature    {}", http.unsigned.len())?;
        writeln!(f, "told more than one content     {}", http.contradicted.len())?;
        write!(
            f,
            "surviving service              {}; then {}",
            self.service_at_start, self.service_at_end
        )
    }
}
