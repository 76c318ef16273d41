//! The whole terminal: the log, who is here, a place to write.

mod view;

use std::io::stdout;

use client::{Event, Person, Status};
use crossterm::event::{
    DisableBracketedPaste, EnableBracketedPaste, Event as Input, EventStream, KeyCode, KeyEvent,
    KeyEventKind, KeyModifiers,
};
use crossterm::execute;
use futures_util::StreamExt as _;
use jiff::tz::TimeZone;
use ratatui::DefaultTerminal;
use ratatui_textarea::{DataCursor, TextArea};
use sdk::Member;

use super::{Outcome, Speaker, ended};
use crate::exit::{Exit, Failure};
use crate::lines::{Line, Scribe};
use crate::output::wall;
use crate::safe;
use crate::send::Delivery;

/// Lines that are kept to scroll back to.
const KEPT: usize = 5_000;

/// What is on the screen.
struct Screen<'a> {
    /// The four emoji that all members of a room see, in words where the terminal is narrow.
    face: String,
    log: Vec<Line>,
    people: Vec<Person>,
    status: Status,
    input: TextArea<'a>,
    /// Rows scrolled up from the end of the log.
    back: usize,
}

pub(super) async fn run(member: Member, face: String) -> Result<(), Failure> {
    let mut terminal = ratatui::try_init().map_err(|error| {
        Failure::new(
            Exit::Failed,
            format!("this terminal cannot show a screen ({error}); try --plain"),
        )
    })?;
    // Without it a pasted text of several lines would be sent line by line.
    execute!(stdout(), EnableBracketedPaste).ok();
    let ended = converse(&mut terminal, member, face).await;
    execute!(stdout(), DisableBracketedPaste).ok();
    ratatui::restore();
    ended
}

async fn converse(
    terminal: &mut DefaultTerminal,
    mut member: Member,
    face: String,
) -> Result<(), Failure> {
    let mut scribe = Scribe::new(TimeZone::system());
    let (mut speaker, mut delivery) = (Speaker::new(), Delivery::default());
    let mut keys = EventStream::new();
    let mut screen = Screen::new(face);
    let mut leaving = false;
    loop {
        terminal
            .draw(|frame| view::draw(frame, &screen))
            .map_err(Failure::output)?;
        tokio::select! {
            event = member.next() => {
                let Some(event) = event else { return Ok(()) };
                speaker.hear(&event);
                delivery.hear(&event);
                if let Event::Status(status) = &event {
                    screen.status = status.clone();
                }
                if changes_people(&event) {
                    screen.people = member.drive(|session, _, _| session.people()).await.unwrap_or_default();
                }
                if let Some(line) = scribe.line(&event, wall()) {
                    screen.show(line);
                }
                if let Some(ended) = ended(&event) {
                    return ended;
                }
            }
            input = keys.next() => match input {
                Some(Ok(input)) => match screen.take(input) {
                    Wish::Nothing => {}
                    Wish::Leave => leaving = true,
                    Wish::Line(line) => match speaker.typed(&line, &member).await {
                        Outcome::Leave => leaving = true,
                        Outcome::Posted(local) => delivery.expect(local),
                        Outcome::Shown(lines) => lines.into_iter().for_each(|line| screen.show(line)),
                    },
                },
                // The terminal has gone away.
                Some(Err(_)) | None => leaving = true,
            },
        }
        if leaving && delivery.is_settled() {
            member.leave().await;
            return delivery.result();
        }
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
            log: Vec::new(),
            people: Vec::new(),
            status: Status::Connecting { attempt: 1 },
            input,
            back: 0,
        }
    }

    fn show(&mut self, line: Line) {
        if self.log.len() == KEPT {
            self.log.remove(0);
        }
        self.log.push(line);
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
