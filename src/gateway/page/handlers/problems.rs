//! The problems, and what was judged against each revision of one.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use futures::{StreamExt as _, stream};
use serde::Deserialize;

use crate::contract::{ProblemInfo, ProblemTests};
use crate::gateway::EngineError;
use crate::gateway::api::Api;
use crate::gateway::handlers::catalog::find_problem;
use crate::gateway::page::failure::{PageFailure, rendered};
use crate::gateway::page::views::shell::Shell;
use crate::gateway::page::views::words::moment;
use crate::gateway::page::visitor::Visitor;
use crate::gateway::sites::token_file::Scope;
use crate::store::RevisionRow;

/// Problems of one page.
const MOST: usize = 50;

/// Characters of a revision in the list.
const SHORT: usize = 12;

/// Packages that are read at once.
const AT_ONCE: usize = 4;

/// `?after=ID`.
#[derive(Debug, Deserialize)]
pub(in crate::gateway::page) struct After {
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "problems.html")]
struct ProblemsPage {
    shell: Shell,
    problems: Vec<Line>,
    /// The last one, where there are more.
    more_after: Option<String>,
}

#[derive(Debug)]
struct Line {
    id: String,
    /// What is known of it, or why nothing is.
    found: Result<ProblemInfo, String>,
    kind: String,
    /// The beginning of the newest revision; the page of the problem has the whole.
    revision: String,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    shell: Shell,
    problem: ProblemInfo,
    kind: String,
    /// Whether something can be handed in for it on the page.
    may_submit: bool,
    /// For visitors who see every site.
    revisions: Option<Vec<Revision>>,
}

#[derive(Debug)]
struct Revision {
    revision: String,
    is_newest: bool,
    judged: i64,
    accepted: i64,
    first: String,
    last: String,
}

/// `GET /page/problems`.
pub(in crate::gateway::page) async fn list(
    State(api): State<Api>,
    visitor: Visitor,
    Query(After { after }): Query<After>,
) -> Result<Response, PageFailure> {
    visitor.site.require(Scope::Read)?;
    let mut ids: Vec<String> = api.catalog.problems().await?;
    ids.retain(|id| *id > after);
    let has_more = ids.len() > MOST;
    ids.truncate(MOST);
    let more_after = ids.last().filter(|_last| has_more).cloned();
    let lines = stream::iter(ids).map(|id| line(&api, id)).buffered(AT_ONCE);
    Ok(rendered(&ProblemsPage {
        shell: Shell::new(&api, &visitor, "/page/problems", "Problems"),
        problems: lines.collect().await,
        more_after,
    }))
}

async fn line(api: &Api, id: String) -> Line {
    let found = match api.catalog.problem(id.clone()).await {
        Ok(Some(found)) => Ok(found),
        Ok(None) => Err("it is not there any more".to_owned()),
        Err(error) => Err(error.to_string()),
    };
    let revision = found.as_ref().map(|found| found.revision.chars().take(SHORT).collect());
    Line {
        id,
        revision: revision.unwrap_or_default(),
        kind: found.as_ref().map(kind_of).unwrap_or_default(),
        found,
    }
}

/// How its submissions are judged.
fn kind_of(problem: &ProblemInfo) -> String {
    let result = if problem.scoring { "scoring" } else { "pass or fail" };
    let way = match problem.tested_by {
        ProblemTests::Inputs if problem.interactive => ", interactive",
        ProblemTests::Inputs => "",
        ProblemTests::Functions => ", calls of functions",
        ProblemTests::UnitTests => ", unit tests",
    };
    format!("{result}{way}")
}

/// `GET /page/problems/ID`.
pub(in crate::gateway::page) async fn look(
    State(api): State<Api>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, PageFailure> {
    visitor.site.require(Scope::Read)?;
    let problem = find_problem(&api, &id).await?;
    let revisions = match visitor.site.may(Scope::ReadAll) {
        true => Some(revisions(&api, &problem).await?),
        false => None,
    };
    Ok(rendered(&ProblemPage {
        shell: Shell::new(&api, &visitor, "/page/problems", format!("Problem {}", problem.title)),
        kind: kind_of(&problem),
        may_submit: visitor.site.may(Scope::Submit),
        problem,
        revisions,
    }))
}

/// The newest one first, also where nothing was judged against it yet.
async fn revisions(api: &Api, problem: &ProblemInfo) -> Result<Vec<Revision>, EngineError> {
    let rows = api.records.revisions(problem.id.clone()).await?;
    let mut revisions: Vec<Revision> = rows.iter().map(|row| Revision::of(row, &problem.revision)).collect();
    if !revisions.iter().any(|revision| revision.is_newest) {
        revisions.insert(0, Revision::unused(&problem.revision));
    }
    revisions.sort_by_key(|revision| !revision.is_newest);
    Ok(revisions)
}

impl Revision {
    fn of(row: &RevisionRow, newest: &str) -> Self {
        let revision = row.revision.clone().unwrap_or_else(|| "not told".to_owned());
        Self {
            is_newest: revision == newest,
            revision,
            judged: row.judged,
            accepted: row.accepted,
            first: moment(row.first_at),
            last: moment(row.last_at),
        }
    }

    fn unused(revision: &str) -> Self {
        Self {
            revision: revision.to_owned(),
            is_newest: true,
            judged: 0,
            accepted: 0,
            first: String::new(),
            last: String::new(),
        }
    }
}
