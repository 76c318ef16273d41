//! What is said, and what is said about it.

use client::{Late, Since};

use super::*;
use crate::state::{Change, What, Wording};

fn about(from: u8) -> MessageId {
    MessageId {
        sid: sid(from),
        epoch: Epoch(2),
        generation: Generation(9),
    }
}

#[test]
fn what_is_said_about_a_message_takes_effect_when_the_relay_has_it() {
    let mut translator = translator();
    let mut mine = message(1, Some(3), None);
    mine.body = Body::Edit {
        of: about(1),
        text: "better".into(),
    };
    assert_eq!(tell(&mut translator, Event::Composed(mine)), []);
    let sent = Event::Sent {
        local: LocalId(3),
        seq: Seq(8),
        id: about(1),
    };
    let actions = tell(&mut translator, sent);
    assert_eq!(
        actions,
        [Action::Changed {
            about: message_key(about(1)),
            from: PersonId([1; 16]),
            partner: None,
            change: Change::Edit(Wording::plain("better")),
        }]
    );
}

#[test]
fn a_change_that_did_not_go_out_is_told_and_forgotten() {
    let mut translator = translator();
    let mut mine = message(1, Some(3), None);
    mine.body = Body::Delete { of: about(1) };
    tell(&mut translator, Event::Composed(mine));
    let failed = Event::NotSent {
        local: LocalId(3),
        why: NotSent::Absent,
    };
    let actions = tell(&mut translator, failed);
    assert!(matches!(
        actions[..],
        [Action::Notice {
            notice: Notice::NotDone,
            ..
        }]
    ));
    assert_eq!(translator.abandoned(), [LocalId(3)]);
    assert_eq!(translator.abandoned(), []);
}

#[test]
fn private_words_say_whom_they_are_for_on_both_sides() {
    let mut translator = translator();
    let partner = |action: &Action| match action {
        Action::Said { said, .. } => (said.to, said.partner()),
        other => panic!("{other:?}"),
    };
    let mut theirs = message(2, None, Some(4));
    theirs.to = Some(sid(1));
    let actions = tell(&mut translator, Event::Said(theirs));
    let (me, them) = (PersonId([1; 16]), PersonId([2; 16]));
    assert_eq!(partner(&actions[0]), (Some(me), Some(them)));
    let mut mine = message(1, Some(5), None);
    mine.to = Some(sid(2));
    let actions = tell(&mut translator, Event::Composed(mine));
    assert_eq!(partner(&actions[0]), (Some(them), Some(them)));
}

#[test]
fn a_private_topic_is_nobodys_and_a_kind_from_the_future_is_said_to_be_one() {
    let mut translator = translator();
    let mut theirs = message(2, None, Some(4));
    theirs.to = Some(sid(1));
    theirs.body = Body::Topic("psst".to_owned());
    assert_eq!(tell(&mut translator, Event::Said(theirs)), []);
    let mut theirs = message(2, None, Some(5));
    theirs.body = Body::Unknown { kind: 77 };
    let actions = tell(&mut translator, Event::Said(theirs));
    assert!(matches!(&actions[0], Action::Said { said, .. } if said.what == What::Newer));
}

fn late(body: Body, since: Since) -> Vec<Action> {
    let mut theirs = message(2, None, Some(4));
    theirs.body = body;
    theirs.late = Some(Late {
        before: theirs.id.unwrap(),
        since,
    });
    tell(&mut translator(), Event::Said(theirs))
}

#[test]
fn what_comes_late_says_where_it_belongs_and_what_has_become_of_it() {
    let shown = |since| {
        let actions = late(Body::text("old"), since);
        let [Action::CameLate { said, before, .. }] = actions.as_slice() else {
            panic!("{actions:?}")
        };
        assert!(said.marks.late && !before.is_empty());
        said.clone()
    };
    assert_eq!(
        shown(Since::Nothing).what,
        What::Text(Wording::plain("old"))
    );
    assert_eq!(shown(Since::TakenBack).what, What::Deleted);
    let edited = shown(Since::Edited("new".into()));
    assert_eq!(edited.what, What::Text(Wording::plain("new")));
    assert_eq!(edited.marks.before, [Wording::plain("old")]);
}

#[test]
fn a_change_that_was_changed_again_changes_nothing() {
    let topic = || Body::Topic("old".to_owned());
    assert_eq!(late(topic(), Since::Overtaken), []);
    assert!(matches!(
        late(topic(), Since::Nothing).as_slice(),
        [Action::Topic { .. }]
    ));
}
