//! What the alert rules and the dashboard ask for, and what is exposed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;

use serde_json::Value;

const RULES: &str = "deploy/prometheus/rules/assize.yml";
const DASHBOARD: &str = "deploy/grafana/dashboards/assize.json";

/// A series, and the labels by which some of it are chosen.
pub(crate) struct Selector {
    pub(crate) series: String,
    pub(crate) labels: Vec<String>,
}

/// Every expression with the place that it comes from.
pub(crate) fn expressions() -> Vec<(String, String)> {
    let dashboard: Value = fs::read_to_string(DASHBOARD).unwrap().parse().unwrap();
    let mut found: Vec<(String, String)> = alerts()
        .iter()
        .map(|alert| (alert["alert"].to_string(), alert["expr"].as_str().unwrap().to_owned()))
        .collect();
    for panel in dashboard["panels"].as_array().unwrap() {
        for target in panel["targets"].as_array().into_iter().flatten() {
            found.push((panel["title"].to_string(), target["expr"].as_str().unwrap().to_owned()));
        }
    }
    for variable in dashboard["templating"]["list"].as_array().unwrap() {
        if let Some(query) = variable["query"]["query"].as_str() {
            found.push((variable["name"].to_string(), query.to_owned()));
        }
    }
    assert!(found.len() > 50, "{found:?}");
    found
}

/// The alerts of every group.
pub(crate) fn alerts() -> Vec<Value> {
    let rules: Value = serde_saphyr::from_str(&fs::read_to_string(RULES).unwrap()).unwrap();
    let groups = rules["groups"].as_array().unwrap();
    groups
        .iter()
        .flat_map(|group| group["rules"].as_array().unwrap().clone())
        .collect()
}

/// The series of an expression, or of a line that a worker exposes: names with the prefix of a program that exposes them.
pub(crate) fn selectors(expression: &str) -> Vec<Selector> {
    let mut found = Vec::new();
    let mut rest = expression;
    while let Some(start) = rest.find(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '"') {
        rest = &rest[start..];
        if let Some(quoted) = rest.strip_prefix('"') {
            rest = quoted.split_once('"').map_or("", |(_text, behind)| behind);
            continue;
        }
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        rest = behind;
        if ["assize_", "process_", "rabbitmq_"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
        {
            let matchers = behind.strip_prefix('{').and_then(|inner| inner.split_once('}'));
            found.push(Selector {
                series: name.to_owned(),
                labels: matchers.map(|(inner, _behind)| labels_of(inner)).unwrap_or_default(),
            });
        }
    }
    found
}

/// The labels of `a="x", b=~"y"`: what stands before each opening quotation mark.
fn labels_of(matchers: &str) -> Vec<String> {
    let outside = matchers.split('"').step_by(2);
    let label = |text: &str| text.trim_matches(|c: char| " ,=~!".contains(c)).to_owned();
    outside.map(label).filter(|label| !label.is_empty()).collect()
}
