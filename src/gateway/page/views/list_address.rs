//! What a list of submissions is filtered by, as it stands in its address: links keep it, and add to it.

use serde::Deserialize;

/// The list of submissions.
const LIST: &str = "/page/submissions";

/// A filter, and a place in the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(in crate::gateway::page) struct Asked {
    pub(in crate::gateway::page) state: String,
    pub(in crate::gateway::page) problem: String,
    pub(in crate::gateway::page) user: String,
    pub(in crate::gateway::page) language: String,
    pub(in crate::gateway::page) site: String,
    pub(in crate::gateway::page) before: String,
}

impl Asked {
    /// Whether it leaves anything out.
    pub(in crate::gateway::page) fn is_filter(&self) -> bool {
        let words = [&self.state, &self.problem, &self.user, &self.language, &self.site];
        words.iter().any(|word| !word.trim().is_empty())
    }

    /// Where such a list begins.
    pub(in crate::gateway::page) fn newest(&self) -> String {
        self.behind("")
    }

    /// Where it goes on.
    pub(in crate::gateway::page) fn behind(&self, place: &str) -> String {
        let words = [
            ("state", self.state.as_str()),
            ("problem", &self.problem),
            ("user", &self.user),
            ("language", &self.language),
            ("site", &self.site),
            ("before", place),
        ];
        let given: Vec<_> = words.into_iter().filter(|(_name, word)| !word.is_empty()).collect();
        if given.is_empty() {
            return LIST.to_owned();
        }
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(given)
            .finish();
        format!("{LIST}?{query}")
    }

    /// What of it is for this problem.
    pub(in crate::gateway::page) fn of_problem(&self, problem: &str) -> String {
        let problem = problem.to_owned();
        Self {
            problem,
            ..self.clone()
        }
        .newest()
    }

    /// What of it is this user's.
    pub(in crate::gateway::page) fn of_user(&self, user: &str) -> String {
        let user = user.to_owned();
        Self { user, ..self.clone() }.newest()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_what_is_asked_for_and_add_to_it() {
        let nothing = Asked::default();
        assert_eq!(nothing.newest(), "/page/submissions");
        assert_eq!(nothing.of_user("a&b c"), "/page/submissions?user=a%26b+c");
        let asked = Asked {
            state: "WA".to_owned(),
            problem: "sum".to_owned(),
            before: "x".to_owned(),
            ..nothing
        };
        assert_eq!(asked.newest(), "/page/submissions?state=WA&problem=sum");
        assert_eq!(asked.behind("y"), "/page/submissions?state=WA&problem=sum&before=y");
        assert_eq!(asked.of_problem("max"), "/page/submissions?state=WA&problem=max");
        assert_eq!(asked.of_user("ada"), "/page/submissions?state=WA&problem=sum&user=ada");
    }
}
