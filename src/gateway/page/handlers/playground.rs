//! A program that is written on the page, run or judged, and watched.

use askama::Template;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use uuid::Uuid;

use crate::contract::{Metadata, ProblemRef, RunRequest, SubmissionRequest};
use crate::gateway::Entry;
use crate::gateway::api::Api;
use crate::gateway::body::{BodyCap, SMALL_BODY};
use crate::gateway::handlers::submissions::take;
use crate::gateway::page::failure::{PageFailure, rendered};
use crate::gateway::page::handlers::submission::path_of;
use crate::gateway::page::views::shell::Shell;
use crate::gateway::page::views::submission::SubmissionPart;
use crate::gateway::page::visitor::{Fields, Posted, Visitor};
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;

/// Problems to choose from; of more, the id is written.
const MOST_PROBLEMS: usize = 500;

#[derive(Template)]
#[template(path = "playground.html")]
struct PlaygroundPage {
    shell: Shell,
    languages: Vec<Language>,
    problems: Vec<String>,
    may_run: bool,
    may_submit: bool,
}

#[derive(Debug)]
struct Language {
    name: String,
    is_default: bool,
}

/// What stands below the form once a program was handed in.
#[derive(Template)]
#[template(path = "playground_outcome.html")]
struct Outcome {
    id: String,
    part: SubmissionPart,
}

/// `GET /page/playground`.
pub(in crate::gateway::page) async fn form(State(api): State<Api>, visitor: Visitor) -> Result<Response, PageFailure> {
    visitor.site.require(Scope::Read)?;
    let offered = api.languages.iter().filter(|(_name, language)| language.offered);
    let mut problems = api.catalog.problems().await?;
    problems.truncate(MOST_PROBLEMS);
    Ok(rendered(&PlaygroundPage {
        languages: offered
            .map(|(name, _language)| Language {
                name: name.clone(),
                is_default: *name == api.default_language,
            })
            .collect(),
        problems,
        may_run: visitor.site.may(Scope::Run),
        may_submit: visitor.site.may(Scope::Submit),
        shell: Shell::new(&api, &visitor, "/page/playground", "Playground"),
    }))
}

/// `POST /page/playground`. A script is answered with what stands below the form, a browser without one with the page of
/// the submission.
pub(in crate::gateway::page) async fn hand_in(
    State(api): State<Api>,
    request: Request,
) -> Result<Response, PageFailure> {
    let is_script = request.headers().contains_key("hx-request");
    let posted = Posted::read(request, &api, form_cap(&api)).await?;
    let request = request_of(&posted.visitor.site, &posted.fields)?;
    let entry = take(&api, &posted.visitor.site, Ok(request), Uuid::now_v7()).await?;
    if is_script {
        return Ok(rendered(&Outcome::of(&entry)));
    }
    Ok(Redirect::to(&path_of(entry.id)).into_response())
}

/// A program and an input of the same size, in which each byte is written as three (`%0A`).
fn form_cap(api: &Api) -> BodyCap {
    let written = api.caps.source_bytes.saturating_mul(2 * 3);
    BodyCap {
        bytes: written.saturating_add(SMALL_BODY.bytes).min(api.serve.max_body_bytes),
        setting: "submission.max_source_bytes, of a program and its input",
    }
}

fn request_of(site: &Site, fields: &Fields) -> Result<SubmissionRequest, Refusal> {
    let source = Some(fields.lines("source"));
    let language = Some(fields.word("language").to_owned()).filter(|language| !language.is_empty());
    let metadata = Metadata::from_iter([("source".to_owned(), "page".into())]);
    match fields.word("problem") {
        "" => {
            site.require(Scope::Run)?;
            let run = RunRequest {
                language,
                source,
                stdin: Some(fields.lines("stdin")),
                metadata,
                ..RunRequest::default()
            };
            Ok(run.into_submission()?)
        }
        problem => {
            site.require(Scope::Submit)?;
            Ok(SubmissionRequest {
                language,
                source,
                problem: Some(ProblemRef {
                    id: problem.to_owned(),
                    revision: None,
                }),
                metadata,
                ..SubmissionRequest::default()
            })
        }
    }
}

impl Outcome {
    fn of(entry: &Entry) -> Self {
        Self {
            id: entry.id.to_string(),
            part: SubmissionPart::of_snapshot(&entry.watch().borrow()),
        }
    }
}
