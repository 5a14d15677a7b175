//! What is around the content of every page.

use crate::gateway::api::Api;
use crate::gateway::page::visitor::Visitor;
use crate::gateway::token_file::Scope;

/// Around the content.
#[derive(Debug)]
pub(super) struct Shell {
    pub(super) title: String,
    pub(super) site: String,
    pub(super) csrf: String,
    pub(super) may_log_out: bool,
    pub(super) links: Vec<NavLink>,
    /// Seconds after which it is loaded again where no script runs.
    pub(super) refresh: Option<u32>,
    pub(super) version: &'static str,
}

/// A way to another page.
#[derive(Debug)]
pub(super) struct NavLink {
    pub(super) path: &'static str,
    pub(super) name: &'static str,
    pub(super) is_here: bool,
}

/// Every page of the navigation, with what a visitor needs to see it.
const PAGES: [(&str, &str, Scope); 6] = [
    ("/page/board", "Board", Scope::Read),
    ("/page/submissions", "Submissions", Scope::Read),
    ("/page/playground", "Playground", Scope::Read),
    ("/page/problems", "Problems", Scope::Read),
    ("/page/findings", "Findings", Scope::ReadAll),
    ("/page/dead", "Dead letters", Scope::Admin),
];

impl Shell {
    /// Around a page that is reached over `path` of the navigation.
    pub(super) fn new(api: &Api, visitor: &Visitor, path: &str, title: impl Into<String>) -> Self {
        let is_there = |path: &str| path != "/page/dead" || api.records.has_fleet();
        let shown = PAGES
            .into_iter()
            .filter(|(path, _name, scope)| visitor.site.may(*scope) && is_there(path));
        Self {
            title: title.into(),
            site: visitor.site.name.to_string(),
            csrf: visitor.csrf.clone(),
            may_log_out: visitor.session.is_some(),
            links: shown
                .map(|(to, name, _scope)| NavLink {
                    path: to,
                    name,
                    is_here: to == path,
                })
                .collect(),
            refresh: None,
            version: env!("CARGO_PKG_VERSION"),
        }
    }

    /// The same, loaded again and again where no script runs.
    #[must_use]
    pub(super) fn refreshed(self, seconds: u32) -> Self {
        Self {
            refresh: Some(seconds),
            ..self
        }
    }
}
