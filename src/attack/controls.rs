//! Programs for which each check must fail: an attack that is let through on purpose. A check that cannot fail shows
//! nothing.

use crate::attack::stage::{CANARY, Stage, canary, submission};
use crate::attack::trial::{Trial, betrayed};
use crate::contract::{InlineTest, Verdict};

/// A check, and whether it sees what it has to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control {
    /// What was let through.
    pub what: &'static str,
    /// Whether it was seen.
    pub seen: bool,
}

/// Lets something through for each check.
pub async fn controls(trial: &Trial, stage: &Stage) -> Vec<Control> {
    let mut controls = Vec::new();
    let (secret, another) = (canary(), canary());
    let programs = [
        ("a program that is given the answer", "print(input())", "42", "42"),
        (
            "a program that prints a secret",
            "print('x', input())",
            &secret,
            &another,
        ),
        (
            "a program that prints a secret to standard error",
            "import sys\nprint(input(), file=sys.stderr)",
            &secret,
            &another,
        ),
        ("a program that says it got out", "print('ESCAPED')", "", &another),
        (
            "a program that says it found something",
            "print('LEAKED')",
            "",
            &another,
        ),
    ];
    for (what, program, input, answer) in programs {
        let test = InlineTest {
            name: None,
            input: input.to_owned(),
            answer: Some(answer.to_owned()),
        };
        let judgement = trial.judge(&submission(program.as_bytes(), vec![test])).await;
        let as_meant = (judgement.verdict == Verdict::Ac) == (input == answer);
        controls.push(Control {
            what,
            seen: as_meant && betrayed(&judgement).len() == 1,
        });
    }
    let quiet = stage.damage().await.is_empty();
    let reached = tokio::net::TcpStream::connect(("127.0.0.1", stage.port()))
        .await
        .is_ok();
    controls.push(Control {
        what: "a connection to the listener",
        seen: quiet && reached && !stage.damage().await.is_empty(),
    });
    let datagram = async {
        let socket = tokio::net::UdpSocket::bind("127.0.0.1:0").await.ok()?;
        socket
            .send_to(CANARY.as_bytes(), ("127.0.0.1", stage.port()))
            .await
            .ok()
    };
    controls.push(Control {
        what: "a datagram to the listener",
        seen: datagram.await.is_some() && !stage.damage().await.is_empty(),
    });
    controls
}
