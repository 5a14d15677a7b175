//! Programs for which each check must fail: attacks that are let through on purpose. They show that the checks work.

use crate::attack::fixture::{AttackFixture, SECRET_MARK, secret, submission};
use crate::attack::run::{AttackRun, leaks};
use crate::contract::{InlineTest, Verdict};

/// A check, and whether it sees what it has to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetectionCheck {
    /// What was let through.
    pub what: &'static str,
    /// Whether the check reported it.
    pub detected: bool,
}

/// Lets something through for each check.
pub async fn detection_checks(run: &AttackRun, fixture: &AttackFixture) -> Vec<DetectionCheck> {
    let mut detection_checks = Vec::new();
    let (planted, another) = (secret(), secret());
    let programs = [
        ("a program that is given the answer", "print(input())", "42", "42"),
        (
            "a program that prints a secret",
            "print('x', input())",
            &planted,
            &another,
        ),
        (
            "a program that prints a secret to standard error",
            "import sys\nprint(input(), file=sys.stderr)",
            &planted,
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
            input: Some(input.to_owned()),
            answer: Some(answer.to_owned()),

            ..InlineTest::default()
        };
        let judgement = run
            .judge(&submission(run.language(), program.as_bytes(), vec![test]))
            .await;
        let as_meant = (judgement.verdict == Verdict::Ac) == (input == answer);
        detection_checks.push(DetectionCheck {
            what,
            detected: as_meant && leaks(&judgement).len() == 1,
        });
    }
    let quiet = fixture.damage().await.is_empty();
    let reached = tokio::net::TcpStream::connect(("127.0.0.1", fixture.port()))
        .await
        .is_ok();
    detection_checks.push(DetectionCheck {
        what: "a connection to the listener",
        detected: quiet && reached && !fixture.damage().await.is_empty(),
    });
    let datagram = async {
        let socket = tokio::net::UdpSocket::bind("127.0.0.1:0").await.ok()?;
        socket
            .send_to(SECRET_MARK.as_bytes(), ("127.0.0.1", fixture.port()))
            .await
            .ok()
    };
    detection_checks.push(DetectionCheck {
        what: "a datagram to the listener",
        detected: datagram.await.is_some() && !fixture.damage().await.is_empty(),
    });
    detection_checks
}
