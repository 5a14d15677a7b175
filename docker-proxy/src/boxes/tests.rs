//! What is remembered of boxes, and what all of them may have.

use std::collections::HashSet;

use super::*;

const MOST: Most = Most {
    boxes: 3,
    memory_bytes: 1000,
    cpus: 4,
};

fn takes(memory_bytes: u64, cpus: u32) -> Takes {
    Takes {
        memory_bytes,
        cpus,
        is_network: false,
    }
}

/// One of the workers that send no secret.
fn without_secret() -> Maker {
    Maker::of(&hyper::HeaderMap::new()).unwrap()
}

#[test]
fn boxes_are_bounded_in_number_memory_and_cpus_together() {
    type Asked = (u64, u32);
    let table: [(&[Asked], Asked, &str); 5] = [
        (&[(600, 1)], (400, 3), ""),
        (&[(600, 1)], (401, 1), "all_memory_bytes"),
        (&[(1, 2), (1, 2)], (1, 1), "all_cpus"),
        (&[(1, 1), (1, 1), (1, 1)], (1, 1), "boxes = 3"),
        (&[], (u64::MAX, 1), "all_memory_bytes"),
    ];
    for (made, asked, expected) in table {
        let boxes = Boxes::default();
        for (number, (memory, cpus)) in made.iter().enumerate() {
            boxes
                .reserve(&number.to_string(), takes(*memory, *cpus), &without_secret(), MOST)
                .unwrap();
        }
        let reserved = boxes.reserve("x", takes(asked.0, asked.1), &without_secret(), MOST);
        match expected {
            "" => drop(reserved.unwrap()),
            setting => assert!(reserved.unwrap_err().contains(setting), "{made:?} {asked:?}"),
        }
    }
}

fn with_boxes(names: &[&str]) -> Boxes {
    let boxes = Boxes::default();
    for name in names {
        boxes.reserve(name, takes(400, 1), &without_secret(), MOST).unwrap();
        boxes.made_as(name, &format!("id of {name}"));
    }
    boxes
}

fn resize(boxes: &Boxes, id: &str, memory_bytes: u64, is_changed: bool) -> Result<(), String> {
    let resize = boxes.resize(id, memory_bytes, MOST)?;
    resize.was_answered(is_changed);
    Ok(())
}

#[test]
fn a_box_that_grows_counts_as_it_is_and_one_that_goes_no_more() {
    let boxes = with_boxes(&["a", "b"]);
    resize(&boxes, "id of a", 600, true).unwrap();
    let refused = resize(&boxes, "id of b", 401, true).unwrap_err();
    assert!(refused.contains("all_memory_bytes"), "{refused}");
    boxes.forget("id of a");
    resize(&boxes, "id of b", 1000, true).unwrap();
}

#[test]
fn one_change_at_a_time_counts_with_the_larger_limit_until_the_daemon_has_answered() {
    let boxes = with_boxes(&["a", "b"]);
    let growing = boxes.resize("id of a", 600, MOST).unwrap();
    let refused = boxes.resize("id of a", 100, MOST).unwrap_err();
    assert!(refused.contains("under way"), "{refused}");
    resize(&boxes, "id of b", 401, true).unwrap_err();
    growing.was_answered(false);
    drop(growing);
    resize(&boxes, "id of b", 600, false).unwrap();
    // The daemon may have done what it has not answered.
    drop(boxes.resize("id of a", 600, MOST).unwrap());
    resize(&boxes, "id of b", 401, true).unwrap_err();
    drop(boxes.resize("id of a", 100, MOST).unwrap());
    resize(&boxes, "id of b", 401, true).unwrap_err();
    resize(&boxes, "id of a", 100, true).unwrap();
    resize(&boxes, "id of b", 900, true).unwrap();
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
        cpus: u64::MAX,
    };
    let reserve = |name: &str| boxes.reserve(name, takes(1, 1), &without_secret(), many).unwrap();
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
    boxes.reserve("b", takes(400, 1), &without_secret(), MOST).unwrap();
    boxes.forget_reserved("a");
    boxes.forget("");
    boxes.forget("b");
    let refused = boxes.reserve("c", takes(400, 1), &without_secret(), MOST).unwrap_err();
    assert!(refused.contains("all_memory_bytes"), "{refused}");
    boxes.forget_reserved("b");
    boxes.reserve("c", takes(400, 1), &without_secret(), MOST).unwrap();
}
