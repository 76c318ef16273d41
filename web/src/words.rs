//! Every word the app says to a person, in one place.
//!
//! A language is one value of [`Words`]; the compiler insists that it is complete. Sentences with
//! a gap carry it as `{name}`, so that a translation may put it where its grammar wants it.

/// The words of the language in use.
pub fn words() -> &'static Words {
    &ENGLISH
}

/// Puts values into the gaps of a sentence: `fill("Hello {who}", &[("who", "you")])`.
pub fn fill(sentence: &str, gaps: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(sentence.len() + 16);
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let gap = after.split_once('}').and_then(|(name, tail)| {
            let (_, value) = gaps.iter().find(|(known, _)| *known == name)?;
            Some((value, tail))
        });
        match gap {
            Some((value, tail)) => {
                filled.push_str(value);
                rest = tail;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// The form of a sentence that fits a number, with the number in its gap `{n}`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    fill(
        if number == 1 { one } else { many },
        &[("n", &number.to_string())],
    )
}

macro_rules! words {
    ($( $(#[$meta:meta])* $key:ident = $text:literal; )*) => {
        /// One language. The fields are named after the place where they are said.
        #[derive(Debug)]
        pub struct Words { $( $(#[$meta])* pub $key: &'static str, )* }

        /// English.
        pub static ENGLISH: Words = Words { $( $key: $text, )* };
    };
}

words! {
    product = "Roomkey";
    close = "Close";
    cancel = "Cancel";
    copy = "Copy";
    copied = "Copied";
    copy_failed = "Copying was not allowed. Select the text and copy it by hand.";
    theme_system = "Colours follow your system. Switch to light";
    theme_light = "Light colours. Switch to dark";
    theme_dark = "Dark colours. Switch to your system's choice";
    how_it_works = "How it works";
    relay_key = "Relay key";
    relay_asking = "Asking the relay for its key…";
    build = "Version";
    no_cookies = "No cookies, no account, nothing stored on this device.";

    door_headline = "A private room in ten seconds.";
    door_pitch = "No account. The room's name is its key: whoever knows it can come in, and nobody else.";
    room_name = "Room name";
    room_name_again = "Suggest another name";
    room_name_hide = "Hide the name";
    room_name_show = "Show the name";
    room_name_copy = "Copy the name";
    room_name_becomes = "People reach this room as";
    room_name_empty = "Type a name, or take a suggested one.";
    your_name = "Your name";
    your_name_again = "Suggest another name for you";
    your_name_empty = "Choose a name, so that people know who is talking. Any name will do.";
    open_room = "Open room";
    join = "Join";
    strength_strong = "Strong.";
    strength_today = "OK for today.";
    strength_guessable = "Guessable.";
    enter_anyway = "Enter anyway";
    add_words = "Add 3 random words";
    guessable_warning = "Anyone could find this room and read along. That is fine for a public chat. For anything private, add some words.";
    guessable_badge = "Guessable";
    guessable_badge_long = "Anyone could guess this room's name";
    promise_never = "The relay never sees";
    promise_never_what = "the room's name, who you are, what you write.";
    promise_sees = "It does see";
    promise_sees_what = "that someone connected, when, and how much.";
    show_me = "Show me";
    have_link = "Have a link? Paste it";
    paste_label = "Link or room name";
    paste_go = "Use this link";
    paste_wrong = "This is not a Roomkey link. Check that you copied all of it.";
    options = "Room options";
    options_note = "They count if you are the first one in. If the room already exists, it keeps its own.";
    options_newcomers = "Newcomers see";
    newcomers_nothing = "Nothing said before they came";
    newcomers_nothing_note = "Safest: a key found later opens nothing that was said earlier.";
    newcomers_nothing_short = "newcomers see nothing";
    newcomers_35 = "The last 35 messages";
    newcomers_35_note = "Handy: they can follow. Whoever learns the room's name can read those too.";
    newcomers_35_short = "newcomers see the last 35";
    newcomers_200 = "The last 200 messages";
    newcomers_200_note = "For longer conversations. The same limit as above.";
    newcomers_200_short = "newcomers see the last 200";
    options_lifetime = "The room closes";
    lifetime_10m = "after 10 minutes";
    lifetime_hour = "after 1 hour";
    lifetime_day = "after 1 day";
    lifetime_empty = "when the last person leaves";
    lifetime_10m_short = "10 minutes";
    lifetime_hour_short = "1 hour";
    lifetime_day_short = "1 day";
    lifetime_empty_short = "until empty";
    lifetime_note = "Closing erases the relay's copy, not screenshots.";
    keep_address = "Keep the link in the address bar";
    keep_address_note = "Good for a bookmark. Anyone who sees your screen or your history can then come in.";

    demo_title = "What the relay sees";
    demo_intro = "Type something. One side is you, the other is everything the relay receives. Nothing here is sent.";
    demo_you = "You write";
    demo_relay = "The relay receives";
    demo_sample = "Meet me at the old oak at seven.";
    demo_size = "{bytes} bytes, whatever you write up to that size";
    demo_padding = "Messages are padded, so a yes and a no look the same size.";
    demo_note = "A drawing of the real thing. In a room, open the eye to see the real bytes.";

    invited_headline = "You're invited to a private room";
    invited_show = "Show the room's name";
    invited_hide = "Hide the room's name";
    invited_face = "Ask your friend whether they see {faces} too.";
    invited_face_soon = "Working out the room's face…";
    invited_promise = "Until you press Join, nobody knows that you opened this link.";
    invited_pinned = "The link carries the relay's key, so a different relay would be noticed.";
    not_now = "Not now";

    making_title = "Making the key on your device";
    making_note = "This is slow on purpose: it makes guessing names expensive.";
    making_percent = "{n} percent done";
    reaching_title = "Connecting to the relay";
    reaching_again = "Connecting to the relay, try {n}";
    waiting_title = "Can't reach the relay";
    waiting_note = "Trying again in {n} s";
    looking_title = "Looking whether somebody is there";
    entering_empty = "Nobody here yet. Opening the room";
    entering_one = "Joining 1 person";
    entering_many = "Joining {n} people";
    resuming_title = "Taking your seat again";
    try_now = "Try now";

    room_actions = "Room";
    room_face = "Room card: {faces}";
    mode_secret = "Newcomers see nothing";
    mode_open = "Newcomers see the last {n}";
    mode_secret_short = "No history";
    mode_open_short = "Last {n} kept";
    closes_in = "Closes in {t}";
    closes_empty = "Open until empty";
    invite = "Invite";
    shield = "Shield: how this room is protected";
    server_view_open = "What the server sees";
    leave = "Leave";
    leave_question = "Leave this room?";
    leave_text = "Your messages stay with the people inside. To come back you need the room's name or link.";
    stay = "Stay";
    people_open = "People, {n}";
    reveal_name = "Show the room's name";
    hide_name = "Hide the room's name";

    filters = "Filters";
    links = "Links";
    special = "Special characters";
    show = "Show";
    neutralise = "Neutralise";
    hide = "Hide";
    hidden_count = "{n} hidden";
    strict = "Classic set";
    strict_note = "Filters everything but plain letters, digits and simple punctuation, as the first chat sites did";
    comings = "Show comings and goings";
    blocked_message = "[Message blocked because of a filter!]";
    blocked_links = "Links are hidden.";
    blocked_special = "Special characters are hidden.";
    reveal_once = "Reveal once";
    filtered_show = "Show what was filtered";
    filtered_hide = "Hide it again";
    link_confusable = "look-alike letters";
    link_mismatch = "goes to {host}";

    messages = "Messages";
    today = "Today";
    yesterday = "Yesterday";
    new_messages = "New messages";
    jump = "Jump to latest";
    jump_new_one = "1 new, jump to latest";
    jump_new = "{n} new, jump to latest";
    earlier = "Show earlier messages";
    at_time = "at {t}";
    announce = "{name} says: {text}";
    announce_many = "{n} new messages";
    you = "you";
    sending = "Sending";
    relayed = "Relayed";
    failed = "Not delivered.";
    retry = "Retry";
    discard = "Discard";
    needs_newer = "This message needs a newer version of Roomkey. Reload the page to get it.";
    copy_message = "Copy message";

    opened_by_me = "You opened this room";
    entered_by_me = "You came in";
    came_in = "{name} came in";
    left = "{name} left";
    renamed = "{from} is now {to}";
    first_guest = "{name} is here. Compare {faces}?";
    bot_notice = "{name} is a bot and may send what is said here to {to}";
    resumed = "You reloaded the page and are back";
    unverifiable_one = "1 message could not be verified and is not shown. It was damaged, or somebody without the key sent it.";
    unverifiable_many = "{n} messages could not be verified and are not shown. They were damaged, or somebody without the key sent them.";
    unsupported_one = "1 message needs a newer version of Roomkey. Reload the page to get it.";
    unsupported_many = "{n} messages need a newer version of Roomkey. Reload the page to get it.";
    missing_one = "1 message from {name} never arrived.";
    missing_many = "{n} messages from {name} never arrived.";
    gap = "You were away for too long: some messages are no longer on the relay.";
    mode_disputed = "{name} was told another kind of room than you were. Nothing of theirs is shown. Do not trust this relay.";
    diverged = "The relay is showing people different conversations. Compare what you see by phone.";
    clock_ahead = "{name}'s clock is {t} ahead of yours. Times are shown as received.";
    clock_behind = "{name}'s clock is {t} behind yours. Times are shown as received.";
    too_fast = "Too fast. Wait {n} s; your text is kept.";

    message = "Message";
    write_placeholder = "Write to everyone";
    send = "Send";
    room_left_one = "1 byte left";
    room_left = "{n} bytes left";
    too_long = "{n} bytes too long. Shorten it or send it in parts.";

    people = "People";
    people_one = "1 person";
    people_many = "{n} people";
    away = "away";
    bot = "bot";
    bot_to = "bot, may send what is said to {to}";
    twin = "Someone else here has the same name, or one that looks the same. Go by the tag.";
    tag_label = "tag {text}";
    rename = "Change your name";
    rename_save = "Save";

    empty_headline = "You're the first one here";
    empty_text = "Send the link to somebody, or tell them these words:";
    empty_text_link = "Send the link to somebody.";
    empty_wait = "Waiting for somebody to join";
    copy_link = "Copy link";
    link_copied = "Link copied";
    show_qr = "QR code";
    share_button = "Share";
    read_aloud = "Read aloud";
    invite_title = "Invite people";
    share_qr_label = "QR code of the room's link";
    share_qr_note = "Point a phone's camera at it.";
    share_words = "Say these words";
    share_words_note = "On {host}, type them with a dash between, in this order.";
    share_limit = "Whoever has this link can come in, so send it where only they can read it. The relay never gets the part after the #.";
    share_address = "Link";
    hide_link = "Hide the link";
    show_link = "Show the link";

    strip_connecting = "Connecting…";
    strip_reconnecting = "Reconnecting…";
    strip_waiting = "Reconnecting in {n} s";
    strip_offline = "You are offline";
    queued_one = "1 message waiting";
    queued_many = "{n} messages waiting";
    back_online = "Connected again";
    insecure_title = "Anyone on this network could change this page.";
    insecure_text = "Messages are still encrypted, but this address has no https, so the app itself is not protected on its way to you. Whoever runs this relay can change that with a TLS certificate or a reverse proxy; its README says how.";

    server_view = "What the server sees";
    tab_server = "Bytes";
    tab_shield = "Keys and limits";
    server_view_intro = "These are the exact bytes between you and the relay. It cannot open an envelope.";
    server_view_empty = "Nothing was sent yet.";
    bytes_out = "Sent";
    bytes_in = "Received";
    byte_count = "{n} B";
    totals = "{sent} sent, {received} received";
    show_hex = "Hex";
    show_base64 = "Base64";
    bytes_as = "Show bytes as";
    beginner = "Explain";
    on_the_wire = "On the network";
    at_relay = "At the relay";
    layer_label = "Look at it";
    your_message_in_here = "Your message is in here";
    their_message_in_here = "A message is in here";
    frame_look = "Asks whether the room is open";
    frame_join = "Proves that it knows the room's name, without saying it";
    frame_publish = "A sealed envelope for everybody inside";
    frame_leave = "Says that you left";
    frame_ping = "Checks that the line is alive";
    frame_looked = "Says how many people are inside";
    frame_joined = "Your seat in the room";
    frame_delivered = "A sealed envelope from somebody inside";
    frame_accepted = "The relay took your envelope";
    frame_member = "Somebody's seat changed";
    frame_handshake = "Agrees on the tunnel's keys";
    handshake = "Handshake";
    copy_bytes = "Copy these bytes";
    frame_other = "Runs the connection";
    relay_knows = "It can see";
    relay_knows_1 = "that this room's address exists: {address}";
    relay_knows_2 = "your network address, as every website does";
    relay_knows_3 = "when something is sent, and its padded size";
    relay_blind = "It cannot see";
    relay_blind_1 = "the room's name or its link";
    relay_blind_2 = "anybody's name";
    relay_blind_3 = "what is written, or who wrote it to whom";

    shield_title = "How this room is protected";
    shield_good = "All checks pass";
    shield_doubt = "Something needs your eye";
    check_secure = "This page came over a protected connection.";
    check_insecure = "This page has no https: somebody on the network could change the app.";
    check_pinned = "The relay's key is the one your link named.";
    check_first_use = "The relay's key was seen for the first time. Compare it with what the host published.";
    check_verified = "Every message shown was verified.";
    check_unverified = "Some messages could not be verified. They are not shown.";
    check_strong = "The room's name is hard to guess.";
    check_guessable = "The room's name is easy to guess, so others may be reading.";
    explain_title = "In plain words";
    explain_1 = "The room's name becomes a key on your device. The name itself never leaves it.";
    explain_2 = "Each message is sealed with that key and one that only you have, then signed.";
    explain_3 = "The relay passes sealed envelopes on. It holds no key that opens them.";
    explain_secret = "Keys move forward with every message, so what was said earlier stays shut.";
    explain_open = "Newcomers may read the last {n} messages, so anyone who learns the name can too.";
    diagram_label = "You seal a message; the relay passes it on unopened; the people in the room open it";
    diagram_you = "You";
    diagram_relay = "Relay";
    diagram_them = "People inside";
    diagram_seal = "seal";
    diagram_open = "open";
    diagram_pass = "passes it on, closed";
    compare_title = "Are we in the same room?";
    compare_text = "Ask by phone: \"Do you see {faces}?\" If everybody sees the same four, everybody has the same key.";
    limits_title = "What we can't protect";
    limit_people = "People in the room can copy what you write.";
    limit_name = "Whoever learns the room's name can come in.";
    limit_traffic = "The relay sees that you are connected, when, and roughly how much.";
    limit_device = "A phone or computer with spyware reads along before anything is sealed.";
    limit_app = "Whoever runs this relay also sends you this app. Compare the version if that worries you.";
    numbers_title = "Keys and numbers";
    number_relay_key = "Relay key";
    number_stretch = "Key making";
    number_stretch_value = "PBKDF2-HMAC-SHA-512, 600,000 rounds, {t} here";
    number_message = "Messages";
    number_message_value = "AES-256-GCM twice (Cobblestone-256 outside), Ed25519 signatures";
    number_tunnel = "Tunnel";
    number_tunnel_value = "RSA-3072 and X25519, AES-256-GCM";
    number_address = "Room address";
    number_version = "Version";

    end_left = "You left";
    end_left_text = "Nothing of this room is left in this tab once you forget it.";
    end_expired = "Time's up";
    end_expired_text = "The room closed at {t}. Messages are gone from the relay; people may have copies.";
    end_purged = "The room was closed";
    end_purged_text = "Somebody closed it for everybody at {t}. The relay's copy is gone; screenshots are not.";
    end_removed = "You were removed";
    end_removed_text = "Somebody in the room took you off its list. It does not change the name they know, and other rooms are still open to you.";
    end_replaced = "This room is open in another tab";
    end_replaced_text = "One seat, one tab. Go on there, or take the seat back here.";
    end_full = "The room is full";
    end_full_text = "Try again when somebody has left.";
    end_locked = "This room is locked";
    end_locked_text = "Ask somebody inside to unlock it, then try again.";
    end_closed = "This room is closed";
    end_closed_text = "It cannot be opened again under this name for a while. Choose another name.";
    end_relay_full = "The relay is busy";
    end_relay_full_text = "It has as many rooms or people as it can hold. Try again in a minute.";
    end_disputed = "The relay and the room disagree";
    end_disputed_text = "The relay says one thing about what newcomers may read, the people inside say another. To be safe, you were not let in.";
    end_other = "The room is closed to you";
    rejoin = "Rejoin";
    take_seat = "Use it here";
    try_again = "Try again";
    forget = "Forget this room";
    forgotten = "Forgotten. This tab knows nothing about the room any more.";
    new_room = "Open a new room";

    link_incomplete = "This link lost its room name";
    link_incomplete_text = "Some apps cut links. Paste the whole link, or type the room's words.";
    link_rewritten = "This link was rewritten on the way";
    link_rewritten_text = "Some program changed the # in the link, so the relay may have been sent the room's name. For anything private, agree on a fresh room.";
    join_anyway = "Join anyway";
    fresh_room = "Open a fresh room";
    link_other = "This link belongs to another relay";
    link_other_text = "It leads to {host}. Open it there: rooms of the same name on two relays are two rooms.";
    link_newer = "Update needed";
    link_newer_text = "This link is of a kind that this version does not know. Reload the page; if that does not help, the relay needs an update.";
    reload = "Reload";

    key_changed = "Stop: this server is not the one you met before";
    key_changed_text = "Its key is not the one your link names. Either the host made a new key, or somebody stands in between.";
    key_expected = "Expected";
    key_found = "Found";
    trust_new = "Trust the new key";
    trust_hint = "If the host confirmed the new key to you, type its first 8 characters";
    relay_old = "The relay is too old for this page";
    relay_old_text = "It speaks an earlier version. Ask whoever runs it to update.";
    relay_new = "There is a newer version";
    relay_new_text = "The relay speaks a newer version than this page. Reload to get it.";
    unreachable = "Can't reach the relay";
    unreachable_text = "The page came, but {host} does not answer any more. Check your connection; the relay may also be restarting.";
    browser_blocked = "Your browser stopped part of the app";
    browser_blocked_text = "Without it no key can be made. In Tor Browser, set the security level to Standard for this site. What failed: {what}";
}

#[cfg(test)]
mod tests {
    use super::{count, fill};

    #[test]
    fn gaps_are_filled_where_they_stand() {
        assert_eq!(
            fill("{a} and {b}, {a}", &[("a", "x"), ("b", "y")]),
            "x and y, x"
        );
    }

    #[test]
    fn a_gap_without_a_value_and_a_lone_brace_stay() {
        assert_eq!(fill("{a} {b", &[]), "{a} {b");
    }

    #[test]
    fn a_value_that_looks_like_a_gap_is_not_filled_again() {
        assert_eq!(fill("{a}", &[("a", "{b}"), ("b", "no")]), "{b}");
    }

    #[test]
    fn one_thing_is_counted_in_the_singular() {
        assert_eq!(count(1, "one", "{n} many"), "one");
        assert_eq!(count(0, "one", "{n} many"), "0 many");
    }
}
