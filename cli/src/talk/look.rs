//! Who is here, and whether they are who they seem.

use client::Person;
use crypto::wire::SenderId;
use sdk::Member;

use super::speaker::name_of;
use crate::{people, safe};

/// What is compared with somebody over another channel.
pub(super) async fn comparison(sid: SenderId, member: &Member) -> Vec<String> {
    let Some(safety) = member
        .drive(move |session, _, _| session.safety(&sid))
        .await
    else {
        return Vec::new();
    };
    let name = name_of(sid, member).await;
    vec![
        format!(
            "  Call {name} or meet them. If both of you see the same five, nobody stands between you:"
        ),
        format!("  {}", safety.emoji.join("  ")),
        format!("  {}", safety.words.join(", ")),
        "  If they match, /compared and the name; if not, do not go on here.".to_owned(),
    ]
}

/// Everybody, a line each.
pub(super) async fn described(member: &Member) -> Vec<String> {
    let here = member
        .drive(|session, _, _| {
            let mut people = session.people();
            people.insert(0, session.me());
            let verified = |person: &Person| session.is_verified(&person.sid);
            let holders = session.governance().holders;
            people
                .into_iter()
                .map(|person| {
                    let is_compared = verified(&person);
                    let governs = holders.contains(&person.sid);
                    (person, is_compared, governs)
                })
                .collect::<Vec<_>>()
        })
        .await
        .unwrap_or_default();
    here.iter()
        .map(|(person, is_compared, governs)| {
            let mut text = format!("  {}", people::shown(person));
            for (holds, mark) in [
                (person.me, " (you)"),
                (*governs, " (governs)"),
                (*is_compared, " (compared)"),
                (person.away, " (away)"),
            ] {
                if holds {
                    text.push_str(mark);
                }
            }
            if let Some(destination) = &person.bot {
                text.push_str(" (bot, may send what is said here to: ");
                text.push_str(&safe::line(destination));
                text.push(')');
            }
            text
        })
        .collect()
}
