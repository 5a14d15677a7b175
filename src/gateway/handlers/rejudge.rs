//! Submissions that are judged once more: one, or all of a problem.

use std::sync::{Arc, OnceLock};

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use futures::stream::{self, StreamExt as _};
use uuid::Uuid;

use crate::contract::{ProblemRejudgeAccepted, RejudgeAccepted, Stage};
use crate::gateway::api::Api;
use crate::gateway::handlers::catalog::find_problem;
use crate::gateway::handlers::keys::public_uuid;
use crate::gateway::handlers::listing::{MOST_OF_A_PAGE, filter_of, wrong};
use crate::gateway::handlers::submissions::key_of;
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::admitted::Admitted;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;
use crate::gateway::{EngineError, Rejudge, Urgency};

/// Messages of one call that are on their way at once.
const AT_ONCE: usize = 16;

/// `POST /v1/submissions/ID/rejudge`.
pub(in crate::gateway) async fn rejudge(
    State(api): State<Api>,
    site: Site,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    site.require(Scope::Submit)?;
    let request = request_of(&site, &id.to_string(), &headers)?;
    let entry = api.entry(&site, id).await?;
    let before = api.engine.count_rejudged(vec![id], request);
    let admitted = api.admit_but_for(&site, 1, before).await?;
    send_again(&api, wanted(&admitted, entry.id, request, Urgency::Now)).await?;
    let accepted = RejudgeAccepted { id, rejudge: request };
    Ok((StatusCode::ACCEPTED, Json(accepted)).into_response())
}

/// `POST /v1/problems/ID/rejudge`: one page of what was handed in for the problem. What still waits is judged anyway.
pub(in crate::gateway) async fn rejudge_problem(
    State(api): State<Api>,
    site: Site,
    Path(problem): Path<String>,
    Query(parameters): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    site.require(Scope::Submit)?;
    let rejudge = request_of(&site, &format!("problem\n{problem}"), &headers)?;
    let mut filter = filter_of(&site, &parameters, MOST_OF_A_PAGE)?;
    if filter.problem.replace(problem.clone()).is_some() {
        return Err(wrong("problem", "stands in the path"));
    }
    find_problem(&api, &problem).await?;
    let page = api.engine.list(filter).await?;
    let ids = page
        .submissions
        .iter()
        .filter(|summary| summary.state != Stage::Queued)
        .map(|summary| summary.id);
    let ids: Vec<Uuid> = ids.collect();
    let (own, site) = (api.clone(), site.clone());
    // To its end, also when its client goes away meanwhile: it could not know which part of the page was sent.
    let sending = async move {
        let before = own.engine.count_rejudged(ids.clone(), rejudge);
        let admitted = own.admit_but_for(&site, ids.len(), before).await?;
        Ok::<_, Refusal>(send_page(&own, &admitted, ids, rejudge).await?)
    };
    let sent = api.background().finished(sending).await??;
    let accepted = ProblemRejudgeAccepted {
        problem,
        rejudge,
        submissions: sent.submissions,
        not_kept: sent.not_kept,
        not_sent_reason: sent
            .failure
            .map(|error| remedy(&error, key_of(&headers).ok().flatten())),
        not_sent: sent.not_sent,
        next: page.next,
    };
    Ok((StatusCode::ACCEPTED, Json(accepted)).into_response())
}

/// What became of the submissions of a page.
#[derive(Default)]
struct SentPage {
    submissions: u64,
    not_kept: u64,
    not_sent: Vec<Uuid>,
    /// Of the last of those that were not sent.
    failure: Option<EngineError>,
}

/// Sends all submissions of a page that can be sent.
///
/// # Errors
/// When none can.
async fn send_page(api: &Api, site: &Admitted<'_>, ids: Vec<Uuid>, rejudge: Uuid) -> Result<SentPage, EngineError> {
    let away = OnceLock::new();
    let send = async |id| {
        // What is away for one submission is away for those behind it.
        let sent = match away.get().cloned() {
            Some(why) => Err(EngineError::Unavailable(why)),
            None => send_again(api, wanted(site, id, rejudge, Urgency::Bulk)).await,
        };
        if let Err(EngineError::Unavailable(why)) = &sent {
            away.get_or_init(|| why.clone());
        }
        (id, sent)
    };
    let sent: Vec<_> = stream::iter(ids).map(send).buffered(AT_ONCE).collect().await;
    let mut page = SentPage::default();
    for (id, sent) in sent {
        match sent {
            Ok(()) => page.submissions += 1,
            Err(EngineError::NotKept(_)) => page.not_kept += 1,
            Err(error @ EngineError::Unreadable(_)) => {
                tracing::warn!(submission.id = %id, %error, "a submission cannot be judged once more");
                page.not_kept += 1;
            }
            Err(error) => {
                page.not_sent.push(id);
                page.failure = Some(error);
            }
        }
    }
    match page.failure {
        Some(error) if page.submissions == 0 => Err(error),
        _ => Ok(page),
    }
}

/// Why a part of a page was not sent, and what to do about it.
fn remedy(error: &EngineError, key: Option<&str>) -> String {
    let how = match key {
        Some(_key) => "with the same Idempotency-Key, which sends nothing twice",
        None => "for each of these by itself: without an Idempotency-Key, the whole page is judged once more",
    };
    format!("{error}, {how}")
}

/// Has a submission sent to its end, also when its client goes away meanwhile: from when it counts as in flight until it is
/// noted that it was sent, no other request sends it.
pub(in crate::gateway) async fn send_again(api: &Api, wanted: Rejudge) -> Result<(), EngineError> {
    let engine = Arc::clone(&api.engine);
    let sending = async move { engine.rejudge(wanted).await };
    api.background().finished(sending).await?
}

/// What a site asks for.
pub(in crate::gateway) fn wanted(site: &Admitted<'_>, id: Uuid, request: Uuid, urgency: Urgency) -> Rejudge {
    Rejudge {
        id,
        request,
        site: Arc::clone(&site.name),
        urgency,
        is_charged: site.is_charged(),
        place: site.place(),
    }
}

/// The id of a request about this; the same key is the same request.
fn request_of(site: &Site, about: &str, headers: &HeaderMap) -> Result<Uuid, Refusal> {
    Ok(match key_of(headers)? {
        Some(key) => public_uuid(site, &format!("rejudge\n{about}\n{key}")),
        None => Uuid::now_v7(),
    })
}
