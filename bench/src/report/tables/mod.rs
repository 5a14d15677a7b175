//! The results as tables, on a terminal and in Markdown.

mod cells;
mod contents;
mod services;

use anstyle::{AnsiColor, Style};
use comfy_table::{Attribute, Cell, Color};

use crate::results::Results;
use assize::cli::table::{self, Column};
use contents::tables;

const MET: &str = "met";
const MISSED: &str = "missed";

/// CPUs that an idle machine with its services keeps busy.
const QUIET: f64 = 0.3;

const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// A table with a heading.
pub(super) struct Section {
    title: &'static str,
    columns: Vec<Column<'static>>,
    rows: Vec<Vec<String>>,
}

/// What was measured, the thresholds last on a terminal: there the end is what one sees.
pub(crate) fn on_terminal(results: &Results, width: u16) -> String {
    let rendered = tables(results).into_iter().rev().map(|section| {
        let rows: Vec<Vec<Cell>> = section
            .rows
            .into_iter()
            .map(|row| row.into_iter().map(cell).collect())
            .collect();
        let title = Style::new().bold();
        format!(
            "{title}{}{title:#}\n{}\n",
            section.title,
            table::render(&section.columns, &rows, width)
        )
    });
    let warning = disturbed(results).map(|text| format!("{WARNING}{text}{WARNING:#}\n"));
    rendered.chain(warning).collect::<Vec<_>>().join("\n")
}

/// A machine on which something else runs says little.
fn disturbed(results: &Results) -> Option<String> {
    let cpus = results.disturbance;
    (cpus > QUIET)
        .then(|| format!("Something else kept up to {cpus:.1} CPUs busy meanwhile: measure again without it."))
}

/// The same for a page, the thresholds first.
pub(crate) fn in_markdown(results: &Results) -> String {
    let rendered = tables(results).into_iter().map(|section| {
        let line = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
        let names = section.columns.iter().map(|column| named(*column).0).collect();
        let rules = section.columns.iter().map(|column| named(*column).1).collect();
        let rows = section
            .rows
            .iter()
            .map(|row| line(row.iter().map(String::as_str).collect()));
        format!(
            "### {}\n\n{}{}{}",
            section.title,
            line(names),
            line(rules),
            rows.collect::<String>()
        )
    });
    let machine = &results.machine;
    let head = format!(
        "{}, {} CPUs ({}), {:.0} GiB, Linux {}, Docker {}, runtimes: {}.\n{} rounds, {} slots, {}.\n\n",
        machine.assize,
        machine.cpus,
        machine.cpu,
        machine.memory_bytes as f64 / f64::from(1 << 30),
        machine.kernel,
        machine.docker,
        machine.runtimes.join(", "),
        results.rounds,
        results.slots,
        results.at.strftime("%Y-%m-%d"),
    );
    let warning = disturbed(results)
        .map(|text| format!("**{text}**\n\n"))
        .unwrap_or_default();
    head + &warning + &rendered.collect::<Vec<_>>().join("\n")
}

fn cell(text: String) -> Cell {
    match text.as_str() {
        MET => Cell::new(text).fg(Color::Green),
        MISSED => Cell::new(text).fg(Color::Red).add_attribute(Attribute::Bold),
        _ => table::text(&text),
    }
}

fn named(column: Column<'static>) -> (&'static str, &'static str) {
    match column {
        Column::Text(name) | Column::Word(name) | Column::Note(name) => (name, "---"),
        Column::Number(name) => (name, "---:"),
    }
}

#[cfg(test)]
mod tests {
    use anstream::adapter::strip_str;
    use insta::assert_snapshot;

    use super::*;
    use crate::results::{Backlog, Latency, Machine, Threshold, Wanted};

    fn example() -> Results {
        Results {
            machine: Machine {
                assize: "Assize 1.2.3".to_owned(),
                cpu: "Abacus".to_owned(),
                cpus: 4,
                memory_bytes: 8 << 30,
                kernel: "6.1".to_owned(),
                docker: "20.10".to_owned(),
                runtimes: vec!["runc".to_owned(), "crun".to_owned()],
                image: "sha256:1".to_owned(),
            },
            rounds: 3,
            slots: 4,
            disturbance: 1.25,
            thresholds: vec![
                Threshold::new("W1, delivery to verdict", "1 plain start", Wanted::AtMost(2.0), 1.234),
                Threshold::new("W6, verdicts per second", "docker run", Wanted::AtLeast(10.0), 9.87),
            ],
            latencies: vec![Latency::of(
                "W1",
                "assize",
                "delivery to verdict",
                &[12.0, 14.5, 11.0],
                9.9,
            )],
            backlogs: vec![Backlog {
                way: "assize".to_owned(),
                slots: 4,
                submissions: 2000,
                per_second: 123.4,
                cpu_ms: 31.0,
                services_cpu_ms: 0.5,
                worker_bytes: Some((20 << 20, 21 << 20)),
            }],
            ..Results::default()
        }
    }

    #[test]
    fn on_a_terminal_the_thresholds_come_last_and_a_disturbed_run_is_called_so() {
        assert_snapshot!(strip_str(&on_terminal(&example(), 120)).to_string(), @r"
        W6, a backlog of W2 submissions
        way     slots  submissions  per second  CPU each  services  worker after 100         at the end
        ────────────────────────────────────────────────────────────────────────────────────────────────
        assize      4         2000       123.4   31.0 ms  0.500 ms          20.0 MiB  21.0 MiB (+5.0 %)

        Latency, one submission at a time
        workload  way     from, to              median      p95  ratio
        ───────────────────────────────────────────────────────────────
        W1        assize  delivery to verdict  12.0 ms  14.5 ms   1.21

        Thresholds
        what                     ratio to       wanted       measured  threshold
        ─────────────────────────────────────────────────────────────────────────
        W1, delivery to verdict  1 plain start  at most 2        1.23  met
        W6, verdicts per second  docker run     at least 10      9.87  missed

        Something else kept up to 1.2 CPUs busy meanwhile: measure again without it.
        ");
    }

    #[test]
    fn a_page_begins_with_the_machine_and_the_thresholds() {
        assert_snapshot!(in_markdown(&example()), @r"
        Assize 1.2.3, 4 CPUs (Abacus), 8 GiB, Linux 6.1, Docker 20.10, runtimes: runc, crun.
        3 rounds, 4 slots, 1970-01-01.

        **Something else kept up to 1.2 CPUs busy meanwhile: measure again without it.**

        ### Thresholds

        | what | ratio to | wanted | measured | threshold |
        | --- | --- | --- | ---: | --- |
        | W1, delivery to verdict | 1 plain start | at most 2 | 1.23 | met |
        | W6, verdicts per second | docker run | at least 10 | 9.87 | missed |

        ### Latency, one submission at a time

        | workload | way | from, to | median | p95 | ratio |
        | --- | --- | --- | ---: | ---: | ---: |
        | W1 | assize | delivery to verdict | 12.0 ms | 14.5 ms | 1.21 |

        ### W6, a backlog of W2 submissions

        | way | slots | submissions | per second | CPU each | services | worker after 100 | at the end |
        | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
        | assize | 4 | 2000 | 123.4 | 31.0 ms | 0.500 ms | 20.0 MiB | 21.0 MiB (+5.0 %) |
        ");
    }
}
