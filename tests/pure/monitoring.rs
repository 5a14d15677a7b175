//! The alert rules, the dashboard, the runbook and the table of metrics: they name what a worker really counts.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use assize::contract::{Answer, Judgement, LimitKind};
use assize::telemetry::metrics;
use serde_json::Value;

use crate::monitored::{alerts, expressions, selectors};

const RULE_TESTS: &str = "deploy/prometheus/tests/assize.yml";

/// Labels that Prometheus adds to every series, or that it makes of a histogram.
const LABELS_OF_PROMETHEUS: [&str; 3] = ["instance", "job", "le"];

/// Labels of the series of a queue.
const LABELS_OF_RABBITMQ: [&str; 2] = ["queue", "vhost"];

/// What RabbitMQ exposes: these names were read from one. No test of this file can ask it.
const SERIES_OF_RABBITMQ: [&str; 4] = [
    "rabbitmq_detailed_queue_messages",
    "rabbitmq_detailed_queue_messages_ready",
    "rabbitmq_alarms_memory_used_watermark",
    "rabbitmq_alarms_free_disk_space_watermark",
];

#[test]
fn rules_and_dashboard_name_only_series_and_labels_that_exist() {
    let exposed = exposed();
    let mut wrong = Vec::new();
    for (place, expression) in expressions() {
        for used in selectors(&expression) {
            match exposed.get(&used.series) {
                Some(labels) => {
                    let unknown = used
                        .labels
                        .iter()
                        .filter(|label| !labels.contains(*label) && !LABELS_OF_PROMETHEUS.contains(&label.as_str()));
                    wrong.extend(unknown.map(|label| format!("{place}: {} has no label {label}", used.series)));
                }
                None if SERIES_OF_RABBITMQ.contains(&used.series.as_str()) => {}
                None => wrong.push(format!("{place}: there is no {}", used.series)),
            }
        }
        let known: BTreeSet<&str> = exposed.values().flatten().map(String::as_str).collect();
        for label in grouped_by(&expression) {
            let is_known = known.contains(label.as_str())
                || LABELS_OF_PROMETHEUS.contains(&label.as_str())
                || LABELS_OF_RABBITMQ.contains(&label.as_str());
            if !is_known {
                wrong.push(format!("{place}: nothing has a label {label}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_alert_has_a_severity_a_unit_test_and_a_section_in_the_runbook() {
    let runbook = fs::read_to_string("docs/operations/runbook.md").unwrap();
    let tested = fs::read_to_string(RULE_TESTS).unwrap();
    let alerts = alerts();
    for alert in &alerts {
        let name = alert["alert"].as_str().unwrap();
        let severity = alert["labels"]["severity"].as_str();
        assert!(matches!(severity, Some("page" | "ticket")), "{name}: {severity:?}");
        assert!(alert["annotations"]["summary"].is_string(), "{name}");
        let anchor = format!("docs/operations/runbook.md#{}", name.to_lowercase());
        assert_eq!(alert["annotations"]["runbook"], anchor, "{name}");
        assert!(runbook.contains(&format!("\n### {name}\n")), "{name} has no section");
        assert!(
            tested.contains(&format!("alertname: {name}\n")),
            "{name} has no unit test"
        );
    }
    for heading in runbook.lines().filter_map(|line| line.strip_prefix("### Assize")) {
        let is_alert = |alert: &Value| alert["alert"] == format!("Assize{heading}");
        assert!(alerts.iter().any(is_alert), "no alert is called Assize{heading}");
    }
}

#[test]
fn the_table_of_metrics_names_each_of_them_and_no_other() {
    let page = fs::read_to_string("docs/operations/monitoring.md").unwrap();
    let rows = page
        .lines()
        .filter(|line| line.starts_with("| `assize_") || line.starts_with("| `process_"));
    let first_column = |row: &str| row.split('|').nth(1).map(str::to_owned);
    let named = rows.filter_map(first_column).flat_map(|column| quoted(&column));
    let named: BTreeSet<String> = named.collect();
    let kept = |line: &str| line.strip_prefix("# TYPE ")?.split(' ').next().map(str::to_owned);
    let counted: BTreeSet<String> = text().lines().filter_map(kept).collect();
    assert_eq!(named, counted);
}

/// What a worker and a service expose that have seen one of everything.
fn text() -> String {
    let verdict = fs::read_to_string("docs/examples/verdict.json").unwrap();
    let mut judgement: Judgement = assize::contract::document(verdict.as_bytes()).unwrap();
    judgement.tests[0].limit = Some(LimitKind::Cpu);
    metrics().expect_judging(1, &assize::config::load(None).unwrap().languages, ["host"]);
    metrics().readiness(true, [("host", true)]);
    metrics().verdict(&Answer::Verdict(judgement));
    metrics().expect_route("/v1/run", "POST");
    metrics().exposed()
}

/// Each series with its labels.
fn exposed() -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::<String, BTreeSet<String>>::new();
    for line in text().lines().filter(|line| !line.starts_with('#')) {
        for selector in selectors(line) {
            found.entry(selector.series).or_default().extend(selector.labels);
        }
    }
    found
}

/// Labels in `by (...)` and `on (...)`.
fn grouped_by(expression: &str) -> Vec<String> {
    let lists = ["by (", "on ("]
        .into_iter()
        .flat_map(|word| expression.split(word).skip(1));
    let labels = lists
        .filter_map(|rest| rest.split(')').next())
        .flat_map(|list| list.split(','));
    labels
        .map(|label| label.trim().to_owned())
        .filter(|label| !label.is_empty())
        .collect()
}

/// Words between back-ticks.
fn quoted(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
