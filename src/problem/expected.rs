//! What a folder below `submissions/` says about the submissions in it.

use crate::contract::Verdict;

/// The verdicts that the folder allows; `None` for a folder that says nothing.
pub fn expected_of_folder(folder: &str) -> Option<Vec<Verdict>> {
    Some(match folder {
        "accepted" => vec![Verdict::Ac],
        "wrong_answer" => vec![Verdict::Wa],
        "time_limit_exceeded" => vec![Verdict::Tle],
        "memory_limit_exceeded" => vec![Verdict::Mle],
        "output_limit_exceeded" => vec![Verdict::Ole],
        "run_time_error" => vec![Verdict::Rte],
        "compiler_error" => vec![Verdict::Ce],
        "security_violation" => vec![Verdict::Sv],
        _ => return None,
    })
}
