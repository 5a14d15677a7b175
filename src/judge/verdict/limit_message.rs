//! What is said about a limit that was exceeded: what was used, and what was allowed.

use crate::contract::{LimitKind, Limits};
use crate::sandbox::{RunFacts, Stopped, Stream};

/// A sentence with both figures.
pub(in crate::judge) fn limit_message(limit: LimitKind, facts: &RunFacts, limits: &Limits) -> String {
    match limit {
        LimitKind::Cpu => format!(
            "used {} of CPU time, the limit is {}",
            seconds(facts.cpu.us),
            seconds(limits.cpu_ms.saturating_mul(1000))
        ),
        LimitKind::Wall => format!(
            "ran for {}, the limit on the wall is {}",
            seconds(facts.counted_wall_us()),
            seconds(limits.wall_ms.saturating_mul(1000))
        ),
        LimitKind::Memory => memory(facts, limits),
        LimitKind::Output => {
            let (stream, bytes) = match facts.stopped {
                Some(Stopped::Output(Stream::Stderr)) => ("error", facts.stderr_bytes),
                _ => ("output", facts.stdout_bytes),
            };
            let most = limits.output_bytes;
            format!("wrote {bytes} bytes or more to standard {stream}, the limit is {most} bytes")
        }
    }
}

fn memory(facts: &RunFacts, limits: &Limits) -> String {
    let (peak, most) = (size(facts.memory_peak.bytes), size(limits.memory_bytes));
    if facts.had_memory_kill() || facts.memory_peak.bytes >= limits.memory_bytes {
        return format!("wanted more memory than the limit of {most}, the peak was {peak}");
    }
    format!("ended with MemoryError after a peak of {peak} of memory, the limit is {most}")
}

/// Rounded up, as the figures of a verdict are.
fn seconds(us: u64) -> String {
    let ms = us.div_ceil(1000);
    format!("{}.{:03} s", ms / 1000, ms % 1000)
}

fn size(bytes: u64) -> String {
    const MIB: u64 = 1 << 20;
    let tenths = bytes.saturating_mul(10).div_ceil(MIB);
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::Ended;

    #[test]
    fn a_sentence_has_what_was_used_and_what_was_allowed() {
        let limits = Limits {
            cpu_ms: 1000,
            wall_ms: 2500,
            memory_bytes: 128 << 20,
            output_bytes: 1000,
            processes: 8,
        };
        let mut facts = RunFacts::ended(Ended::Signal(9));
        facts.cpu.us = 1_052_001;
        facts.wall_us = 2_600_000;
        facts.memory_peak.bytes = 100 << 20;
        facts.stdout_bytes = 1001;
        let rows = [
            (LimitKind::Cpu, "used 1.053 s of CPU time, the limit is 1.000 s"),
            (LimitKind::Wall, "ran for 2.600 s, the limit on the wall is 2.500 s"),
            (
                LimitKind::Memory,
                "ended with MemoryError after a peak of 100.0 MiB of memory, the limit is 128.0 MiB",
            ),
            (
                LimitKind::Output,
                "wrote 1001 bytes or more to standard output, the limit is 1000 bytes",
            ),
        ];
        for (limit, sentence) in rows {
            assert_eq!(limit_message(limit, &facts, &limits), sentence);
        }
        facts.memory_kills = Some(1);
        assert_eq!(
            limit_message(LimitKind::Memory, &facts, &limits),
            "wanted more memory than the limit of 128.0 MiB, the peak was 100.0 MiB"
        );
    }
}
