//! A program that is written on the page, run or judged, and watched.

use askama::Template;
use axum::extract::{Query, Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;

use crate::contract::{FileMessage, Metadata, ProblemRef, RunRequest, SubmissionRequest};
use crate::gateway::Entry;
use crate::gateway::api::Api;
use crate::gateway::body::{BodyCap, SMALL_BODY};
use crate::gateway::handlers::submissions::take;
use crate::gateway::page::failure::{PageFailure, rendered};
use crate::gateway::page::handlers::submission::{path_of, seen};
use crate::gateway::page::views::draft::Draft;
use crate::gateway::page::views::shell::Shell;
use crate::gateway::page::views::submission::SubmissionPart;
use crate::gateway::page::visitor::{Fields, Posted, Visitor};
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;

/// Problems to choose from; of more, the id is written.
const MOST_PROBLEMS: usize = 500;

/// What the form begins with.
#[derive(Debug, Default, Deserialize)]
pub(in crate::gateway::page) struct Beginning {
    /// The program of this submission.
    from: Option<Uuid>,
    /// This problem.
    #[serde(default)]
    problem: String,
}

#[derive(Template)]
#[template(path = "playground.html")]
struct PlaygroundPage {
    shell: Shell,
    draft: Draft,
    languages: Vec<Language>,
    problems: Vec<String>,
    /// The problem is one of these; else its id is written.
    is_choice: bool,
    may_run: bool,
    may_submit: bool,
}

#[derive(Debug)]
struct Language {
    name: String,
    is_chosen: bool,
}

/// What stands below the form once a program was handed in.
#[derive(Template)]
#[template(path = "playground_outcome.html")]
struct Outcome {
    id: String,
    part: SubmissionPart,
}

/// `GET /page/playground`.
pub(in crate::gateway::page) async fn form(
    State(api): State<Api>,
    visitor: Visitor,
    Query(beginning): Query<Beginning>,
) -> Result<Response, PageFailure> {
    visitor.site.require(Scope::Read)?;
    let draft = draft(&api, &visitor.site, beginning).await?;
    let problems = api.catalog.problems().await?;
    let is_listed = problems.contains(&draft.problem) || draft.problem.is_empty();
    Ok(rendered(&PlaygroundPage {
        languages: languages(&api, &draft.language),
        is_choice: is_listed && (1..=MOST_PROBLEMS).contains(&problems.len()),
        problems: problems.into_iter().take(MOST_PROBLEMS).collect(),
        may_run: visitor.site.may(Scope::Run),
        may_submit: visitor.site.may(Scope::Submit),
        shell: Shell::new(&api, &visitor, "/page/playground", "Playground"),
        draft,
    }))
}

async fn draft(api: &Api, site: &Site, beginning: Beginning) -> Result<Draft, PageFailure> {
    let Some(id) = beginning.from else {
        return Ok(Draft {
            problem: beginning.problem,
            ..Draft::default()
        });
    };
    let stored = seen(api, site, id).await?;
    let draft = stored.program.and_then(|program| Draft::of(&stored.row, &program));
    draft.ok_or_else(|| {
        let detail = "the program is not kept, or is more than the one text that the playground holds";
        PageFailure::not_found(detail)
    })
}

fn languages(api: &Api, chosen: &str) -> Vec<Language> {
    let offered = || api.languages.iter().filter(|(_name, language)| language.offered);
    let chosen = match offered().any(|(name, _language)| name == chosen) {
        true => chosen,
        false => &api.default_language,
    };
    let languages = offered().map(|(name, _language)| Language {
        name: name.clone(),
        is_chosen: name == chosen,
    });
    languages.collect()
}

/// `POST /page/playground`. A script is answered with what stands below the form, a browser without one with the page of
/// the submission.
pub(in crate::gateway::page) async fn hand_in(
    State(api): State<Api>,
    request: Request,
) -> Result<Response, PageFailure> {
    let is_script = request.headers().contains_key("hx-request");
    let posted = Posted::read(request, &api, form_cap(&api)).await?;
    let request = request_of(&api, &posted.visitor.site, &posted.fields)?;
    let admitted = api.admit(&posted.visitor.site, 1).await?;
    let entry = take(&api, &admitted, request, Uuid::now_v7()).await?;
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

fn request_of(api: &Api, site: &Site, fields: &Fields) -> Result<SubmissionRequest, Refusal> {
    let language = Some(fields.word("language").to_owned()).filter(|language| !language.is_empty());
    let files = Some(vec![FileMessage {
        name: file_name(api, language.as_ref(), fields.word("name")),
        content: Some(fields.lines("source")),
        content_base64: None,
    }]);
    let metadata = Metadata::from_iter([("source".to_owned(), "page".into())]).into();
    match fields.word("problem") {
        "" => {
            site.require(Scope::Run)?;
            let run = RunRequest {
                language,
                files,
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
                files,
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

/// What a program is called: as the visitor says, else as its language usually calls it.
fn file_name(api: &Api, language: Option<&String>, asked: &str) -> String {
    let language = api.languages.get(language.unwrap_or(&api.default_language));
    let usual = || language.map(|language| language.entry_point.clone());
    let asked = Some(asked.to_owned()).filter(|name| !name.is_empty());
    asked.or_else(usual).unwrap_or_default()
}

impl Outcome {
    fn of(entry: &Entry) -> Self {
        Self {
            id: entry.id.to_string(),
            part: SubmissionPart::of_snapshot(&entry.watch().borrow()),
        }
    }
}
