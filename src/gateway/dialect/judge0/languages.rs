//! Judge0 names languages by numbers, of which each stands for one version. All that stand for Python 3 mean the Python that
//! is here.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::gateway::api::Api;
use crate::gateway::dialect::versions::{Offered, offered};
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;

/// Ids of Judge0 and of its edition "Extra" that mean CPython 3: 71, 92, 100, 109 and 113; 10, 25, 31, 32 and 33.
const PYTHON: [i64; 10] = [71, 92, 100, 109, 113, 10, 25, 31, 32, 33];

/// Ids that mean PyPy 3.
const PYPY: [i64; 2] = [28, 27];

/// Names of the languages of this service that are meant.
const MEANT: [(&str, &str, &[i64]); 2] = [("python3", "Python", &PYTHON), ("pypy3", "Python PyPy", &PYPY)];

/// The name of the source file, as programs see it in tracebacks.
pub(super) const SOURCE_FILE: &str = "script.py";

/// `GET /languages` and `GET /languages/all`.
pub(super) async fn list(State(api): State<Api>, site: Site) -> Result<Json<Value>, Refusal> {
    site.require(Scope::Read)?;
    let languages = offered(&api).into_iter().flat_map(|language| {
        let ids = ids_of(&language.name).iter();
        ids.map(|id| json!({ "id": id, "name": name_of(&language) }))
            .collect::<Vec<_>>()
    });
    Ok(Json(languages.collect()))
}

/// `GET /languages/ID`.
pub(super) async fn one(State(api): State<Api>, site: Site, Path(id): Path<String>) -> Result<Json<Value>, Refusal> {
    site.require(Scope::Read)?;
    let language = id.parse().ok().and_then(|id| language_of(&api, id));
    let missing = || Refusal::new(StatusCode::NOT_FOUND, "not_found", format!("there is no language {id}"));
    let language = language.ok_or_else(missing)?;
    Ok(Json(json!({
        "id": id.parse::<i64>().unwrap_or_default(),
        "name": name_of(&language),
        "is_archived": false,
        "source_file": SOURCE_FILE,
        "compile_cmd": null,
        "run_cmd": null,
    })))
}

/// The language that an id means, if it takes submissions.
pub(super) fn language_of(api: &Api, id: i64) -> Option<Offered> {
    offered(api)
        .into_iter()
        .find(|language| ids_of(&language.name).contains(&id))
}

/// What a language is called for people, with its version where that is known.
pub(super) fn name_of(language: &Offered) -> String {
    let meant = MEANT.iter().find(|(name, ..)| *name == language.name);
    let name = meant.map_or(language.name.as_str(), |(_name, title, _ids)| title);
    match &language.version {
        Some(version) => format!("{name} ({version})"),
        None => name.to_owned(),
    }
}

fn ids_of(name: &str) -> &'static [i64] {
    MEANT
        .iter()
        .find(|(known, ..)| *known == name)
        .map_or(&[], |(.., ids)| ids)
}
