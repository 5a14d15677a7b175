//! Piston's runtimes: languages with versions, of which a request names one.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use semver::{Comparator, Op, Prerelease, Version, VersionReq};
use serde_json::{Value, json};

use crate::gateway::api::Api;
use crate::gateway::dialect::versions::{ANY, Offered, offered};
use crate::gateway::refusal::Refusal;
use crate::gateway::sites::token_file::Scope;
use crate::gateway::sites::tokens::Site;

/// The names under which Piston's clients know a language of this service, the first of which it is listed with.
const NAMES: [(&str, &[&str]); 2] = [
    ("python3", &["python", "py", "py3", "python3"]),
    ("pypy3", &["pypy", "pypy3"]),
];

/// Most characters of a name that are quoted in a refusal.
const MOST_SHOWN: usize = 60;

/// `GET /api/v2/runtimes`.
pub(super) async fn list(State(api): State<Api>, site: Site) -> Result<Json<Value>, Refusal> {
    site.require(Scope::Run)?;
    let runtimes = offered(&api).into_iter().map(|language| {
        let names = names_of(&language);
        let version = language.version.as_deref().unwrap_or(ANY);
        json!({ "language": names[0], "version": version, "aliases": names[1..] })
    });
    Ok(Json(runtimes.collect()))
}

/// A language by one of its names, if its version is one that is asked for.
pub(super) fn runtime(api: &Api, name: &str, version: &str) -> Result<Offered, Refusal> {
    let of_name = offered(api)
        .into_iter()
        .find(|language| names_of(language).contains(&name));
    of_name
        .filter(|language| is_satisfied(version, language.version.as_deref()))
        .ok_or_else(|| {
            let [name, version] = [name, version].map(|text| text.chars().take(MOST_SHOWN).collect::<String>());
            let detail = format!(
                "{name}-{version} runtime is unknown; /api/v2/runtimes lists what there is, and the version `{ANY}` takes it"
            );
            Refusal::new(StatusCode::BAD_REQUEST, "unknown_language", detail)
        })
}

/// What a language is listed as.
pub(super) fn listed_name(language: &Offered) -> &str {
    names_of(language)[0]
}

fn names_of(language: &Offered) -> Vec<&str> {
    let known = NAMES.iter().find(|(name, _names)| *name == language.name);
    known.map_or_else(|| vec![language.name.as_str()], |(_name, names)| names.to_vec())
}

/// Whether a version is one that was asked for: `*`, `3.x`, `^3.10`, or, as Piston takes it, exactly `3.13.5`.
fn is_satisfied(asked: &str, version: Option<&str>) -> bool {
    let Some(asked_for) = requirement(asked) else {
        return version == Some(asked);
    };
    match version.map(Version::parse) {
        Some(Ok(version)) => asked_for.matches(&version),
        Some(Err(_no_version)) => version == Some(asked),
        // It is some Python 3.
        None => asked_for.comparators.iter().all(may_be_3),
    }
}

fn may_be_3(comparator: &Comparator) -> bool {
    let is_bound = matches!(comparator.op, Op::Greater | Op::GreaterEq | Op::Less | Op::LessEq);
    is_bound || comparator.major == 3
}

fn requirement(asked: &str) -> Option<VersionReq> {
    match Version::parse(asked) {
        Ok(exact) => Some(VersionReq {
            comparators: vec![Comparator {
                op: Op::Exact,
                major: exact.major,
                minor: Some(exact.minor),
                patch: Some(exact.patch),
                pre: Prerelease::EMPTY,
            }],
        }),
        Err(_no_version) => VersionReq::parse(asked).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_asked_for_as_npm_writes_it() {
        for (asked, version, is) in [
            ("*", Some("3.13.5"), true),
            ("3.x", Some("3.13.5"), true),
            ("3", Some("3.13.5"), true),
            ("^3.10.0", Some("3.13.5"), true),
            (">=3.10", Some("3.13.5"), true),
            ("3.13.5", Some("3.13.5"), true),
            ("3.10.0", Some("3.13.5"), false),
            ("3.10.x", Some("3.13.5"), false),
            ("2.x", Some("3.13.5"), false),
            ("?", Some("3.13.5"), false),
            ("", Some("3.13.5"), false),
            ("3.10.0", None, true),
            (">=2.7, 3.x", None, true),
            ("*", None, true),
            ("2.7.18", None, false),
            ("?", None, false),
        ] {
            assert_eq!(is_satisfied(asked, version), is, "{asked:?} {version:?}");
        }
    }
}
