//! The checker of histories: what it must take, and each kind that it must reject.

use uuid::Uuid;

use crate::history::{Answer, Event, Recorder, Way, What};
use crate::history_checker::{Findings, check};

const CONSUMERS: [(&str, Option<Way>); 3] = [("one", None), ("other", None), ("http", Some(Way::Http))];

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn answer(number: u128) -> Answer {
    Answer {
        id: id(number),
        verdict_id: id(1000 + number),
        verdict: "AC".to_owned(),
        sha256: format!("digest {number}"),
    }
}

fn sent(number: u128, way: Way) -> What {
    What::Sent { id: id(number), way }
}

fn received(consumer: &str, answer: Answer) -> What {
    What::Received {
        consumer: consumer.to_owned(),
        answer,
    }
}

fn stored(answer: Answer) -> What {
    What::Stored { answer }
}

/// Two submissions with everything that must come of them.
fn right() -> Vec<What> {
    let mut history = Vec::new();
    for (number, way) in [(1, Way::Amqp), (2, Way::Http)] {
        history.push(sent(number, way));
        history.push(What::Accepted {
            id: id(number),
            way,
            expected: "AC".to_owned(),
        });
        let hears = |(_name, only): &(&str, Option<Way>)| only.is_none_or(|only| only == way);
        let consumers = CONSUMERS.into_iter().filter(hears);
        history.extend(consumers.map(|(name, _only)| received(name, answer(number))));
        history.push(stored(answer(number)));
    }
    history
}

fn checked(history: Vec<What>) -> Findings {
    let events = history.into_iter().zip(0..).map(|(what, at_ms)| Event { at_ms, what });
    check(&events.collect::<Vec<_>>(), &CONSUMERS)
}

#[test]
fn a_history_in_which_every_promise_is_held_is_taken() {
    let mut history = right();
    history.insert(0, sent(1, Way::Amqp));
    // A copy, and a submission that was sent and never accepted.
    history.push(received("one", answer(1)));
    history.push(sent(3, Way::Http));
    history.push(What::Fault {
        fault: "kill".to_owned(),
    });
    let findings = checked(history);
    assert_eq!(findings.broken_promises(), Vec::<String>::new());
    let counts = [
        findings.accepted_over_amqp,
        findings.accepted_over_http,
        findings.copies,
        findings.sent_again,
        findings.faults,
    ];
    assert_eq!(counts, [1, 1, 1, 1, 1]);
    assert_eq!((findings.verdicts["AC"], findings.received["one"]), (2, 3));
}

#[test]
fn a_history_in_which_a_promise_is_broken_is_rejected_and_says_which() {
    let other_id = Answer {
        verdict_id: id(7),
        ..answer(1)
    };
    let wrong = Answer {
        verdict: "WA".to_owned(),
        ..answer(1)
    };
    let other_content = Answer {
        sha256: "other".to_owned(),
        ..answer(1)
    };
    let without = |lost: What| right().into_iter().filter(|what| *what != lost).collect();
    let with = |more: What| right().into_iter().chain([more]).collect();
    let instead = |old: What, new: What| -> Vec<What> {
        let swap = |what| if what == old { new.clone() } else { what };
        right().into_iter().map(swap).collect()
    };
    let cases: [(&str, Vec<What>); 10] = [
        ("1 lost", without(stored(answer(1)))),
        ("1 lost", without(received("http", answer(2)))),
        ("1 lost", without(received("other", answer(2)))),
        ("1 doubled", with(stored(answer(1)))),
        ("1 doubled", with(received("one", other_id))),
        ("1 wrong", instead(stored(answer(1)), stored(wrong.clone()))),
        ("1 wrong", with(received("one", wrong))),
        (
            "1 different",
            instead(received("other", answer(1)), received("other", other_content.clone())),
        ),
        ("1 different", instead(stored(answer(1)), stored(other_content))),
        ("1 invented", with(received("one", answer(9)))),
    ];
    for (expected, history) in cases {
        let broken = checked(history).broken_promises();
        assert!(
            broken.len() == 1 && broken[0].starts_with(expected),
            "{expected}: {broken:?}"
        );
    }
}

#[test]
fn a_history_is_read_as_it_was_recorded() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let recorder = Recorder::create(file.path());
    right().into_iter().for_each(|what| recorder.record(what));
    let history = recorder.history();
    assert!(history.is_sorted_by_key(|event| event.at_ms));
    assert_eq!(history.into_iter().map(|event| event.what).collect::<Vec<_>>(), right());
}
