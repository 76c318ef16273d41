//! What somebody who governs says.

use super::*;

pub(super) fn sheet() -> Sheet {
    let keys = RoomKeys::from_bytes(&ROOT);
    let mut author = Author::new(&keys, RoomMode::ForwardSecret, 15);
    let mut other = Author::new(&keys, RoomMode::ForwardSecret, 16);
    let before = vec![author.hello().envelope, other.hello().envelope];
    let mut sheet = Sheet::new("members_control.txt", "About the room (kind 5).", before);
    let to = other.me.sender_id();
    let key = other.control().public();
    let day = Lifetime::from_seconds(86_400);
    for (number, command) in [
        Command::Lock(true),
        Command::Lock(false),
        Command::Lifetime(day),
        Command::Remove(to),
        Command::Share { to, key },
        Command::HandOn { to, key },
        Command::PurgePolicy(PurgePolicy::Everyone),
        Command::PurgePolicy(PurgePolicy::Holder),
        Command::Filters(b"anything".to_vec()),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("accepted: {command:?}");
        let statement = author.state(u32::try_from(number).unwrap() + 1, command);
        let sealed = author.notice(&Notice::Statement(statement));
        sheet.case(&name, &sealed.envelope);
    }
    let at = std::time::Duration::from_millis(1_800_000_000_123);
    let good = author.notice(&Notice::Purged { at }).envelope;
    sheet.case("accepted: purged", &good);

    let foreign = Notice::Statement(author.state(1, Command::Lock(true)));
    let foreign = other.notice(&foreign);
    sheet.case("a statement of somebody else", &foreign.envelope);
    sheet.damaged(
        &good,
        &[
            ("the suite", 0),
            ("the kind", 1),
            ("the sid", 4),
            ("the epoch", 19),
            ("the generation", 23),
            ("the kind of notice", 24),
            ("the time", 30),
            ("the end of the time", 32),
            ("the front of the padding", 33),
            ("the front of the signature", 320),
            ("the padding", 100),
            ("the signature", 383),
        ],
    );
    sheet
}
