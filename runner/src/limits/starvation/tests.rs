//! Hosts with one CPU that is shared out in turns, and what is proven there of what is true.

use super::*;

const MS: u64 = 1_000_000;

/// How long one keeps the CPU, in milliseconds.
const SLICE: u64 = 3;

/// How often is looked.
const LOOK: u64 = 50;

/// How long the runner waits for the CPU between the threads and the control group, in milliseconds, where it does.
const LATE: u64 = 20;

/// How long the program lives, in milliseconds.
const LENGTH: u64 = 4000;

/// A thread of the program, and when it has something to do.
#[derive(Clone, Copy)]
struct Worker {
    /// It works so long, and then sleeps so long; in milliseconds.
    works: u64,
    sleeps: u64,
    stands_back: bool,
    lives: (u64, u64),
}

const BUSY: Worker = Worker {
    works: 1,
    sleeps: 0,
    stands_back: false,
    lives: (0, u64::MAX),
};

const POLITE: Worker = Worker {
    stands_back: true,
    ..BUSY
};

/// Computes a while and sleeps as long.
const NOW_AND_THEN: Worker = Worker {
    works: 25,
    sleeps: 25,
    ..BUSY
};

const IDLE: Worker = Worker {
    works: 1,
    sleeps: 1000,
    ..BUSY
};

struct Simulated {
    worker: Worker,
    thread: Thread,
    waits_since: Option<u64>,
    /// How much of `works` is left; asleep until `wakes`.
    left: u64,
    wakes: u64,
}

impl Simulated {
    fn is_ready(&self, at: u64) -> bool {
        self.lives(at) && at >= self.wakes
    }

    fn lives(&self, at: u64) -> bool {
        (self.worker.lives.0..self.worker.lives.1).contains(&at)
    }

    fn work(&mut self, at: u64) {
        if let Some(since) = self.waits_since.take() {
            self.thread.waited += (at - since) * MS;
            self.thread.slices += 1;
        }
        self.thread.ran += MS;
        self.left -= 1;
        if self.left == 0 {
            self.left = self.worker.works;
            self.wakes = at + 1 + self.worker.sleeps;
        }
    }
}

/// What is proven and what is true, in milliseconds, of these threads beside `neighbours` that always compute, by a runner
/// that comes `late` milliseconds late to every second look, and reads each thread a millisecond after the one before.
fn starved(workers: &[Worker], neighbours: usize, late: u64) -> (u64, u64) {
    let mut threads: Vec<Simulated> = (0..)
        .zip(workers)
        .map(|(number, worker)| simulated(number, *worker))
        .collect();
    let mut starvation = Starvation::begin(1, Moment::default());
    let (mut truth, mut box_cpu, mut turn) = (0, 0, 0);
    let mut reading: Option<LateLook> = None;
    let everyone = threads.len() + neighbours;
    for at in 0..LENGTH {
        let is_ready = |who: usize, threads: &[Simulated]| threads.get(who).is_none_or(|thread| thread.is_ready(at));
        if at % SLICE == 0 || !is_ready(turn, &threads) {
            let next = (1..=everyone).map(|step| (turn + step) % everyone);
            turn = next.clone().find(|who| is_ready(*who, &threads)).unwrap_or(turn);
        }
        let has_cpu = is_ready(turn, &threads).then_some(turn);
        let any_ready = threads.iter().any(|thread| thread.is_ready(at));
        truth += u64::from(any_ready && has_cpu.is_some_and(|who| who >= threads.len()));
        for (who, thread) in threads.iter_mut().enumerate() {
            if has_cpu == Some(who) {
                thread.work(at);
                box_cpu += MS;
            } else if thread.is_ready(at) {
                thread.waits_since.get_or_insert(at);
            }
        }
        if (at + 1) % LOOK == 0 {
            let late = if ((at + 1) / LOOK).is_multiple_of(2) { late } else { 0 };
            reading = Some(LateLook::begin(at + 1, box_cpu, late));
        }
        if let Some(look) = &mut reading
            && look.go_on(at + 1, &threads)
        {
            starvation.look(look.end(at + 1, box_cpu), &look.read);
            reading = None;
        }
    }
    (starvation.proven_with(0) / MS, truth)
}

/// A look in which the runner waits.
struct LateLook {
    begun: Moment,
    /// For so many milliseconds.
    late: u64,
    next: usize,
    read: Vec<Thread>,
}

impl LateLook {
    fn begin(at: u64, box_cpu: u64, late: u64) -> Self {
        Self {
            begun: moment(at, box_cpu),
            late,
            next: 0,
            read: Vec::new(),
        }
    }

    /// Reads what it comes to by now; whether it is at its end.
    fn go_on(&mut self, at: u64, threads: &[Simulated]) -> bool {
        let passed = at - self.begun.at / MS;
        let comes_to = |number: &usize| (*number as u64).min(self.late) <= passed;
        let come_to: Vec<usize> = (self.next..threads.len()).take_while(comes_to).collect();
        for number in come_to {
            self.next = number + 1;
            let thread = &threads[number];
            if thread.lives(at - 1) {
                self.read.push(seen(thread, at));
            }
        }
        passed == self.late
    }

    fn end(&self, at: u64, box_cpu: u64) -> Moment {
        Moment {
            at: at * MS,
            box_cpu,
            ..self.begun
        }
    }
}

fn simulated(number: i32, worker: Worker) -> Simulated {
    Simulated {
        worker,
        thread: Thread {
            id: (number, worker.lives.0 / 10),
            process: number,
            ran: 0,
            waited: 0,
            slices: 1,
            is_ready: true,
            stands_back: worker.stands_back,
        },
        waits_since: None,
        left: worker.works,
        wakes: 0,
    }
}

fn seen(simulated: &Simulated, at: u64) -> Thread {
    Thread {
        is_ready: simulated.is_ready(at),
        ..simulated.thread
    }
}

fn moment(at: u64, box_cpu: u64) -> Moment {
    Moment {
        at: at * MS,
        box_cpu,
        throttled: 0,
        read_from: Reading { at: at * MS, box_cpu },
        uptime: at / 10,
    }
}

/// Threads that live one after the other, for so long each.
fn in_turn(ms: u64) -> Vec<Worker> {
    let begins = (0..LENGTH).step_by(usize::try_from(ms).unwrap_or(1));
    begins
        .map(|from| Worker {
            lives: (from, from + ms),
            ..BUSY
        })
        .collect()
}

#[test]
fn what_neighbours_take_is_proven_and_what_a_program_takes_from_itself_is_not() {
    // Threads, neighbours, and how much of the truth is proven at least, in percent, by a runner that is in
    // time and by one that is not.
    let rows: [(&str, Vec<Worker>, usize, [u64; 2]); 10] = [
        ("alone", vec![BUSY], 0, [0; 2]),
        ("one thread", vec![BUSY], 6, [98; 2]),
        ("one thread that sleeps too", vec![NOW_AND_THEN], 2, [95; 2]),
        ("threads in each other's way", vec![BUSY; 64], 0, [0; 2]),
        (
            "threads in each other's way that sleep",
            vec![NOW_AND_THEN; 5],
            0,
            [0; 2],
        ),
        ("threads in each other's way and a neighbour", vec![BUSY; 4], 4, [95; 2]),
        ("threads that sleep, and neighbours", vec![NOW_AND_THEN; 3], 3, [50; 2]),
        (
            "one that waits for its children",
            [vec![IDLE], in_turn(500)].concat(),
            3,
            // What a child waits between the last look and its end is not seen, which is more where looks are late.
            [90, 80],
        ),
        ("short processes", [vec![IDLE], in_turn(20)].concat(), 3, [0; 2]),
        ("one that stands back", vec![POLITE], 6, [0; 2]),
    ];
    for late in [0, 1, SLICE, LATE] {
        for (name, workers, neighbours, [in_time, not_in_time]) in &rows {
            let (proven, truth) = starved(workers, *neighbours, late);
            let what = format!("{name}, {late} ms late: {proven} of {truth}");
            assert!(proven <= truth, "{what}");
            let percent = if late == 0 { in_time } else { not_in_time };
            assert!(proven * 100 >= truth * percent, "{what}");
        }
        assert_eq!(starved(&[POLITE], 6, late).0, 0);
        assert_eq!(starved(&[POLITE, IDLE], 0, late).0, 0);
    }
}

/// A thread as it is looked at after some milliseconds.
fn thread(ran: u64, waited: u64, slices: u64) -> Thread {
    Thread {
        id: (7, 0),
        process: 7,
        ran: ran * MS,
        waited: waited * MS,
        slices,
        is_ready: true,
        stands_back: false,
    }
}

#[test]
fn figures_that_another_thread_left_under_the_same_number_prove_nothing() {
    let mut starvation = Starvation::begin(1, Moment::default());
    let asleep = Thread {
        is_ready: false,
        ..thread(1, 0, 1)
    };
    starvation.look(moment(50, 50 * MS), &[asleep]);
    starvation.look(moment(1000, 1000 * MS), &[asleep]);
    // `execve` by a thread that has been in the way of others for a second.
    starvation.look(moment(1050, 1001 * MS), &[thread(500, 500, 300)]);
    assert_eq!(starvation.proven_with(0), 0);
    // A thread that was there before and is seen for the first time.
    let old = Thread {
        id: (8, 0),
        process: 8,
        ..thread(100, 900, 300)
    };
    starvation.look(moment(1100, 1001 * MS), &[old]);
    assert_eq!(starvation.proven_with(0), 0);
}

#[test]
fn a_thread_that_takes_the_place_of_the_main_one_proves_nothing_with_what_it_was_before() {
    let asleep = |thread| Thread {
        is_ready: false,
        ..thread
    };
    let other = |ran, waited| Thread {
        id: (9, 0),
        ..thread(ran, waited, 30)
    };
    // It computed, or waited for a third one that did; then it calls `execve`, and the box is idle.
    for (ran, waited) in [(40, 0), (0, 50), (20, 20)] {
        let mut starvation = Starvation::begin(1, Moment::default());
        starvation.look(
            moment(50, 50 * MS),
            &[asleep(thread(0, 0, 1)), asleep(other(ran, waited))],
        );
        starvation.look(moment(100, 50 * MS), &[asleep(thread(ran, waited, 30))]);
        assert_eq!(starvation.proven_with(0), 0, "it ran {ran} ms and waited {waited} ms");
    }
}

#[test]
fn a_thread_that_ran_more_than_its_box_proves_nothing() {
    let mut starvation = Starvation::begin(1, Moment::default());
    starvation.look(moment(50, 50 * MS), &[thread(0, 0, 1)]);
    starvation.look(moment(100, 50 * MS), &[thread(40, 0, 30)]);
    assert_eq!(starvation.proven_with(0), 0);
}

#[test]
fn time_for_which_the_quota_of_the_box_makes_it_pause_is_taken_off() {
    let paused = |at, box_cpu, throttled| Moment {
        throttled: throttled * MS,
        ..moment(at, box_cpu * MS)
    };
    let mut starvation = Starvation::begin(1, paused(0, 0, 500));
    starvation.look(paused(50, 20, 530), &[thread(20, 30, 9)]);
    starvation.look(paused(100, 40, 560), &[thread(40, 60, 18)]);
    assert_eq!(starvation.proven_with(0), 0);
    // Others take the CPU now.
    starvation.look(paused(150, 60, 560), &[thread(60, 90, 27)]);
    assert_eq!(starvation.proven_with(0), 30 * MS);
}

#[test]
fn what_is_stolen_counts_once_also_where_a_thread_waits_for_the_one_that_lost_its_cpu() {
    // Half of the time the only CPU is another machine's, and two threads share the rest.
    let both = |ran, waited, slices| {
        let other = Thread {
            id: (8, 0),
            ..thread(ran, waited, slices)
        };
        [thread(ran, waited, slices), other]
    };
    let mut starvation = Starvation::begin(1, Moment::default());
    starvation.look(moment(50, 25 * MS), &both(12, 37, 9));
    starvation.look(moment(100, 50 * MS), &both(25, 75, 18));
    assert_eq!(starvation.proven_with(50 * MS), 50 * MS);
    // One thread alone waits for nothing.
    let mut alone = Starvation::begin(1, Moment::default());
    alone.look(moment(50, 25 * MS), &[thread(25, 0, 9)]);
    alone.look(moment(100, 50 * MS), &[thread(50, 0, 18)]);
    assert_eq!((alone.proven_with(0), alone.proven_with(50 * MS)), (0, 50 * MS));
}

#[test]
fn one_that_stood_back_proves_nothing_of_that_time_when_it_stands_back_no_more() {
    let mut starvation = Starvation::begin(1, Moment::default());
    let back = Thread {
        stands_back: true,
        ..thread(10, 0, 9)
    };
    starvation.look(moment(50, 10 * MS), &[back]);
    starvation.look(moment(100, 20 * MS), &[thread(20, 80, 19)]);
    assert_eq!(starvation.proven_with(0), 0);
}

#[test]
fn one_that_waits_at_its_limit_is_told_before_its_wait_is_over() {
    let mut starvation = Starvation::begin(1, Moment::default());
    starvation.look(moment(50, 40 * MS), &[thread(40, 5, 9)]);
    assert!(!starvation.is_waiting());
    starvation.look(moment(300, 41 * MS), &[thread(40, 5, 9)]);
    assert!(starvation.is_waiting());
    // For its own box.
    let mut starvation = Starvation::begin(1, Moment::default());
    starvation.look(moment(50, 40 * MS), &[thread(40, 5, 9)]);
    starvation.look(moment(300, 290 * MS), &[thread(40, 5, 9)]);
    assert!(!starvation.is_waiting());
}
