//! Rules and ends.

use super::*;

fn by(byte: u8, name: &str) -> By {
    By {
        sid: sid(byte),
        name: name.to_owned(),
        tag: Tag::of(&sid(byte)),
        me: byte == 1,
    }
}

#[test]
fn the_end_of_a_room_names_who_closed_it_and_when_by_their_word() {
    let end = End::Purged {
        by: Some(by(2, "Ann\u{202e}a")),
        at: Duration::from_secs(7),
    };
    let told = tell(&mut translator(), status(client::Status::Ended(end)));
    let [
        Action::End {
            why: EndReason::Purged(Some(who)),
            at,
            ..
        },
    ] = &told[..]
    else {
        panic!("{told:?}");
    };
    assert_eq!(
        (who.name.as_str(), who.me, at.as_secs()),
        ("Anna", false, 7)
    );
}

#[test]
fn an_order_is_a_line_when_it_is_new_and_only_a_fact_when_it_is_old() {
    let ordered = |replayed| Event::Ordered {
        by: by(1, "Quiet Otter"),
        at: NOW.wall,
        order: Ordered::Remove(by(2, "")),
        replayed,
    };
    let mut translator = translator();
    let told = tell(&mut translator, ordered(false));
    let [Action::Rules(rules), Action::Notice { notice, .. }] = &told[..] else {
        panic!("{told:?}");
    };
    assert!(rules.mine && rules.locked && rules.everyone_purges && rules.may_purge);
    assert_eq!(rules.holders.len(), 1, "who cannot be named is left out");
    assert!(
        matches!(notice, Notice::Ruled { by, order: crate::state::Ruling::Remove(who) } if by.me && who == text::NAMELESS)
    );
    assert!(matches!(
        &tell(&mut translator, ordered(true))[..],
        [Action::Rules(_)]
    ));
}
