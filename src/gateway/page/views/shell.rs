//! What is around the content of every page.

use crate::gateway::api::Api;
use crate::gateway::page::visitor::Visitor;
use crate::gateway::sites::token_file::Scope;

/// Around the content.
#[derive(Debug)]
pub(in crate::gateway::page) struct Shell {
    pub(in crate::gateway::page) title: String,
    pub(in crate::gateway::page) site: String,
    pub(in crate::gateway::page) csrf: String,
    pub(in crate::gateway::page) may_log_out: bool,
    pub(in crate::gateway::page) links: Vec<NavLink>,
    /// Seconds after which it is loaded again where no script runs.
    pub(in crate::gateway::page) refresh: Option<u32>,
    pub(in crate::gateway::page) version: &'static str,
}

/// A way to another page.
#[derive(Debug)]
pub(in crate::gateway::page) struct NavLink {
    pub(in crate::gateway::page) path: &'static str,
    pub(in crate::gateway::page) name: &'static str,
    pub(in crate::gateway::page) is_here: bool,
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
    pub(in crate::gateway::page) fn new(api: &Api, visitor: &Visitor, path: &str, title: impl Into<String>) -> Self {
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
    pub(in crate::gateway::page) fn refreshed(self, seconds: u32) -> Self {
        Self {
            refresh: Some(seconds),
            ..self
        }
    }
}
