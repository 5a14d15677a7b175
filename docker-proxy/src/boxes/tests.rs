//! What is remembered of boxes, and what all of them may have.

use super::*;

const MOST: Most = Most {
    boxes: 3,
    memory_bytes: 1000,
    processes: 100,
    cpus: 4,
};

fn takes(memory_bytes: u64, processes: u64, cpus: u32) -> Takes {
    Takes {
        memory_bytes,
        processes,
        cpus,
        is_network: false,
    }
}

/// One of the workers that send no secret.
fn without_secret() -> Maker {
    Maker::of(&hyper::HeaderMap::new()).unwrap()
}

fn reserve(boxes: &Boxes, name: &str, takes: Takes) -> Result<usize, String> {
    let reserved = boxes.reserve(name, takes, &without_secret(), MOST);
    reserved.map_err(|no_room| no_room.to_string())
}

fn with_boxes(names: &[&str]) -> Boxes {
    let boxes = Boxes::default();
    for name in names {
        reserve(&boxes, name, takes(400, 10, 1)).unwrap();
        boxes.made_as(name, &format!("id of {name}"));
    }
    boxes
}

#[test]
fn boxes_are_bounded_in_number_memory_processes_and_cpus_together() {
    type Asked = (u64, u64, u32);
    let table: [(&[Asked], Asked, &str); 6] = [
        (&[(600, 60, 1)], (400, 40, 3), ""),
        (&[(600, 1, 1)], (401, 1, 1), "all_memory_bytes"),
        (&[(1, 60, 1)], (1, 41, 1), "all_processes"),
        (&[(1, 1, 2), (1, 1, 2)], (1, 1, 1), "all_cpus"),
        (&[(1, 1, 1), (1, 1, 1), (1, 1, 1)], (1, 1, 1), "boxes = 3"),
        (&[], (u64::MAX, 1, 1), "all_memory_bytes"),
    ];
    for (made, asked, expected) in table {
        let boxes = Boxes::default();
        for (number, (memory, processes, cpus)) in made.iter().enumerate() {
            reserve(&boxes, &number.to_string(), takes(*memory, *processes, *cpus)).unwrap();
        }
        let reserved = reserve(&boxes, "x", takes(asked.0, asked.1, asked.2));
        match expected {
            "" => drop(reserved.unwrap()),
            setting => assert!(reserved.unwrap_err().contains(setting), "{made:?} {asked:?}"),
        }
    }
}

fn begin<'a>(boxes: &'a Boxes, id: &str, memory_bytes: u64) -> Result<Resize<'a>, String> {
    let asked = Resizable {
        memory_bytes,
        processes: 10,
    };
    let resize = boxes.resize(id, asked, MOST).map_err(|no_room| no_room.to_string())?;
    resize.ok_or_else(|| "it is gone".to_owned())
}

fn resize(boxes: &Boxes, id: &str, memory_bytes: u64, is_changed: bool) -> Result<(), String> {
    begin(boxes, id, memory_bytes).map(|resize| resize.was_answered(is_changed))
}

#[test]
fn a_box_that_grows_counts_as_it_is_and_one_that_goes_no_more() {
    let boxes = with_boxes(&["a", "b"]);
    resize(&boxes, "id of a", 600, true).unwrap();
    let refused = resize(&boxes, "id of b", 401, true).unwrap_err();
    assert!(refused.contains("all_memory_bytes"), "{refused}");
    boxes.forget("id of a");
    resize(&boxes, "id of b", 1000, true).unwrap();
    assert_eq!(resize(&boxes, "id of a", 1, true).unwrap_err(), "it is gone");
}

#[test]
fn one_change_at_a_time_counts_with_the_larger_limit_until_the_daemon_has_answered() {
    let boxes = with_boxes(&["a", "b"]);
    let growing = begin(&boxes, "id of a", 600).unwrap();
    let refused = resize(&boxes, "id of a", 100, true).unwrap_err();
    assert!(refused.contains("under way"), "{refused}");
    resize(&boxes, "id of b", 401, true).unwrap_err();
    growing.was_answered(false);
    drop(growing);
    resize(&boxes, "id of b", 600, false).unwrap();
    // The daemon may have done what it has not answered.
    drop(begin(&boxes, "id of a", 600).unwrap());
    resize(&boxes, "id of b", 401, true).unwrap_err();
    drop(begin(&boxes, "id of a", 100).unwrap());
    resize(&boxes, "id of b", 401, true).unwrap_err();
    resize(&boxes, "id of a", 100, true).unwrap();
    resize(&boxes, "id of b", 900, true).unwrap();
}

#[test]
fn a_change_of_processes_is_bounded_too() {
    let boxes = with_boxes(&["a", "b"]);
    let asked = Resizable {
        memory_bytes: 400,
        processes: 91,
    };
    let refused = boxes.resize("id of a", asked, MOST).unwrap_err();
    assert!(refused.to_string().contains("all_processes"), "{refused}");
}

#[test]
fn a_box_is_attached_to_by_one_connection_at_a_time() {
    let boxes = with_boxes(&["a", "b"]);
    let streams = boxes.attach("id of a").unwrap();
    assert!(boxes.attach("id of a").is_none());
    let _other = boxes.attach("id of b").unwrap();
    drop(streams);
    assert!(boxes.attach("id of a").is_some());
}

#[test]
fn no_two_boxes_have_the_same_user_while_there_are_users_left() {
    let boxes = Boxes::default();
    let many = Most {
        boxes: usize::MAX,
        memory_bytes: u64::MAX,
        processes: u64::MAX,
        cpus: u64::MAX,
    };
    let reserve = |name: &str| boxes.reserve(name, takes(1, 1, 1), &without_secret(), many).unwrap();
    let users: HashSet<_> = (0..USERS).map(|number| reserve(&number.to_string())).collect();
    assert_eq!(users.len(), USERS);
    boxes.forget_reserved("7");
    let user_of_7 = reserve("one more");
    let shared = reserve("one too many");
    assert_ne!(user_of_7, shared);
}

#[test]
fn what_is_still_being_made_is_not_forgotten_with_another_of_its_name_or_id() {
    let boxes = with_boxes(&["a"]);
    reserve(&boxes, "b", takes(400, 10, 1)).unwrap();
    boxes.forget_reserved("a");
    boxes.forget("b");
    let refused = reserve(&boxes, "c", takes(400, 10, 1)).unwrap_err();
    assert!(refused.contains("all_memory_bytes"), "{refused}");
    boxes.forget_reserved("b");
    reserve(&boxes, "c", takes(400, 10, 1)).unwrap();
}

#[test]
fn what_was_made_while_the_boxes_were_listed_is_kept() {
    let boxes = with_boxes(&["a"]);
    let before = boxes.ids();
    reserve(&boxes, "b", takes(400, 10, 1)).unwrap();
    boxes.made_as("b", "id of b");
    boxes.forget_missing(&before, &HashSet::new());
    assert_eq!(boxes.find("a"), None);
    assert!(matches!(boxes.find("b"), Some(Known::Made { .. })));
}

#[test]
fn nothing_is_known_of_a_box_that_is_being_made_but_that_it_is() {
    let boxes = Boxes::default();
    let network = Takes {
        is_network: true,
        ..takes(1, 1, 1)
    };
    reserve(&boxes, "a", network).unwrap();
    assert_eq!(boxes.find("a"), Some(Known::Making));
    assert!(!boxes.is_network("a", &without_secret()));
    boxes.made_as("a", "id of a");
    assert!(boxes.is_network("a", &without_secret()));
}
