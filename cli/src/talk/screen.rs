//! The whole terminal: the log, who is here, a place to write.

mod view;

use std::collections::VecDeque;
use std::io::stdout;
use std::time::Duration;

use client::{Event, Message, Person, Status};
use crossterm::event::{
    DisableBracketedPaste, EnableBracketedPaste, Event as Input, EventStream, KeyCode, KeyEvent,
    KeyEventKind, KeyModifiers,
};
use crossterm::execute;
use futures_util::StreamExt as _;
use ratatui::DefaultTerminal;
use ratatui_textarea::{DataCursor, TextArea};
use sdk::Member;
use tokio::time::Instant;

use super::plain::warning;
use super::speaker::told;
use super::{Outcome, Speaker, at, ended};
use crate::exit::{Exit, Failure};
use crate::lines::{Line, Scribe};
use crate::output::wall;
use crate::safe;
use crate::send::Delivery;

/// Lines that are kept to scroll back to.
const KEPT: usize = 5_000;
/// Characters in them, roughly: one message can be as long as a book's chapter.
const KEPT_BYTES: usize = 16 << 20;
/// A screen shows minutes: it is drawn anew at least this often.
const MINUTE: Duration = Duration::from_secs(60);

/// A line, and what it was made of where that can be shown in another way.
struct Entry {
    line: Line,
    message: Option<Box<Message>>,
}

/// What is on the screen.
struct Screen<'a> {
    /// The four emoji that all members of a room see, in words where the terminal is narrow.
    face: String,
    log: VecDeque<Entry>,
    bytes: usize,
    people: Vec<Person>,
    status: Status,
    input: TextArea<'a>,
    /// Rows scrolled up from the end of the log.
    back: usize,
    locked: bool,
    /// What is left of the room's time.
    closes_in: Option<Duration>,
    /// Whom alone the next words are for.
    scope: Option<String>,
    /// How far the file that moves is.
    progress: Option<String>,
}

pub(super) async fn run(member: Member, scribe: Scribe, speaker: Speaker) -> Result<(), Failure> {
    let mut terminal = ratatui::try_init().map_err(|error| {
        Failure::new(
            Exit::Failed,
            format!("this terminal cannot show a screen ({error}); try --plain"),
        )
    })?;
    // Without it a pasted text of several lines would be sent line by line.
    execute!(stdout(), EnableBracketedPaste).ok();
    let ended = converse(&mut terminal, member, scribe, speaker).await;
    execute!(stdout(), DisableBracketedPaste).ok();
    ratatui::restore();
    ended
}

async fn converse(
    terminal: &mut DefaultTerminal,
    mut member: Member,
    mut scribe: Scribe,
    mut speaker: Speaker,
) -> Result<(), Failure> {
    let mut delivery = Delivery::default();
    let mut keys = EventStream::new();
    let mut screen = Screen::new(speaker.face.clone());
    let mut leaving = false;
    loop {
        screen.closes_in = speaker.lifetime.left(Instant::now());
        screen.scope = speaker.scope().map(str::to_owned);
        screen.progress = speaker.desk.progress().map(str::to_owned);
        terminal
            .draw(|frame| view::draw(frame, &screen))
            .map_err(Failure::output)?;
        tokio::select! {
            event = member.next() => {
                let Some(event) = event else { return Ok(()) };
                let more = speaker.hear(&event, &member).await;
                delivery.hear(&event);
                match &event {
                    Event::Status(status) => screen.status = status.clone(),
                    Event::RoomChanged { locked, .. } => screen.locked = *locked,
                    _ => {}
                }
                if changes_people(&event) {
                    screen.people = member.drive(|session, _, _| {
                        let mut people = session.people();
                        people.insert(0, session.me());
                        people
                    }).await.unwrap_or_default();
                }
                let before = scribe.filters();
                if let Some(line) = scribe.line(&event, wall()) {
                    screen.keep(line, message_of(event.clone()));
                }
                if scribe.filters() != before {
                    screen.rewrite(&scribe);
                }
                more.into_iter().for_each(|line| screen.show(line));
                if let Some(ended) = ended(&event) {
                    return ended;
                }
            }
            input = keys.next() => match input {
                Some(Ok(input)) => match screen.take(input) {
                    Wish::Nothing => {}
                    Wish::Leave => leaving = true,
                    Wish::Line(line) => match speaker.typed(&line, &member, scribe.filters()).await {
                        Outcome::Leave => leaving = true,
                        Outcome::Posted(local) => delivery.expect(local),
                        Outcome::Shown(lines) => lines.into_iter().for_each(|line| screen.show(line)),
                        Outcome::Filters(filters) => {
                            scribe.choose(filters);
                            screen.rewrite(&scribe);
                            screen.show(told(&filters));
                        }
                    },
                },
                // The terminal has gone away.
                Some(Err(_)) | None => leaving = true,
            },
            () = at(speaker.lifetime.due()) => {
                if let Some(sentence) = speaker.lifetime.warn(Instant::now()) {
                    screen.show(warning(sentence));
                }
            }
            () = tokio::time::sleep(MINUTE) => {}
        }
        if speaker.has_moved() {
            let (next, there) = speaker.moved();
            speaker = next;
            if let Some(there) = there {
                std::mem::replace(&mut member, there).leave().await;
                scribe.moved();
                delivery = Delivery::default();
                screen.face.clone_from(&speaker.face);
            }
        }
        if leaving && delivery.is_settled() {
            member.leave().await;
            return delivery.result();
        }
    }
}

/// The message that a line was made of.
fn message_of(event: Event) -> Option<Box<Message>> {
    match event {
        Event::Said(message) | Event::Composed(message) => Some(Box::new(message)),
        _ => None,
    }
}

fn changes_people(event: &Event) -> bool {
    matches!(
        event,
        Event::CaughtUp
            | Event::PersonArrived(_)
            | Event::PersonChanged { .. }
            | Event::PersonAway(_)
            | Event::PersonReturned(_)
            | Event::PersonLeft(_)
    )
}

/// What a key leads to.
#[derive(Debug, PartialEq, Eq)]
enum Wish {
    Nothing,
    Line(String),
    Leave,
}

impl Screen<'_> {
    fn new(face: String) -> Self {
        let mut input = TextArea::default();
        input.set_placeholder_text("Write… (/help)");
        Self {
            face,
            log: VecDeque::new(),
            bytes: 0,
            people: Vec::new(),
            status: Status::Connecting { attempt: 1 },
            input,
            back: 0,
            locked: false,
            closes_in: None,
            scope: None,
            progress: None,
        }
    }

    fn show(&mut self, line: Line) {
        self.keep(line, None);
    }

    fn keep(&mut self, line: Line, message: Option<Box<Message>>) {
        self.bytes += line.text.len();
        // What came late stands where its author said it.
        let late = message.as_ref().and_then(|message| message.late.as_ref());
        let place = late.and_then(|late| {
            let is_next = |entry: &Entry| {
                let shown = entry.message.as_ref();
                shown.is_some_and(|shown| shown.id == Some(late.before))
            };
            self.log.iter().rposition(is_next)
        });
        let entry = Entry { line, message };
        self.log.insert(place.unwrap_or(self.log.len()), entry);
        while self.log.len() > KEPT || self.bytes > KEPT_BYTES {
            let Some(oldest) = self.log.pop_front() else {
                break;
            };
            self.bytes -= oldest.line.text.len();
        }
    }

    /// Shows everything that was said as the filters of this moment have it.
    fn rewrite(&mut self, scribe: &Scribe) {
        for entry in &mut self.log {
            if let Some(message) = &entry.message {
                entry.line = scribe.message(message);
            }
        }
        self.bytes = self.log.iter().map(|entry| entry.line.text.len()).sum();
    }

    fn take(&mut self, input: Input) -> Wish {
        match input {
            Input::Key(key) if key.kind != KeyEventKind::Release => self.key(key),
            Input::Paste(text) => {
                self.input.insert_str(text.replace('\r', "\n"));
                Wish::Nothing
            }
            _ => Wish::Nothing,
        }
    }

    fn key(&mut self, key: KeyEvent) -> Wish {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('c' | 'd') if control => return Wish::Leave,
            // Terminals cannot all tell Shift+Enter from Enter; Alt+Enter they can.
            KeyCode::Enter
                if key
                    .modifiers
                    .intersects(KeyModifiers::ALT | KeyModifiers::SHIFT) =>
            {
                self.input.insert_newline()
            }
            KeyCode::Enter => {
                let line = std::mem::take(&mut self.input).into_lines().join("\n");
                self.input.set_placeholder_text("Write… (/help)");
                self.back = 0;
                return Wish::Line(line);
            }
            KeyCode::Tab => self.complete(),
            KeyCode::PageUp => self.back = self.back.saturating_add(10),
            KeyCode::PageDown => self.back = self.back.saturating_sub(10),
            KeyCode::End if control => self.back = 0,
            _ => {
                self.input.input(key);
            }
        }
        Wish::Nothing
    }

    /// Completes the name before the cursor.
    fn complete(&mut self) {
        let DataCursor(row, column) = self.input.cursor();
        let Some(line) = self.input.lines().get(row) else {
            return;
        };
        let before: String = line.chars().take(column).collect();
        let start = before
            .rsplit([' ', '@'])
            .next()
            .unwrap_or_default()
            .to_lowercase();
        if start.is_empty() {
            return;
        }
        let names = self
            .people
            .iter()
            .filter(|person| !person.me)
            .map(|person| safe::name(&person.name).replace(' ', "_"));
        let mut found = names.filter(|name| name.to_lowercase().starts_with(&start));
        if let (Some(name), None) = (found.next(), found.next()) {
            for _ in start.chars() {
                self.input.delete_char();
            }
            self.input.insert_str(format!("{name} "));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::Kind;
    use crypto::identity::Tag;
    use crypto::wire::SenderId;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;
    use std::time::Duration;

    fn person(name: &str) -> Person {
        let sid = SenderId([7; 16]);
        Person {
            sid,
            name: name.to_owned(),
            tag: Tag::of(&sid),
            bot: None,
            me: false,
            joined_at: Duration::ZERO,
            away: false,
        }
    }

    fn drawn(screen: &Screen<'_>, width: u16, height: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| view::draw(frame, screen)).unwrap();
        terminal.backend().to_string()
    }

    fn press(screen: &mut Screen<'_>, code: KeyCode) -> Wish {
        screen.take(Input::Key(KeyEvent::new(code, KeyModifiers::NONE)))
    }

    fn talking() -> Screen<'static> {
        let mut screen = Screen::new("🐢 🌋 🎺 🧵".to_owned());
        screen.status = Status::Online;
        screen.people = vec![person("Quiet Otter")];
        for number in 0..50 {
            screen.show(Line {
                kind: Kind::Said,
                text: format!(
                    "[12:00:00 - Quiet Otter·abcd]: line {number} {}",
                    "word ".repeat(12)
                ),
            });
        }
        screen
    }

    #[test]
    fn the_last_line_and_the_people_are_on_the_screen() {
        let shown = drawn(&talking(), 80, 24);
        assert!(
            shown.contains("line 49") && shown.contains("Quiet Otter"),
            "{shown}"
        );
        assert!(!shown.contains("line 0 "), "{shown}");
    }

    #[test]
    fn twenty_columns_and_hardly_any_rows_are_enough() {
        let screen = talking();
        for (width, height) in [(20, 10), (20, 3), (5, 2), (1, 1)] {
            let shown = drawn(&screen, width, height);
            assert!(
                width < 20 || height < 10 || shown.contains("word"),
                "{shown}"
            );
        }
    }

    #[test]
    fn page_up_goes_back_and_the_oldest_line_is_where_it_ends() {
        let mut screen = talking();
        for _ in 0..100 {
            press(&mut screen, KeyCode::PageUp);
        }
        assert!(drawn(&screen, 80, 24).contains("line 0 "));
        press(&mut screen, KeyCode::Enter);
        assert!(drawn(&screen, 80, 24).contains("line 49"));
    }

    #[test]
    fn enter_sends_alt_enter_does_not_and_a_paste_stays_one_message() {
        let mut screen = Screen::new(String::new());
        screen.take(Input::Paste("two\r\nlines".replace("\r\n", "\r")));
        screen.take(Input::Key(KeyEvent::new(KeyCode::Enter, KeyModifiers::ALT)));
        press(&mut screen, KeyCode::Char('x'));
        assert_eq!(
            press(&mut screen, KeyCode::Enter),
            Wish::Line("two\nlines\nx".to_owned())
        );
        assert_eq!(
            press(&mut screen, KeyCode::Enter),
            Wish::Line(String::new())
        );
    }

    #[test]
    fn tab_completes_a_name_that_only_one_person_has() {
        let mut screen = talking();
        for c in "/w qui".chars() {
            press(&mut screen, KeyCode::Char(c));
        }
        press(&mut screen, KeyCode::Tab);
        assert_eq!(
            press(&mut screen, KeyCode::Enter),
            Wish::Line("/w Quiet_Otter ".to_owned())
        );
    }

    #[test]
    fn the_screen_says_whom_words_are_for_when_the_room_closes_and_how_far_a_file_is() {
        let mut screen = talking();
        screen.scope = Some("Ada·abcd".to_owned());
        screen.closes_in = Some(Duration::from_secs(260));
        screen.progress = Some("↓ plan.pdf 43 % of 12 MB, 1.2 MB/s".to_owned());
        screen.locked = true;
        let shown = drawn(&screen, 100, 24);
        for part in [
            "to Ada·abcd alone",
            "closes in 5 min",
            "plan.pdf 43 %",
            "locked",
        ] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        assert!(drawn(&screen, 20, 10).contains("connected"));
    }

    #[test]
    fn a_filter_changes_what_is_on_the_screen_already() {
        let sid = SenderId([7; 16]);
        let said = Message {
            id: None,
            local: None,
            from: sid,
            name: "Ada".to_owned(),
            tag: Tag::of(&sid),
            mine: false,
            to: None,
            seq: None,
            sent_at: Duration::ZERO,
            received_at: Duration::ZERO,
            body: client::Body::text("see https://example.org/secret".to_owned()),
            replayed: false,
            late: None,
        };
        let chosen = crate::args::FilterArguments {
            links: None,
            special: None,
        };
        let mut scribe = Scribe::new(jiff::tz::TimeZone::UTC, chosen);
        let mut screen = Screen::new(String::new());
        screen.keep(scribe.message(&said), Some(Box::new(said)));
        assert!(drawn(&screen, 120, 24).contains("example.org/secret"));
        let hide = text::Filters {
            links: text::FilterState::Hide,
            ..scribe.filters()
        };
        // What the room suggests counts until the person chooses.
        let order = client::Ordered::Filters(vec![hide.to_byte()]);
        let by = client::By {
            sid,
            name: "Ada".to_owned(),
            tag: Tag::of(&sid),
            me: false,
        };
        let suggested = Event::Ordered {
            by,
            at: Duration::ZERO,
            order,
            replayed: true,
        };
        scribe.line(&suggested, Duration::ZERO);
        screen.rewrite(&scribe);
        assert!(drawn(&screen, 120, 24).contains("blocked because of a filter"));
        scribe.choose(text::Filters {
            links: text::FilterState::Neutralise,
            ..hide
        });
        scribe.line(&suggested, Duration::ZERO);
        screen.rewrite(&scribe);
        let shown = drawn(&screen, 120, 24);
        assert!(
            shown.contains("see example.org") && !shown.contains("https"),
            "{shown}"
        );
    }

    #[test]
    fn no_part_of_a_long_message_begins_where_lines_begin() {
        let mut screen = Screen::new(String::new());
        screen.show(Line {
            kind: Kind::Said,
            text: format!(
                "[12:00:00 - Eve·abcd]: {}",
                "[12:00:01 - Ada·k7qf]: I agree ".repeat(9)
            ),
        });
        for width in [20, 40, 60, 120] {
            let shown = drawn(&screen, width, 24);
            let begun = shown.lines().filter(|row| row.starts_with("\"["));
            assert_eq!(begun.count(), 1, "{shown}");
        }
    }

    #[test]
    fn a_name_that_commands_terminals_draws_nothing_strange() {
        let mut screen = talking();
        screen.people = vec![person("\u{1b}[2J\u{202e}evil")];
        let shown = drawn(&screen, 80, 24);
        assert!(
            shown
                .chars()
                .all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'),
            "{shown:?}"
        );
    }
}
